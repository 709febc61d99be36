//! Where initial credentials stand: the board, who has not registered yet, the way of one person's; handed
//! over, taken back.
//!
//! The school's own rows do not know of tries that were spent at the entrance: the platform does, and never
//! writes into a school. So whoever looks asks it for those credentials that pass for valid here.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use kd_accounts::credentials::{letter_name, void, void_among};
use kd_cache::Topic;
use kd_ctx::{Permit, Thing, Turn};
use kd_kernel::names::{NameOrder, full_name, sort_by_name};
use kd_kernel::problem::FieldProblem;
use kd_kernel::{Act, ClassId, CredentialId, Problem, ProfileId, Relation, Relations, Result, SheetId};
use kd_press::MOST_CARDS;
use serde_json::json;

use super::sheets::by_class;
use crate::known::names_of;
use crate::members::{ClassName, class_names};
use crate::rules::{days_between, is_held};
use crate::store::handouts::{self as store, EventRow, Handout, Recipient, Step};
use crate::store::{self as people, sheets};
use crate::wire::{
    BoardRow, Credential, CredentialEvent, CredentialHistory, Delivery, HandOver, HandedOver, Voided, WaitingRow,
};

/// Since when those are void that the school takes for valid.
pub async fn spent(
    turn: &Turn,
    held: impl Iterator<Item = (Credential, Option<CredentialId>)>,
) -> Result<HashMap<CredentialId, DateTime<Utc>>> {
    let ids: Vec<CredentialId> =
        held.filter(|(credential, _)| is_held(*credential)).filter_map(|(_, credential)| credential).collect();
    if ids.is_empty() { Ok(HashMap::new()) } else { void_among(turn.house().store.platform(), &ids).await }
}

/// Where people really stand, whatever the school's rows say of spent credentials.
pub async fn correct(turn: &Turn, cards: &mut [people::Card]) -> Result<()> {
    let spent = spent(turn, cards.iter().map(|card| (card.credential, card.credential_id))).await?;
    for card in cards.iter_mut().filter(|card| is_held(card.credential)) {
        if card.credential_id.is_some_and(|id| spent.contains_key(&id)) {
            card.credential = Credential::Revoked;
        }
    }
    Ok(())
}

/// How the letters of those whose credential is in one fare.
async fn deliveries(
    turn: &Turn,
    mailed: impl Iterator<Item = (Credential, Option<CredentialId>)>,
) -> Result<HashMap<CredentialId, Delivery>> {
    let named: HashMap<String, CredentialId> = mailed
        .filter(|(credential, _)| *credential == Credential::Mailed)
        .filter_map(|(_, id)| id.map(|id| (letter_name(id), id)))
        .collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let house = turn.house();
    let states = house.letters_named(house.store.platform(), named.keys().cloned().collect()).await?;
    let fare = |state: &str| match state {
        "sent" => Delivery::Sent,
        "dead" => Delivery::Dead,
        _ => Delivery::Queued,
    };
    Ok(states.into_iter().filter_map(|(name, state)| named.get(&name).map(|id| (*id, fare(&state)))).collect())
}

/// How far each class and the staff are, staff first.
pub async fn board(turn: &Turn) -> Result<Vec<BoardRow>> {
    turn.allow(Act::CredentialBoard)?;
    let classes = class_names(turn.db()).await?;
    let standings = store::standings(turn.db(), turn.now()).await?;
    let spent = spent(turn, standings.iter().map(|s| (s.credential, s.credential_id))).await?;
    let letters = deliveries(turn, standings.iter().map(|s| (s.credential, s.credential_id))).await?;
    let mut rows: BTreeMap<_, BoardRow> = BTreeMap::new();
    for standing in standings {
        let row = rows.entry((standing.class_id, standing.kind)).or_insert_with(|| BoardRow {
            class_id: standing.class_id,
            class_name: standing.class_id.and_then(|id| classes.get(&id)).map(ClassName::name),
            kind: standing.kind,
            total: 0,
            none: 0,
            issued: 0,
            printed: 0,
            mailed: 0,
            handed_over: 0,
            activated: 0,
            expired: 0,
            revoked: 0,
            dead: 0,
        });
        let is_spent = standing.credential_id.is_some_and(|id| spent.contains_key(&id));
        let dead = standing.credential_id.and_then(|id| letters.get(&id)) == Some(&Delivery::Dead);
        row.total += 1;
        match standing.credential {
            held if is_held(held) && is_spent => (row.none, row.revoked) = (row.none + 1, row.revoked + 1),
            Credential::None => row.none += 1,
            Credential::Expired => (row.none, row.expired) = (row.none + 1, row.expired + 1),
            Credential::Revoked => (row.none, row.revoked) = (row.none + 1, row.revoked + 1),
            Credential::Issued => row.issued += 1,
            Credential::Printed => row.printed += 1,
            Credential::Mailed => (row.mailed, row.dead) = (row.mailed + 1, row.dead + u32::from(dead)),
            Credential::HandedOver => row.handed_over += 1,
            Credential::Activated => row.activated += 1,
        }
    }
    let order = NameOrder::default();
    let mut rows: Vec<BoardRow> = rows.into_values().collect();
    let class = |row: &BoardRow| row.class_id.and_then(|id| classes.get(&id));
    rows.sort_by(|a, b| by_class(&order, class(a), class(b)).then_with(|| a.kind.cmp(&b.kind)));
    Ok(rows)
}

/// A class, or those in none, whose waiting people somebody asks for.
struct Room {
    homeroom: bool,
}

impl Thing for Room {
    fn relations(&self) -> Relations {
        Relations::none().and(Relation::Homeroom, self.homeroom)
    }
}

/// Who has not registered yet: of a class, or of those who are in none. A class teacher sees the own class.
pub async fn waiting(turn: &Turn, class: Option<ClassId>) -> Result<Vec<WaitingRow>> {
    let classes = class_names(turn.db()).await?;
    let known = class.map(|id| classes.get(&id).ok_or_else(Problem::not_found)).transpose()?;
    let homeroom = known.is_some_and(|c| c.homeroom_id == Some(turn.who().profile));
    turn.permit(Act::CredentialSee, Room { homeroom })?;
    let found = store::waiting(turn.db(), class, turn.now()).await?;
    let spent = spent(turn, found.iter().map(|one| (one.credential, one.credential_id))).await?;
    let letters = deliveries(turn, found.iter().map(|one| (one.credential, one.credential_id))).await?;
    let mut rows: Vec<WaitingRow> = found
        .into_iter()
        .map(|one| {
            let ended = one.credential_id.and_then(|id| spent.get(&id)).copied();
            let since = ended.unwrap_or(one.since);
            WaitingRow {
                id: one.id,
                full_name: full_name(&one.surname, &one.given_name, one.patronymic.as_deref()),
                kind: one.kind,
                credential: if ended.is_some() { Credential::Revoked } else { one.credential },
                since,
                days: days_between(since, turn.now()),
                letter: one.credential_id.and_then(|id| letters.get(&id)).copied(),
                email: one.email,
            }
        })
        .collect();
    sort_by_name(&mut rows, |row| &row.full_name);
    rows.sort_by_key(|row| row.kind);
    Ok(rows)
}

/// The way of a person's initial credential. What nobody writes down, a time that ran out and tries that
/// were spent, is there as soon as it has happened.
pub async fn history(turn: &Turn, person: ProfileId) -> Result<CredentialHistory> {
    let person = turn.permit(Act::CredentialSee, recipient(turn, person).await?)?;
    let handout = store::of_person(turn.db(), person.id).await?;
    let held = [(person.credential, person.credential_id)];
    let ended = spent(turn, held.into_iter()).await?.into_values().next();
    let letter = deliveries(turn, held.into_iter()).await?.into_values().next();
    let mut rows = store::events(turn.db(), person.id).await?;
    let unwritten = handout.as_ref().and_then(|handout| unwritten(handout, person.credential, ended));
    rows.splice(0..0, unwritten);
    let names = names_of(turn.db(), rows.iter().filter_map(|row| row.done_by)).await?;
    let event = |row: EventRow| CredentialEvent {
        before: row.before,
        after: row.after,
        at: row.at,
        by: row.done_by.and_then(|by| names.get(&by).cloned()),
        sheet_id: row.sheet_id,
    };
    Ok(CredentialHistory {
        credential: if ended.is_some() { Credential::Revoked } else { person.credential },
        expires_at: handout.map(|handout| handout.expires_at),
        letter,
        events: rows.into_iter().map(event).collect(),
        full_name: person.into_thing().full_name,
    })
}

fn unwritten(handout: &Handout, shown: Credential, spent: Option<DateTime<Utc>>) -> Option<EventRow> {
    let step =
        |after, at| EventRow { before: Some(handout.state), after, sheet_id: handout.sheet_id, done_by: None, at };
    match spent {
        Some(at) => Some(step(Credential::Revoked, at)),
        None if shown == Credential::Expired && is_held(handout.state) => {
            Some(step(Credential::Expired, handout.expires_at))
        }
        None => None,
    }
}

/// A person, and how who asks stands to him or her.
async fn recipient(turn: &Turn, person: ProfileId) -> Result<Recipient> {
    let found = store::recipients(turn.db(), &[person], &led(turn).await?, turn.now()).await?;
    found.into_iter().next().ok_or_else(Problem::not_found)
}

/// The classes that who asks leads.
async fn led(turn: &Turn) -> Result<Vec<ClassId>> {
    let classes = class_names(turn.db()).await?;
    Ok(classes.values().filter(|c| c.homeroom_id == Some(turn.who().profile)).map(|c| c.id).collect())
}

/// Records that people hold their credential: an administrator of anybody, a class teacher of the class.
/// All or none: who holds no valid card stands in the refusal, by the place in the request. Whose card was
/// handed over before is passed over.
pub async fn hand_over(turn: &Turn, to: HandOver) -> Result<HandedOver> {
    let distinct: std::collections::HashSet<ProfileId> = to.profile_ids.iter().copied().collect();
    if distinct.len() > MOST_CARDS {
        return Err(Problem::field("profile_ids", "too-long"));
    }
    let recipients = store::recipients(turn.db(), &to.profile_ids, &led(turn).await?, turn.now()).await?;
    if recipients.len() != distinct.len() {
        return Err(Problem::not_found());
    }
    let permits: Result<Vec<_>> = recipients.into_iter().map(|r| turn.permit(Act::HandOver, r)).collect();
    let permits = permits?;
    let spent = spent(turn, permits.iter().map(|p| (p.credential, p.credential_id))).await?;
    let wrong: Vec<ProfileId> = permits.iter().filter(|p| !is_card(p, &spent)).map(|p| p.id).collect();
    if !wrong.is_empty() {
        let at = to.profile_ids.iter().enumerate().filter(|(_, id)| wrong.contains(id));
        let field = |(at, _)| FieldProblem { field: format!("profile_ids.{at}").into(), code: "card-not-valid" };
        return Err(Problem::conflict("people.card-not-valid").with_fields(at.map(field).collect()));
    }
    handed(turn, &permits).await
}

/// Records that all people of a sheet hold their credential, of those whose card of this very sheet is
/// valid still. Whose card was handed over before is passed over.
pub async fn sheet_hand_over(turn: &Turn, id: SheetId) -> Result<HandedOver> {
    let sheet = sheets::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let sheet = turn.permit(Act::SheetIssue, sheet)?;
    let recipients = store::recipients(turn.db(), &sheet.people(), &led(turn).await?, turn.now()).await?;
    let spent = spent(turn, recipients.iter().map(|p| (p.credential, p.credential_id))).await?;
    let of_sheet = |r: &Recipient| r.sheet_id == Some(id) && is_card(r, &spent);
    let permits: Result<Vec<_>> =
        recipients.into_iter().filter(of_sheet).map(|r| turn.permit(Act::HandOver, r)).collect();
    let permits = permits?;
    if permits.is_empty() {
        return Err(Problem::conflict("people.no-valid-cards"));
    }
    let handed = handed(turn, &permits).await?;
    turn.about(id.0, json!({ "handed_over": handed.handed_over }));
    turn.say(Topic::Sheets, Some(id.0));
    Ok(handed)
}

fn is_card(person: &Recipient, spent: &HashMap<CredentialId, DateTime<Utc>>) -> bool {
    matches!(person.credential, Credential::Printed | Credential::HandedOver)
        && person.credential_id.is_some_and(|id| !spent.contains_key(&id))
}

async fn handed(turn: &Turn, permits: &[Permit<Recipient>]) -> Result<HandedOver> {
    let rows = store::hand_over(turn.db(), permits, &step(turn, permits.iter().map(|p| p.id))).await?;
    if let [one] = permits {
        turn.about(one.id.0, json!({ "to": "handed_over" }));
    }
    turn.say(Topic::People, None);
    Ok(HandedOver { handed_over: u32::try_from(rows.len()).unwrap_or(u32::MAX) })
}

/// The step of these people that who acts takes now.
pub fn step(turn: &Turn, people: impl Iterator<Item = ProfileId>) -> Step {
    let people = people.map(|person| (turn.id(), person)).collect();
    Step { people, by: Some(turn.who().profile), now: turn.now() }
}

/// Takes a person's initial credential back (M29): at once, with the session that it opened.
pub async fn take_back(turn: &Turn, person: ProfileId) -> Result<Voided> {
    let person = turn.permit(Act::CredentialVoid, recipient(turn, person).await?)?;
    let before = person.credential;
    let taken = store::revoke(turn.db(), &step(turn, std::iter::once(person.id))).await?;
    for one in &taken {
        // Safe to do twice, and where this turn is not committed after all: the board asks the platform.
        void(turn.house(), turn.house().store.platform(), one.credential_id).await?;
    }
    turn.about(person.id.0, json!({ "from": before, "to": "revoked" }));
    turn.say(Topic::People, Some(person.id.0));
    Ok(Voided { voided: u32::try_from(taken.len()).unwrap_or(u32::MAX) })
}
