//! The ИИН, which a school keeps only behind its switch (decision 2, PDP-1). At rest a number is sealed for its
//! person and hashed for its school; on the card stand the last four digits; whoever asks for all of them stands
//! in the access log. What it says of the birth date is a warning at most (IDN-4).

use data_encoding::HEXLOWER;
use kd_cache::Topic;
use kd_ctx::{House, Look, Permit, Turn};
use kd_http::Portal;
use kd_kernel::identifiers::iin_birth_date;
use kd_kernel::{Act, Problem, ProfileId, Relations, Result, SchoolId};
use serde_json::json;

use super::people::asking;
use crate::heirs::Pair;
use crate::known::names_of;
use crate::rules;
use crate::store::iin::{self as store, Switch, Writes};
use crate::store::{self as people, Card};
use crate::wire::{IinSetting, IinShown, IinSwitch, PersonEdit, PersonNew, PersonState};

/// Whether the school keeps ИИН, for those who enter people's data.
pub async fn setting(turn: &Turn) -> Result<IinSetting> {
    turn.allow(Act::PersonEdit)?;
    let (switch, version) = store::switch(turn.db(), Writes::Nothing).await?;
    let stated_by = match switch.by {
        Some(by) => names_of(turn.db(), [by]).await?.remove(&by),
        None => None,
    };
    let stored = store::stored(turn.db()).await?;
    Ok(IinSetting { on: switch.on, statement: switch.statement, stated_by, stated_at: switch.at, stored, version })
}

/// Turns the keeping of ИИН on, with the statement that the consent lists it; or off, and deletes them.
pub async fn put_setting(turn: &Turn, to: IinSwitch) -> Result<IinSetting> {
    let permit = turn.allow(Act::SetupEdit)?;
    turn.fresh()?;
    let switch = if to.on {
        let statement = Some(rules::iin_statement(to.statement.as_deref())?);
        Switch { on: true, statement, by: Some(turn.who().profile), at: Some(turn.now()) }
    } else {
        Switch::default()
    };
    // The switch first: who writes a number holds it, so that none is written behind the deletion.
    if !store::put_switch(turn.db(), &permit, (switch, to.version), asking(turn)).await? {
        return Err(Problem::conflict("people.changed"));
    }
    let deleted = match (to.on, store::stored(turn.db()).await?) {
        (true, _) => 0,
        (false, 1..) if to.delete_stored != Some(true) => return Err(Problem::conflict("people.iin-stored")),
        (false, _) => store::delete_all(turn.db(), &permit).await?,
    };
    turn.about(turn.school().id.0, json!({ "setting": "iin", "on": to.on, "deleted": deleted }));
    turn.say(Topic::People, None);
    setting(turn).await
}

/// Shows a person's whole number; the look is written down.
pub async fn show(turn: &Turn, id: ProfileId) -> Result<IinShown> {
    let archive = turn.may(Act::PersonLeave, Relations::none());
    let card = people::card(turn.db(), asking(turn), id).await?;
    let card = card.filter(|c| archive || c.state == PersonState::Active).ok_or_else(Problem::not_found)?;
    let card = turn.permit(Act::PersonIin, card)?.into_thing();
    let iin = number(turn, card.id).await?.ok_or_else(Problem::not_found)?;
    turn.looked(card.id, Look::Iin);
    Ok(IinShown { iin })
}

/// Stores what was typed of a person's number, if something was.
pub async fn put<T>(turn: &Turn, permit: &Permit<T>, id: ProfileId, typed: Option<&str>) -> Result<()> {
    let Some(typed) = typed else { return Ok(()) };
    if typed.is_empty() {
        return store::delete(turn.db(), permit, id).await;
    }
    if !store::switch(turn.db(), Writes::Numbers).await?.0.on {
        return Err(Problem::field("iin", "iin-off"));
    }
    let sealed = turn.house().seal.seal(&turn.house().chance, &context(turn.school().id, id), typed.as_bytes());
    store::put(turn.db(), permit, id, (sealed, hash(turn.house(), turn.school().id, typed)), asking(turn)).await
}

/// The end of a card's number, and whether it speaks of another birth date; for those who enter people's data, and
/// the person.
pub async fn of_card(turn: &Turn, card: &Card) -> Result<(Option<String>, Option<bool>)> {
    if !card.own && !turn.may(Act::PersonEdit, Relations::none()) {
        return Ok((None, None));
    }
    let Some(number) = number(turn, card.id).await? else { return Ok((None, None)) };
    let differs = iin_birth_date(&number).zip(card.birth_date).is_some_and(|(says, is)| says != is);
    Ok((number.get(8..).map(str::to_owned), differs.then_some(true)))
}

/// In a merge the number of the dropped profile goes to the kept one, where that has none.
pub async fn hand_on(turn: &Turn, pair: &Permit<Pair>) -> Result<bool> {
    if number(turn, pair.kept).await?.is_some() {
        return Ok(false);
    }
    move_number(turn, pair, (pair.dropped, pair.kept)).await
}

/// Gives a number that was handed on back; where there is none any more, nothing happens.
pub async fn take_back(turn: &Turn, pair: &Permit<Pair>) -> Result<bool> {
    move_number(turn, pair, (pair.kept, pair.dropped)).await
}

async fn move_number(turn: &Turn, pair: &Permit<Pair>, (from, to): (ProfileId, ProfileId)) -> Result<bool> {
    let Some(number) = number(turn, from).await? else { return Ok(false) };
    store::delete(turn.db(), pair, from).await?;
    put(turn, pair, to, Some(&number)).await?;
    Ok(true)
}

async fn number(turn: &Turn, person: ProfileId) -> Result<Option<String>> {
    let Some(sealed) = store::sealed(turn.db(), person).await? else { return Ok(None) };
    let plain = turn.house().seal.open(&context(turn.school().id, person), &sealed)?;
    String::from_utf8(plain).map(Some).map_err(Problem::internal)
}

pub fn context(school: SchoolId, person: ProfileId) -> String {
    format!("iin:{school}:{person}")
}

/// The hash of a number in a school: in another school the same number has another one.
pub fn hash(house: &House, school: SchoolId, number: &str) -> Vec<u8> {
    house.seal.hash(&format!("iin:{school}"), number).to_vec()
}

/// What was typed, or its keyed hash: the hash of a request's body is kept, and a number of twelve digits could be
/// found from a plain one.
fn keyed(door: &Portal, typed: Option<&str>) -> Option<String> {
    typed.map(|number| HEXLOWER.encode(&hash(door.house(), door.school().id, number)))
}

impl PersonNew {
    /// The same person to be entered, for telling whether a request is the same.
    pub fn keyed(&self, door: &Portal) -> Self {
        Self { iin: keyed(door, self.iin.as_deref()), ..self.clone() }
    }
}

impl PersonEdit {
    /// The same edit, for telling whether a request is the same.
    pub fn keyed(&self, door: &Portal) -> Self {
        Self { iin: keyed(door, self.iin.as_deref()), ..self.clone() }
    }
}
