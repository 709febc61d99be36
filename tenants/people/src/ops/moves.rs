//! Who leaves, who comes back, who goes to another class. Nothing is deleted: the profile goes to the
//! archive, marks and memberships stay with the days on which they were.

use std::collections::HashMap;

use kd_accounts::credentials::void;
use kd_cache::Topic;
use kd_ctx::{Permit, Turn};
use kd_kernel::{Act, ClassId, Problem, ProfileId, Relations, Result, Roles};
use serde_json::json;

use super::handouts::step;
use super::people::{asking, changed, links, whole};
use super::roles;
use crate::members::{ClassName, Enrolment, class_names, enrol, leave_class};
use crate::rules;
use crate::store::moves::{DepartureRow, TimeRow};
use crate::store::{self, Card};
use crate::wire::{ClassMove, ClassTime, Departure, Person, PersonLeave, PersonLeft, PersonReturn, PersonState};

/// Records that a person leaves. The seat ends with the commit: a turn begins for active people alone.
pub async fn leave(turn: &Turn, id: ProfileId, mut leave: PersonLeave) -> Result<PersonLeft> {
    let card = in_hand(turn, id, Act::PersonLeave).await?;
    at_version(turn, &card, leave.version).await?;
    if card.state == PersonState::Archived {
        return Err(changed(turn, &card).await?);
    }
    leave.order_no = rules::leaving(leave.left_on, leave.order_no.as_deref(), turn.today())?;
    if rules::gives_up_administration(card.roles(), Roles::default())
        && store::other_administrators(turn.db(), id).await? == 0
    {
        return Err(Problem::conflict("people.last-administrator"));
    }
    leave_class(turn.db(), &card, id, leave.left_on).await?;
    // Safe to do twice, and safe where this turn is not committed after all: another sheet mends it.
    for taken in store::handouts::revoke(turn.db(), &step(turn, std::iter::once(card.id))).await? {
        void(turn.house(), turn.house().store.platform(), taken.credential_id).await?;
    }
    store::moves::leave(turn.db(), &card, (turn.id(), &leave), asking(turn)).await?;
    turn.about(id.0, json!({ "from": PersonState::Active, "to": PersonState::Archived, "reason": leave.reason }));
    turn.say(Topic::People, Some(id.0));
    let classes = class_names(turn.db()).await?;
    let guardians = links(store::moves::left_alone(turn.db(), id).await?, &classes);
    Ok(PersonLeft { person: whole(turn, id).await?, guardians })
}

/// Records that a person comes back, with the roles held before.
pub async fn come_back(turn: &Turn, id: ProfileId, back: PersonReturn) -> Result<Person> {
    let card = in_hand(turn, id, Act::PersonLeave).await?;
    at_version(turn, &card, back.version).await?;
    let gone = store::moves::departure(turn.db(), id).await?;
    let gone = gone.ok_or_else(|| Problem::conflict("people.not-archived"))?;
    rules::returning(card.kind, (gone.left_on, back.returned_on), back.class_id, turn.today())?;
    // Who is in the archive has no role anywhere; meanwhile the account may have lost what its roles ask for.
    roles::weigh_from(turn, &card, (Roles::default(), card.roles())).await?;
    store::moves::come_back(turn.db(), &card, back.returned_on, asking(turn)).await?;
    if let Some(class) = back.class_id {
        let joined = Some(back.returned_on);
        let enrolment = Enrolment { id: turn.id(), student: id, class, joined, today: turn.today() };
        enrol(turn.db(), &card, enrolment).await?;
    }
    turn.about(id.0, json!({ "from": PersonState::Archived, "to": PersonState::Active }));
    turn.say(Topic::People, Some(id.0));
    whole(turn, id).await
}

/// Moves a student to another class from a day on.
pub async fn class_move(turn: &Turn, id: ProfileId, to: ClassMove) -> Result<Person> {
    let card = in_hand(turn, id, Act::PersonEdit).await?;
    at_version(turn, &card, to.version).await?;
    if card.state == PersonState::Archived {
        return Err(changed(turn, &card).await?);
    }
    rules::moving(card.kind, (card.class_id, to.class_id), to.enrolled_on, turn.today())?;
    let joined = Some(to.enrolled_on);
    let enrolment = Enrolment { id: turn.id(), student: id, class: to.class_id, joined, today: turn.today() };
    enrol(turn.db(), &card, enrolment).await?;
    store::touch(turn.db(), &card, asking(turn)).await?;
    turn.about(id.0, json!({ "from": card.class_id, "to": to.class_id, "on": to.enrolled_on }));
    turn.say(Topic::People, Some(id.0));
    whole(turn, id).await
}

/// The card for a change, also of the archive, which is there for those alone who keep it.
async fn in_hand(turn: &Turn, id: ProfileId, act: Act) -> Result<Permit<Card>> {
    let card = store::any_card_to_change(turn.db(), asking(turn), id).await?.ok_or_else(Problem::not_found)?;
    let keeps = turn.may(Act::PersonLeave, Relations::none());
    if card.state == PersonState::Archived && !keeps {
        return Err(Problem::not_found());
    }
    turn.permit(act, card)
}

async fn at_version(turn: &Turn, card: &Card, version: i32) -> Result<()> {
    if card.version == version { Ok(()) } else { Err(changed(turn, card).await?) }
}

/// The classes of a student, as the card shows them.
pub fn class_times(rows: Vec<TimeRow>, classes: &HashMap<ClassId, ClassName>) -> Vec<ClassTime> {
    let time = |row: TimeRow| {
        let class_name = classes.get(&row.class_id)?.name();
        Some(ClassTime {
            class_id: row.class_id,
            class_name,
            joined: row.joined,
            left_on: row.left_on,
            order_no: row.order_no,
        })
    };
    rows.into_iter().filter_map(time).collect()
}

/// When and why somebody left, as the card shows it.
pub fn departure(row: DepartureRow) -> Departure {
    Departure { left_on: row.left_on, reason: row.reason, order_no: row.order_no }
}
