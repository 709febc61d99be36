//! People: found, entered, read, changed.

use std::collections::HashMap;

use kd_accounts::restrictions;
use kd_accounts::restrictions_wire::Restriction;
use kd_cache::Topic;
use kd_ctx::{Look, Permit, Turn};
use kd_kernel::names::{full_name, sort_by_name};
use kd_kernel::problem::Conflict;
use kd_kernel::{AccountId, Act, ClassId, Problem, ProfileId, Relations, Result, Roles};
use serde_json::json;

use super::{iin, merges, moves, roles};
use crate::known::names_of;
use crate::members::{ClassName, Enrolment, class_names, enrol};
use crate::ops::handouts::correct;
use crate::rules::{self, Data, Typed};
use crate::store::{self, Asking, Card, LinkRow};
use crate::wire::{Kind, PeopleFound, PeopleSearch, Person, PersonEdit, PersonLink, PersonNew, PersonRow, PersonState};

/// The longest list that is answered at once.
const PAGE: usize = 200;
/// The longest text that is searched for.
const SEARCH: usize = 200;

pub fn asking(turn: &Turn) -> Asking {
    Asking { me: turn.who().profile, now: turn.now() }
}

/// A part of the list of staff, students or guardians, by name.
pub async fn search(turn: &Turn, search: PeopleSearch) -> Result<PeopleFound> {
    turn.allow(Act::PeopleSearch)?;
    let state = search.state.unwrap_or(PersonState::Active);
    if state == PersonState::Archived {
        turn.allow(Act::PersonLeave)?;
    }
    let text = search.text.unwrap_or_default();
    if text.chars().count() > SEARCH {
        return Err(Problem::field("text", "too-long"));
    }
    let found = store::matching(turn.db(), (search.kind, state), search.class_id, rules::patterns(&text)).await?;
    let mut names: Vec<(ProfileId, String)> = found
        .into_iter()
        .map(|row| (row.id, full_name(&row.surname, &row.given_name, row.patronymic.as_deref())))
        .collect();
    sort_by_name(&mut names, |(_, name)| name);
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let offset = usize::try_from(search.offset.unwrap_or(0)).unwrap_or(usize::MAX);
    let limit = search.limit.and_then(|l| usize::try_from(l).ok()).unwrap_or(PAGE).min(PAGE);
    let page: Vec<ProfileId> = names.into_iter().skip(offset).take(limit).map(|(id, _)| id).collect();
    let classes = class_names(turn.db()).await?;
    let mut cards = store::cards(turn.db(), asking(turn), &page).await?;
    correct(turn, &mut cards).await?;
    let mut cards: HashMap<ProfileId, Card> = cards.into_iter().map(|c| (c.id, c)).collect();
    let accounts: Vec<AccountId> = cards.values().filter_map(|card| card.account_id).collect();
    let out = kept_out(turn, &accounts).await?;
    let line = |card: Card| {
        let restricted = card.account_id.filter(|account| out.contains_key(account)).map(|_| true);
        PersonRow { restricted, ..row(card, &classes) }
    };
    let people = page.iter().filter_map(|id| cards.remove(id)).map(line).collect();
    Ok(PeopleFound { count, people })
}

/// The restrictions of those of these accounts whom the provider keeps out, for those who enter people's data:
/// the school is told of each and of its nature (agreement, duties of the provider).
async fn kept_out(turn: &Turn, accounts: &[AccountId]) -> Result<HashMap<AccountId, Restriction>> {
    if accounts.is_empty() || !turn.may(Act::PersonEdit, Relations::none()) {
        return Ok(HashMap::new());
    }
    restrictions::among(turn.house(), accounts).await
}

/// Enters a person.
pub async fn add(turn: &Turn, new: PersonNew) -> Result<Person> {
    let permit = turn.allow(Act::PersonAdd)?;
    let (kind, confirmed) = (new.kind, new.confirm_duplicate.unwrap_or(false));
    let data = Data::parse(kind, Typed::from(new), turn.today())?;
    if kind == Kind::Guardian && data.children.is_none() {
        return Err(Problem::field("children", "required"));
    }
    if !confirmed && store::has_namesake(turn.db(), &data).await? {
        return Err(Problem::conflict("people.duplicate"));
    }
    let has_children = data.children.as_ref().is_some_and(|c| !c.is_empty());
    let roles = rules::roles_after(kind, None, data.roles, has_children);
    if rules::needs_grant(Roles::default(), roles) {
        turn.allow(Act::RoleGrant)?;
        turn.fresh()?;
    }
    let id: ProfileId = turn.id();
    store::add(turn.db(), &permit, (id, kind), &data, asking(turn)).await?;
    iin::put(turn, &permit, id, data.iin.as_deref()).await?;
    put_ties(turn, &permit, id, &data, roles).await?;
    turn.about(id.0, json!({ "to": roles::names(roles) }));
    turn.say(Topic::People, Some(id.0));
    whole(turn, id).await
}

/// A person's card.
pub async fn read(turn: &Turn, id: ProfileId) -> Result<Person> {
    let archive = turn.may(Act::PersonLeave, Relations::none());
    let card = store::card(turn.db(), asking(turn), id).await?;
    let card = card.filter(|c| archive || c.state == PersonState::Active).ok_or_else(Problem::not_found)?;
    let card = turn.permit(Act::PersonSee, card)?.into_thing();
    if card.kind == Kind::Student {
        turn.looked(card.id, Look::Card);
    }
    shown(turn, card).await
}

/// Changes a person's data, roles, children, class.
pub async fn edit(turn: &Turn, id: ProfileId, edit: PersonEdit) -> Result<Person> {
    let card = store::card_to_change(turn.db(), asking(turn), id).await?.ok_or_else(Problem::not_found)?;
    let card = turn.permit(Act::PersonEdit, card)?;
    if card.version != edit.version {
        return Err(changed(turn, &card).await?);
    }
    let data = Data::parse(card.kind, Typed::from(edit), turn.today())?;
    let has_children = match &data.children {
        Some(children) => !children.is_empty(),
        None => !store::children(turn.db(), id).await?.is_empty(),
    };
    let (before, after) = (card.roles(), rules::roles_after(card.kind, Some(card.roles()), data.roles, has_children));
    roles::weigh(turn, &card, after).await?;
    roles::may_readdress(turn, &card, data.email.as_deref())?;
    store::edit(turn.db(), &card, &data, asking(turn)).await?;
    iin::put(turn, &card, id, data.iin.as_deref()).await?;
    put_ties(turn, &card, id, &data, after).await?;
    let changed = before != after;
    turn.about(
        id.0,
        if changed { json!({ "from": roles::names(before), "to": roles::names(after) }) } else { json!({}) },
    );
    turn.say(Topic::People, Some(id.0));
    whole(turn, id).await
}

/// Roles, children and class, as the data say.
async fn put_ties<T>(turn: &Turn, permit: &Permit<T>, id: ProfileId, data: &Data, roles: Roles) -> Result<()> {
    store::put_roles(turn.db(), permit, id, roles, turn.now()).await?;
    if let Some(children) = &data.children {
        let students: Vec<ProfileId> = children.keys().copied().collect();
        if !store::are_students(turn.db(), &students).await? {
            return Err(Problem::field("children", "unknown"));
        }
        store::put_children(turn.db(), permit, id, children, turn.now()).await?;
    }
    let Some(class) = data.class else { return Ok(()) };
    let enrolment = Enrolment { id: turn.id(), student: id, class, joined: data.enrolled_on, today: turn.today() };
    enrol(turn.db(), permit, enrolment).await
}

pub async fn changed(turn: &Turn, card: &Card) -> Result<Problem> {
    let by = match card.changed_by {
        Some(by) => names_of(turn.db(), [by]).await?.remove(&by),
        None => None,
    };
    let conflict = Conflict { by, at: card.changed_at, value: None, version: Some(card.version) };
    Ok(Problem::conflict("people.changed").with_conflict(conflict))
}

pub async fn whole(turn: &Turn, id: ProfileId) -> Result<Person> {
    let card = store::card(turn.db(), asking(turn), id).await?.ok_or_else(Problem::not_found)?;
    shown(turn, card).await
}

/// The card as far as who asks may see it: an address is for those who enter data and for the person; of
/// a child's guardians a guardian sees the own line alone.
async fn shown(turn: &Turn, mut card: Card) -> Result<Person> {
    correct(turn, std::slice::from_mut(&mut card)).await?;
    let classes = class_names(turn.db()).await?;
    let keeps = turn.may(Act::PersonEdit, Relations::none());
    let all_guardians = card.own || turn.may(Act::PeopleSearch, Relations::none());
    let children = match card.kind {
        Kind::Student => None,
        _ => Some(links(store::children(turn.db(), card.id).await?, &classes)),
    };
    let guardians = match card.kind {
        Kind::Student => {
            let mut rows = store::guardians(turn.db(), card.id).await?;
            rows.retain(|link| all_guardians || link.id == turn.who().profile);
            Some(links(rows, &classes))
        }
        _ => None,
    };
    let times = match card.kind {
        Kind::Student if turn.may(Act::PeopleSearch, Relations::none()) => {
            Some(store::moves::times(turn.db(), card.id).await?)
        }
        _ => None,
    };
    let departure = match card.state {
        PersonState::Archived => store::moves::departure(turn.db(), card.id).await?,
        PersonState::Active => None,
    };
    let (merged, merged_into) = merges::of_card(turn, &card).await?;
    let (iin_end, iin_differs) = iin::of_card(turn, &card).await?;
    let account: Vec<AccountId> = card.account_id.into_iter().collect();
    let restriction = kept_out(turn, &account).await?.into_values().next();
    let row = row(card.clone(), &classes);
    Ok(Person {
        restriction,
        id: row.id,
        kind: card.kind,
        full_name: row.full_name,
        surname: row.surname,
        given_name: row.given_name,
        patronymic: row.patronymic,
        roles: row.roles,
        position: row.position,
        class_id: row.class_id,
        class_name: row.class_name,
        credential: row.credential,
        version: row.version,
        birth_date: card.birth_date,
        sex: card.sex,
        phone_abroad: card.phone.as_deref().is_some_and(|p| !rules::of_kazakhstan(p)).then_some(true),
        phone: card.phone,
        email: card.email,
        iin_end,
        iin_differs,
        address: card.address.filter(|_| keeps || card.own),
        children,
        guardians,
        registered: card.account_id.is_some(),
        memberships: times.map(|rows| moves::class_times(rows, &classes)),
        departure: departure.map(moves::departure),
        merged,
        merged_into,
    })
}

fn row(card: Card, classes: &HashMap<ClassId, ClassName>) -> PersonRow {
    PersonRow {
        id: card.id,
        full_name: full_name(&card.surname, &card.given_name, card.patronymic.as_deref()),
        roles: card.roles().iter().collect(),
        surname: card.surname,
        given_name: card.given_name,
        patronymic: card.patronymic,
        position: card.position,
        class_id: card.class_id,
        class_name: card.class_id.and_then(|id| classes.get(&id)).map(ClassName::name),
        credential: card.credential,
        restricted: None,
        version: card.version,
    }
}

pub fn links(rows: Vec<LinkRow>, classes: &HashMap<ClassId, ClassName>) -> Vec<PersonLink> {
    let mut links: Vec<PersonLink> = rows
        .into_iter()
        .map(|row| PersonLink {
            id: row.id,
            full_name: full_name(&row.surname, &row.given_name, row.patronymic.as_deref()),
            relation: row.relation,
            class_name: row.class_id.and_then(|id| classes.get(&id)).map(ClassName::name),
        })
        .collect();
    sort_by_name(&mut links, |l| &l.full_name);
    links
}
