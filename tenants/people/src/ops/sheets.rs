//! Sheets with initial credentials, on paper or as letters: ordered, watched, fetched once; the school's own
//! words on cards.

use std::cmp::Ordering;
use std::collections::HashMap;

use kd_cache::Topic;
use kd_ctx::{FutureExt as _, Look, Turn};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::names::{NameOrder, full_name};
use kd_kernel::{Act, ClassId, Problem, ProfileId, Result, SheetId};
use kd_press::MOST_CARDS;
use poem::http::StatusCode;
use serde_json::json;

use crate::jobs;
use crate::members::{ClassName, class_names};
use crate::rules;
use crate::store::sheets::{self as store, SheetOrder, SheetRow, Unregistered};
use crate::wire::{Heading, HeadingEdit, Letters, Medium, Sheet, SheetNew, SheetState};

/// Orders a sheet: those are written down now who have not registered, the credentials are made by a
/// worker.
pub async fn issue(turn: &Turn, new: SheetNew) -> Result<Sheet> {
    let permit = turn.allow(Act::SheetIssue)?;
    let classes = class_names(turn.db()).await?;
    let people = chosen(turn, &new, &classes).await?;
    if people.is_empty() {
        return Err(Problem::refused("people.nobody-to-print"));
    }
    let order = order(turn, &new, Medium::Paper, in_print_order(people, (&classes, new.class_id)))?;
    store::add(turn.db(), &permit, &order).await?;
    turn.enqueue(jobs::ISSUE_SHEET, jobs::payload(order.id)).await?;
    said(turn, &order, Act::SheetIssue).await
}

/// Orders letters: as a sheet, to those of the selection who have an address.
pub async fn letters(turn: &Turn, new: SheetNew) -> Result<Letters> {
    let permit = turn.allow(Act::CredentialMail)?;
    let classes = class_names(turn.db()).await?;
    let people = chosen(turn, &new, &classes).await?;
    let all = people.len();
    let reached: Vec<Unregistered> = people.into_iter().filter(|person| person.email.is_some()).collect();
    if reached.is_empty() {
        return Err(Problem::refused("people.nobody-to-write"));
    }
    let without_address = u32::try_from(all - reached.len()).unwrap_or(u32::MAX);
    let order = order(turn, &new, Medium::Letter, in_print_order(reached, (&classes, new.class_id)))?;
    store::add(turn.db(), &permit, &order).await?;
    turn.enqueue(jobs::WRITE_LETTERS, jobs::payload(order.id)).await?;
    Ok(Letters { sheet: said(turn, &order, Act::CredentialMail).await?, without_address })
}

fn order(turn: &Turn, new: &SheetNew, medium: Medium, people: Vec<ProfileId>) -> Result<SheetOrder> {
    if people.len() > MOST_CARDS {
        return Err(Problem::refused("people.too-many-cards"));
    }
    Ok(SheetOrder {
        id: turn.id(),
        class: new.class_id,
        grade: new.grade,
        medium,
        who: new.who,
        language: new.language,
        people,
        by: turn.who().profile,
        now: turn.now(),
    })
}

/// Says that a sheet was ordered, and shows it.
async fn said(turn: &Turn, order: &SheetOrder, act: Act) -> Result<Sheet> {
    turn.about(order.id.0, json!({ "medium": order.medium, "who": order.who, "cards": order.people.len() }));
    turn.say(Topic::Sheets, Some(order.id.0));
    let row = store::find(turn.db(), order.id).await?.ok_or_else(Problem::not_found)?;
    let row = turn.permit(act, row)?.into_thing();
    Ok(shown(turn, row, &class_names(turn.db()).await?))
}

async fn chosen(turn: &Turn, new: &SheetNew, classes: &HashMap<ClassId, ClassName>) -> Result<Vec<Unregistered>> {
    match (new.class_id, new.grade, &new.profile_ids) {
        (Some(class), None, None) if !classes.contains_key(&class) => Err(Problem::field("class_id", "unknown")),
        (Some(class), None, None) => store::unregistered_of(turn.db(), new.who, &[class]).await,
        (None, Some(grade), None) => {
            let parallel: Vec<ClassId> = classes.values().filter(|c| c.grade == grade).map(|c| c.id).collect();
            if parallel.is_empty() {
                return Err(Problem::field("grade", "unknown"));
            }
            store::unregistered_of(turn.db(), new.who, &parallel).await
        }
        (None, None, Some(ids)) => {
            known(turn, ids).await?;
            store::unregistered_among(turn.db(), new.who, ids).await
        }
        (None, None, None) => store::unregistered(turn.db(), new.who).await,
        (Some(_), Some(_), _) => Err(Problem::field("grade", "class-or-people")),
        (_, _, Some(_)) => Err(Problem::field("profile_ids", "class-or-people")),
    }
}

/// Checks that all of these are people of the school.
async fn known(turn: &Turn, ids: &[ProfileId]) -> Result<()> {
    if ids.len() > MOST_CARDS {
        return Err(Problem::field("profile_ids", "too-long"));
    }
    let distinct: std::collections::HashSet<_> = ids.iter().collect();
    let found = store::known(turn.db(), ids).await?;
    if usize::try_from(found).ok() == Some(distinct.len()) {
        Ok(())
    } else {
        Err(Problem::field("profile_ids", "unknown"))
    }
}

/// The class in whose part of a sheet a person is: the one that the sheet is of, or the first of the
/// person's or the children's.
pub fn part_of(
    person: &Unregistered,
    (classes, only): (&HashMap<ClassId, ClassName>, Option<ClassId>),
) -> Option<ClassId> {
    let order = NameOrder::default();
    let mut own: Vec<&ClassName> = person.classes().iter().filter_map(|id| classes.get(id)).collect();
    own.sort_by(|a, b| by_class(&order, Some(a), Some(b)));
    let of_sheet = own.iter().find(|c| Some(c.id) == only);
    of_sheet.or_else(|| own.first()).map(|c| c.id)
}

/// Staff, then class by class students and guardians, each by name.
fn in_print_order(
    people: Vec<Unregistered>,
    (classes, only): (&HashMap<ClassId, ClassName>, Option<ClassId>),
) -> Vec<ProfileId> {
    let order = NameOrder::default();
    let name = |p: &Unregistered| full_name(&p.surname, &p.given_name, p.patronymic.as_deref());
    let class = |p: &Unregistered| part_of(p, (classes, only)).and_then(|id| classes.get(&id));
    let mut people: Vec<_> = people.into_iter().map(|p| (class(&p), name(&p), p)).collect();
    people.sort_by(|a, b| {
        by_class(&order, a.0, b.0).then_with(|| a.2.kind.cmp(&b.2.kind)).then_with(|| order.compare(&a.1, &b.1))
    });
    people.into_iter().map(|(_, _, p)| p.id).collect()
}

/// Classes by grade, then by letter; none comes first.
pub fn by_class(order: &NameOrder, a: Option<&ClassName>, b: Option<&ClassName>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.grade.cmp(&b.grade).then_with(|| order.compare(&a.letter, &b.letter)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// The newest sheets.
pub async fn list(turn: &Turn) -> Result<Vec<Sheet>> {
    turn.allow(Act::SheetIssue)?;
    let classes = class_names(turn.db()).await?;
    let rows = store::newest(turn.db()).await?;
    Ok(rows.into_iter().map(|row| shown(turn, row, &classes)).collect())
}

/// One sheet.
pub async fn read(turn: &Turn, id: SheetId) -> Result<Sheet> {
    let row = store::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let row = turn.permit(Act::SheetIssue, row)?.into_thing();
    let classes = class_names(turn.db()).await?;
    Ok(shown(turn, row, &classes))
}

fn shown(turn: &Turn, row: SheetRow, classes: &HashMap<ClassId, ClassName>) -> Sheet {
    Sheet {
        id: row.id,
        state: row.state_at(turn.now()),
        done: row.done,
        total: row.total,
        medium: row.medium,
        grade: row.grade,
        class_name: row.class_id.and_then(|id| classes.get(&id)).map(ClassName::name),
        created_at: row.created_at,
        expires_at: row.expires_at,
        error: row.error,
    }
}

/// The paper, once. The sheet is marked as fetched before the file is opened, so two at once cannot both
/// have it; the same Idempotency-Key gets it again as long as the file lies there, which is until it was
/// read.
pub async fn fetch(door: &Portal, key: &IdempotencyKey, id: SheetId) -> Result<Vec<u8>> {
    let run: i32 = door.once(key, "sheet_fetch", &id, |turn| claim(turn, id).boxed()).await?;
    let (house, school) = (door.house(), door.school().id);
    let file = jobs::object(school, id, run)?;
    let sealed = house.blobs.get(&file).await?.ok_or_else(fetched)?;
    let pdf = house.seal.open(&jobs::seal_context(school, id), &sealed)?;
    if let Err(error) = house.blobs.delete(&file).await {
        tracing::warn!(sheet = %id, %error, "a fetched sheet stays until it is swept");
    }
    Ok(pdf)
}

fn fetched() -> Problem {
    Problem::new(StatusCode::GONE, "people.sheet-fetched")
}

async fn claim(turn: &Turn, id: SheetId) -> Result<i32> {
    let row = store::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let sheet = turn.permit(Act::SheetIssue, row)?;
    match sheet.state_at(turn.now()) {
        SheetState::Ready => {}
        SheetState::Fetched => return Err(fetched()),
        SheetState::Expired => return Err(Problem::new(StatusCode::GONE, "people.sheet-expired")),
        SheetState::Mailed => return Err(Problem::conflict("people.sheet-of-letters")),
        SheetState::Queued | SheetState::Running | SheetState::Failed => {
            return Err(Problem::conflict("people.sheet-not-ready"));
        }
    }
    if !store::fetch(turn.db(), &sheet, turn.now()).await? {
        return Err(fetched());
    }
    for student in store::students_among(turn.db(), &sheet.people()).await? {
        turn.looked(student, Look::Sheet);
    }
    turn.about(id.0, json!({ "cards": sheet.total }));
    turn.say(Topic::Sheets, Some(id.0));
    Ok(sheet.run)
}

/// The school's own words on cards.
pub async fn heading(turn: &Turn) -> Result<Heading> {
    turn.allow(Act::SheetIssue)?;
    Ok(match store::heading(turn.db()).await? {
        Some(row) => Heading { version: row.version, ..rules::heading_of(&row.value) },
        None => Heading { kk: None, ru: None, version: 0 },
    })
}

/// Changes the school's own words on cards; sheets that are made from now on have them.
pub async fn heading_put(turn: &Turn, edit: HeadingEdit) -> Result<Heading> {
    let permit = turn.allow(Act::SheetIssue)?;
    let version = edit.version;
    let words = rules::heading(edit.kk.as_deref(), edit.ru.as_deref())?;
    let value = json!({ "kk": words.kk, "ru": words.ru });
    if !store::put_heading(turn.db(), &permit, (value, version), turn.now()).await? {
        return Err(Problem::conflict("people.changed"));
    }
    turn.about(turn.school().id.0, json!({ "setting": "card-heading" }));
    heading(turn).await
}
