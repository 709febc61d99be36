//! Sheets with initial credentials: ordered, watched, fetched once; who holds what, and what was handed
//! over.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

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
use crate::store::sheets::{self as store, SheetOrder, SheetRow, Unregistered};
use crate::wire::{BoardRow, Credential, HandOver, HandedOver, Kind, Sheet, SheetNew, SheetState};

/// Orders a sheet: those are written down now who have not registered, the credentials are made by a
/// worker.
pub async fn issue(turn: &Turn, new: SheetNew) -> Result<Sheet> {
    let permit = turn.allow(Act::SheetIssue)?;
    let classes = class_names(turn.db()).await?;
    let people = chosen(turn, &new, &classes).await?;
    if people.is_empty() {
        return Err(Problem::refused("people.nobody-to-print"));
    }
    if people.len() > MOST_CARDS {
        return Err(Problem::refused("people.too-many-cards"));
    }
    let order = SheetOrder {
        id: turn.id(),
        class: new.class_id,
        who: new.who,
        language: new.language,
        people: in_print_order(people, &classes),
        by: turn.who().profile,
        now: turn.now(),
    };
    store::add(turn.db(), &permit, &order).await?;
    turn.enqueue(jobs::ISSUE_SHEET, jobs::payload(order.id)).await?;
    turn.about(order.id.0, json!({ "cards": order.people.len() }));
    turn.say(Topic::Sheets, Some(order.id.0));
    read(turn, order.id).await
}

async fn chosen(turn: &Turn, new: &SheetNew, classes: &HashMap<ClassId, ClassName>) -> Result<Vec<Unregistered>> {
    match (new.class_id, &new.profile_ids) {
        (Some(_), Some(_)) => Err(Problem::field("profile_ids", "class-or-people")),
        (Some(class), None) if !classes.contains_key(&class) => Err(Problem::field("class_id", "unknown")),
        (Some(class), None) => store::unregistered_of(turn.db(), new.who, class).await,
        (None, Some(ids)) => {
            known(turn, ids).await?;
            store::unregistered_among(turn.db(), new.who, ids).await
        }
        (None, None) => store::unregistered(turn.db(), new.who).await,
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

/// Staff, then class by class students and guardians, each by name.
fn in_print_order(mut people: Vec<Unregistered>, classes: &HashMap<ClassId, ClassName>) -> Vec<ProfileId> {
    let order = NameOrder::default();
    let name = |p: &Unregistered| full_name(&p.surname, &p.given_name, p.patronymic.as_deref());
    let class = |p: &Unregistered| p.class_id.and_then(|id| classes.get(&id));
    people.sort_by(|a, b| {
        a.kind
            .cmp(&b.kind)
            .then_with(|| by_class(&order, class(a), class(b)))
            .then_with(|| order.compare(&name(a), &name(b)))
    });
    people.into_iter().map(|p| p.id).collect()
}

/// Classes by grade, then by letter; none comes first.
fn by_class(order: &NameOrder, a: Option<&ClassName>, b: Option<&ClassName>) -> Ordering {
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

/// How far each class and the staff are, staff first.
pub async fn board(turn: &Turn) -> Result<Vec<BoardRow>> {
    turn.allow(Act::CredentialBoard)?;
    let classes = class_names(turn.db()).await?;
    let mut rows: BTreeMap<(Option<ClassId>, Kind), BoardRow> = BTreeMap::new();
    for standing in store::standings(turn.db(), turn.now()).await? {
        let row = rows.entry((standing.class_id, standing.kind)).or_insert_with(|| BoardRow {
            class_id: standing.class_id,
            class_name: standing.class_id.and_then(|id| classes.get(&id)).map(ClassName::name),
            kind: standing.kind,
            total: 0,
            none: 0,
            issued: 0,
            printed: 0,
            handed_over: 0,
            activated: 0,
        });
        let people = u32::try_from(standing.people).unwrap_or(u32::MAX);
        row.total += people;
        match standing.credential {
            Credential::None | Credential::Expired | Credential::Revoked => row.none += people,
            Credential::Issued => row.issued += people,
            Credential::Printed => row.printed += people,
            Credential::HandedOver => row.handed_over += people,
            Credential::Activated => row.activated += people,
        }
    }
    let order = NameOrder::default();
    let mut rows: Vec<BoardRow> = rows.into_values().collect();
    let class = |row: &BoardRow| row.class_id.and_then(|id| classes.get(&id));
    rows.sort_by(|a, b| by_class(&order, class(a), class(b)).then_with(|| a.kind.cmp(&b.kind)));
    Ok(rows)
}

/// Records that people hold their credential: an administrator of anybody, a class teacher of the class.
pub async fn hand_over(turn: &Turn, to: HandOver) -> Result<HandedOver> {
    let distinct: std::collections::HashSet<ProfileId> = to.profile_ids.iter().copied().collect();
    if distinct.len() > MOST_CARDS {
        return Err(Problem::field("profile_ids", "too-long"));
    }
    let classes = class_names(turn.db()).await?;
    let led: Vec<ClassId> =
        classes.values().filter(|c| c.homeroom_id == Some(turn.who().profile)).map(|c| c.id).collect();
    let recipients = store::recipients(turn.db(), &to.profile_ids, &led).await?;
    if recipients.len() != distinct.len() {
        return Err(Problem::not_found());
    }
    let permits: Result<Vec<_>> = recipients.into_iter().map(|r| turn.permit(Act::HandOver, r)).collect();
    let rows = store::hand_over(turn.db(), &permits?, (turn.who().profile, turn.now())).await?;
    if let [one] = to.profile_ids.as_slice() {
        turn.about(one.0, json!({ "cards": rows }));
    }
    turn.say(Topic::People, None);
    Ok(HandedOver { handed_over: u32::try_from(rows).unwrap_or(u32::MAX) })
}
