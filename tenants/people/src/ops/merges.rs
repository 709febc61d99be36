//! Duplicates: pairs that may be one person, told apart or made one, and a merge undone. The rooms above give
//! over their own rows (`heirs`); where both profiles stand in the same place, nothing is merged.

use std::collections::{BTreeSet, HashMap};

use kd_accounts::credentials::void;
use kd_cache::Topic;
use kd_ctx::{Permit, Turn};
use kd_kernel::names::full_name;
use kd_kernel::{Act, ClassId, MergeId, Problem, ProfileId, Relations, Result, Role, Roles};
use serde_json::{Value, json};

use super::handouts::step;
use super::people::{asking, changed, whole};
use super::{iin, roles};
use crate::heirs::{Heir, Pair};
use crate::known::names_of;
use crate::members::{ClassName, class_names};
use crate::rules::alike::{self, Likely};
use crate::rules::{self, Data, Typed};
use crate::store::merges::{MergeRow, Record, TwinRow};
use crate::store::{self, Card};
use crate::wire::{
    DuplicatePair, DuplicateSide, DuplicatesFound, Kind, MergeField, MergeUndo, MergedIn, NotSame, NotSameSaid, Person,
    PersonEdit, PersonMerge, PersonState,
};

/// The most pairs that are answered at once.
const PAIRS: usize = 100;

/// Pairs of a kind that may be one person: those that were told apart, or all others.
pub async fn list(turn: &Turn, kind: Kind, told_apart: bool) -> Result<DuplicatesFound> {
    turn.allow(Act::PersonMerge)?;
    let people = store::merges::of_kind(turn.db(), kind).await?;
    let apart: BTreeSet<_> = store::merges::told_apart(turn.db(), kind).await?.into_iter().collect();
    let classes = class_names(turn.db()).await?;
    let likely = |p: &TwinRow| Likely::of(&p.surname, &p.given_name, p.patronymic.as_deref(), p.birth_date);
    let all = alike::pairs(&people.iter().map(likely).collect::<Vec<_>>());
    let pairs: Vec<DuplicatePair> = all
        .into_iter()
        .filter_map(|(likeness, a, b)| {
            let (one, other) = (people.get(a)?, people.get(b)?);
            let known = apart.contains(&(one.id.min(other.id), one.id.max(other.id)));
            (known == told_apart).then(|| DuplicatePair {
                likeness,
                one: side(one, &classes),
                other: side(other, &classes),
            })
        })
        .collect();
    Ok(DuplicatesFound {
        count: u32::try_from(pairs.len()).unwrap_or(u32::MAX),
        pairs: pairs.into_iter().take(PAIRS).collect(),
    })
}

fn side(row: &TwinRow, classes: &HashMap<ClassId, ClassName>) -> DuplicateSide {
    DuplicateSide {
        id: row.id,
        full_name: full_name(&row.surname, &row.given_name, row.patronymic.as_deref()),
        birth_date: row.birth_date,
        class_name: row.class_id.and_then(|id| classes.get(&id)).map(ClassName::name),
        registered: row.registered,
    }
}

/// Remembers that two who look alike are not the same person, or takes that back.
pub async fn tell_apart(turn: &Turn, said: NotSame) -> Result<NotSameSaid> {
    let (one, other) = both_in_hand(turn, said.one_id, said.other_id).await?;
    let pair = turn.permit(Act::PersonMerge, Pair { kept: one.id, dropped: other.id })?;
    let apart = said.take_back != Some(true);
    if apart {
        store::merges::tell_apart(turn.db(), &pair, asking(turn)).await?;
    } else {
        store::merges::take_back_apart(turn.db(), &pair).await?;
    }
    turn.about(one.id.0, json!({ "other": other.id, "apart": apart }));
    turn.say(Topic::People, None);
    Ok(NotSameSaid { remembered: apart })
}

/// Gives up one profile of a person for the other.
pub async fn merge(turn: &Turn, heirs: &[Heir], id: ProfileId, merge: PersonMerge) -> Result<Person> {
    let (kept, dropped) = both_in_hand(turn, id, merge.dropped_id).await?;
    for (card, version) in [(&kept, merge.version), (&dropped, merge.dropped_version)] {
        if card.version != version {
            return Err(changed(turn, card).await?);
        }
    }
    mergeable(&kept, &dropped)?;
    may_take(turn, dropped.roles())?;
    let pair = turn.permit(Act::PersonMerge, Pair { kept: kept.id, dropped: dropped.id })?;
    let before = both(turn, &pair).await?;
    // Safe to do twice, and safe where this turn is not committed after all: another sheet mends it.
    for taken in store::handouts::revoke(turn.db(), &step(turn, std::iter::once(dropped.id))).await? {
        void(turn.house(), turn.house().store.platform(), taken.credential_id).await?;
    }
    give(turn, (&kept, &dropped), &pair, &merge.take).await?;
    let mut rooms = serde_json::Map::from_iter([("iin".to_owned(), Value::Bool(iin::hand_on(turn, &pair).await?))]);
    for heir in heirs {
        rooms.insert(heir.room.to_owned(), (heir.hand_on)(turn, &pair).await?);
    }
    let after = both(turn, &pair).await?;
    let record = Record { id: turn.id(), before, after, rooms: Value::Object(rooms) };
    turn.about(kept.id.0, json!({ "merged": dropped.id }));
    store::merges::put(turn.db(), &pair, record, asking(turn)).await?;
    turn.say(Topic::People, Some(kept.id.0));
    whole(turn, kept.id).await
}

/// What this room keeps of the dropped profile goes to the kept one.
async fn give(
    turn: &Turn,
    (kept, dropped): (&Permit<Card>, &Permit<Card>),
    pair: &Permit<Pair>,
    take: &[MergeField],
) -> Result<()> {
    let (db, asking) = (turn.db(), asking(turn));
    let data = Data::parse(kept.kind, Typed::from(taken(kept, dropped, take)), turn.today())?;
    roles::may_readdress(turn, kept, data.email.as_deref())?;
    store::edit(db, kept, &data, asking).await?;
    store::merges::give_guardianships(db, pair).await?;
    let stays = store::merges::stays(db, pair).await?;
    let loser = if take.contains(&MergeField::Class) { pair.kept } else { pair.dropped };
    let over: BTreeSet<_> = stays.iter().filter(|(of, _)| *of == loser).map(|(_, stay)| stay.id).collect();
    let stays = stays.into_iter().map(|(_, stay)| stay).collect();
    let life = alike::as_one(stays, |stay| over.contains(&stay.id), turn.today());
    store::merges::give_stays(db, pair, &life).await?;
    let has_children = !store::children(db, kept.id).await?.is_empty();
    let said = kept.roles().iter().chain(dropped.roles().iter()).filter(|r| *r != Role::Guardian).collect();
    let after = rules::roles_after(kept.kind, Some(kept.roles()), Some(said), has_children);
    roles::weigh(turn, kept, after).await?;
    store::put_roles(db, kept, kept.id, after, turn.now()).await?;
    store::moves::put_state(db, dropped, PersonState::Archived, asking).await
}

/// Takes a merge back while nothing of what it changed has changed since.
pub async fn undo(turn: &Turn, heirs: &[Heir], id: MergeId, undo: MergeUndo) -> Result<Person> {
    turn.allow(Act::PersonMerge)?;
    let row = store::merges::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let (kept, dropped) = any_in_hand(turn, row.kept_id, row.dropped_id).await?;
    if kept.version != undo.version {
        return Err(changed(turn, &kept).await?);
    }
    let pair = turn.permit(Act::PersonMerge, Pair { kept: kept.id, dropped: dropped.id })?;
    if both(turn, &pair).await? != row.after {
        return Err(Problem::conflict("people.merge-changed"));
    }
    may_take(turn, dropped.roles())?;
    roles::weigh(turn, &kept, roles_of(&row.before, kept.id)).await?;
    if row.rooms.get("iin") == Some(&Value::Bool(true)) {
        // A number that was put right since is the kept one's own.
        if store::iin::changed_since(turn.db(), kept.id, row.merged_at).await? {
            return Err(Problem::conflict("people.merge-changed"));
        }
        iin::take_back(turn, &pair).await?;
    }
    for heir in heirs.iter().rev() {
        if let Some(given) = row.rooms.get(heir.room) {
            (heir.take_back)(turn, &pair, given).await?;
        }
    }
    store::merges::restore(turn.db(), &pair, &row.before, asking(turn)).await?;
    if !store::merges::undone(turn.db(), &pair, id, asking(turn)).await? {
        return Err(Problem::conflict("people.merge-changed"));
    }
    turn.about(kept.id.0, json!({ "merged": dropped.id }));
    turn.say(Topic::People, None);
    whole(turn, kept.id).await
}

/// The merges of a card: what was made one with it, and what it was given up for.
pub async fn of_card(turn: &Turn, card: &Card) -> Result<(Option<Vec<MergedIn>>, Option<ProfileId>)> {
    if !turn.may(Act::PersonMerge, Relations::none()) {
        return Ok((None, None));
    }
    let (mine, over): (Vec<MergeRow>, Vec<MergeRow>) =
        store::merges::of_person(turn.db(), card.id).await?.into_iter().partition(|row| row.kept_id == card.id);
    let people = mine.iter().flat_map(|row| [row.dropped_id, row.merged_by]);
    let mut names = if mine.is_empty() { HashMap::new() } else { names_of(turn.db(), people).await? };
    let merged = mine.into_iter().map(|row| MergedIn {
        id: row.id,
        profile_id: row.dropped_id,
        full_name: names.remove(&row.dropped_id).unwrap_or_default(),
        merged_at: row.merged_at,
        merged_by: names.get(&row.merged_by).cloned(),
    });
    let merged: Vec<MergedIn> = merged.collect();
    Ok(((!merged.is_empty()).then_some(merged), over.first().map(|row| row.kept_id)))
}

/// Whether one of two profiles can be given up for the other.
fn mergeable(kept: &Card, dropped: &Card) -> Result<()> {
    let code = match (kept.account_id, dropped.account_id) {
        _ if kept.kind != dropped.kind => "people.merge-other-kind",
        (Some(_), Some(_)) => "people.merge-both-registered",
        (None, Some(_)) => "people.merge-keep-registered",
        (_, None) => return Ok(()),
    };
    Err(Problem::conflict(code))
}

/// The data of the kept profile with the values that are taken from the other.
fn taken(kept: &Card, dropped: &Card, take: &[MergeField]) -> PersonEdit {
    let from = |field: MergeField| if take.contains(&field) { dropped } else { kept };
    PersonEdit {
        version: kept.version,
        surname: from(MergeField::Surname).surname.clone(),
        given_name: Some(from(MergeField::GivenName).given_name.clone()),
        patronymic: from(MergeField::Patronymic).patronymic.clone(),
        birth_date: from(MergeField::BirthDate).birth_date,
        sex: from(MergeField::Sex).sex,
        phone: from(MergeField::Phone).phone.clone(),
        email: from(MergeField::Email).email.clone(),
        iin: None,
        address: from(MergeField::Address).address.clone(),
        position: from(MergeField::Position).position.clone(),
        roles: None,
        class_id: None,
        enrolled_on: None,
        children: None,
    }
}

/// Who gives up or revives a profile with such roles takes or gives them.
fn may_take(turn: &Turn, roles: Roles) -> Result<()> {
    if rules::needs_grant(roles, Roles::default()) {
        turn.allow(Act::RoleGrant)?;
        turn.fresh()?;
    }
    Ok(())
}

async fn both(turn: &Turn, pair: &Permit<Pair>) -> Result<Value> {
    let kept = store::merges::bound_to(turn.db(), pair.kept).await?;
    Ok(json!({ "kept": kept, "dropped": store::merges::bound_to(turn.db(), pair.dropped).await? }))
}

/// The roles that the kept profile held before.
fn roles_of(before: &Value, kept: ProfileId) -> Roles {
    let held = before.pointer("/kept/roles").and_then(Value::as_array).into_iter().flatten();
    let own = |row: &&Value| row.get("profile_id").and_then(Value::as_str) == Some(kept.to_string().as_str());
    held.filter(own).filter_map(|row| Role::of_name(row.get("role")?.as_str()?)).collect()
}

/// Two who belong to the school, locked one after the other in the order of their ids.
async fn both_in_hand(turn: &Turn, one: ProfileId, other: ProfileId) -> Result<(Permit<Card>, Permit<Card>)> {
    let (one, other) = any_in_hand(turn, one, other).await?;
    if one.state == PersonState::Archived || other.state == PersonState::Archived {
        return Err(Problem::not_found());
    }
    Ok((one, other))
}

async fn any_in_hand(turn: &Turn, one: ProfileId, other: ProfileId) -> Result<(Permit<Card>, Permit<Card>)> {
    if one == other {
        return Err(Problem::conflict("people.merge-other-kind"));
    }
    let mut cards = HashMap::new();
    for id in BTreeSet::from([one, other]) {
        let card = store::any_card_to_change(turn.db(), asking(turn), id).await?.ok_or_else(Problem::not_found)?;
        cards.insert(id, card);
    }
    match (cards.remove(&one), cards.remove(&other)) {
        // Asked in the order in which they were named: the answer to who may see one of them does not hang on ids.
        (Some(one), Some(other)) => Ok((turn.permit(Act::PersonMerge, one)?, turn.permit(Act::PersonMerge, other)?)),
        _ => Err(Problem::not_found()),
    }
}
