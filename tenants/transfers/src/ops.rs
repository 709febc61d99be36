//! What people do with transfers: one function per operation. The sending school's first, then the receiving one's.

use kd_cache::Topic;
use kd_ctx::{FutureExt as _, Look, Permit, SchoolCard, Turn};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::problem::Faults;
use kd_kernel::{Act, Problem, ProfileId, Result, TransferId};
use kd_people::transfers::{Arrival, Comer, Kind, Neighbours, admit, each_is_one, leaver};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::file::{Content, Envelope, Guardian, damaged};
use crate::registry::{self, Registered, SchoolRow};
use crate::rules;
use crate::store::{self, OutRow};
use crate::wire::{
    ReceivingSchool, Transfer, TransferAccept, TransferAccepted, TransferGuardian, TransferNew, TransferPreview,
    TransferState,
};

/// The longest address or БСН that is asked for.
const NAMED: usize = 40;

/// The school of an address or БСН. Schools are never listed: who sends a student knows where.
pub async fn school(turn: &Turn, named: &str) -> Result<ReceivingSchool> {
    turn.allow(Act::TransferSend)?;
    let SchoolRow { slug, name_kk, name_ru, city, .. } = receiving(turn, named).await?;
    Ok(ReceivingSchool { slug, name_kk, name_ru, city })
}

async fn receiving(turn: &Turn, named: &str) -> Result<SchoolRow> {
    let mut faults = Faults::default();
    let named = faults.text("to", named, NAMED).to_lowercase();
    faults.check()?;
    let mut found = registry::schools(turn.house().store.platform(), &named).await?;
    found.retain(|school| open(turn, school));
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(Problem::refused("transfers.school-unknown")),
        (Some(_), false) => Err(Problem::refused("transfers.school-several")),
        (Some(school), true) if school.id == turn.school().id => Err(Problem::refused("transfers.own-school")),
        (Some(school), true) => Ok(school),
    }
}

/// A school that takes nobody in reads like one that is not there.
fn open(turn: &Turn, school: &SchoolRow) -> bool {
    SchoolCard { state: school.state.clone(), ..turn.school().clone() }.is_open()
}

/// The transfers of a student, the latest first.
pub async fn list(turn: &Turn, student: ProfileId) -> Result<Vec<Transfer>> {
    let leaver = leaver(turn, student).await?.ok_or_else(Problem::not_found)?;
    let leaver = turn.permit(Act::TransferSend, leaver)?;
    let outs = store::outs(turn.db(), leaver.id).await?;
    let records =
        registry::of(turn.house().store.platform(), &outs.iter().map(|out| out.id).collect::<Vec<_>>()).await?;
    let mut shown = Vec::with_capacity(outs.len());
    for out in outs {
        let record = records.iter().find(|record| record.id == out.id);
        shown.push(transfer(turn, out, record).await?);
    }
    Ok(shown)
}

/// What the school's row says, and what both sides agreed on since.
async fn transfer(turn: &Turn, out: OutRow, record: Option<&Registered>) -> Result<Transfer> {
    let names = kd_people::names_of(turn.db(), [out.issued_by]).await?;
    let (state, ended_at) = match (out.state, record) {
        (TransferState::Issued, Some(record)) => (rules::state_at(record, turn.now()), record.ended_at),
        (state, _) => (state, out.ended_at),
    };
    Ok(Transfer {
        id: out.id,
        number: rules::number(out.id),
        state,
        to_kk: out.to_kk,
        to_ru: out.to_ru,
        guardians: out.guardians,
        issued_by: names.get(&out.issued_by).cloned().unwrap_or_default(),
        issued_at: out.issued_at,
        expires_at: out.expires_at,
        ended_at,
    })
}

/// Exports a student for another school. The platform's row comes first: no file is out of which it does not know,
/// and a row without a file is over after its time.
pub async fn export(turn: &Turn, student: ProfileId, new: TransferNew) -> Result<Transfer> {
    let leaver = leaver(turn, student).await?.ok_or_else(Problem::not_found)?;
    let leaver = turn.permit(Act::TransferSend, leaver)?;
    turn.fresh()?;
    let to = receiving(turn, &new.to).await?;
    let guardians = rules::chosen(&leaver, &new.guardian_ids)?;
    end_what_is_over(turn, student).await?;
    let (house, school, now) = (turn.house(), turn.school(), turn.now());
    let content = Content {
        transfer: turn.id(),
        from: school.id,
        from_kk: school.name_kk.clone(),
        from_ru: school.name_ru.clone(),
        to: to.id,
        issued_at: now,
        expires_at: now + rules::good_for(),
        student: leaver.facts.clone(),
        since: leaver.since,
        last_class: leaver.last_class.clone(),
        left_on: leaver.left_on,
        guardians: guardians.into_iter().map(|g| Guardian { relation: g.relation, facts: g.facts }).collect(),
    };
    let file = content.written(&house.seal, &house.chance)?;
    store::add_out(turn.db(), &leaver, (&content, file), (&to.name_kk, &to.name_ru), turn.who().profile).await?;
    let record = Registered {
        id: content.transfer,
        from_school: content.from,
        to_school: content.to,
        state: TransferState::Issued,
        expires_at: content.expires_at,
        ended_at: None,
    };
    registry::issue(house.store.platform(), &record, now).await?;
    turn.about(student.0, json!({ "to_school": to.name_kk, "guardians": content.guardians.len() }));
    turn.say(Topic::People, Some(student.0));
    let out = store::out(turn.db(), content.transfer).await?.ok_or_else(Problem::not_found)?;
    transfer(turn, out, Some(&record)).await
}

/// A transfer that has ended on the other side keeps no new one from being made.
async fn end_what_is_over(turn: &Turn, student: ProfileId) -> Result<()> {
    let outs = store::outs(turn.db(), student).await?;
    let Some(open) = outs.into_iter().find(|out| out.state == TransferState::Issued) else { return Ok(()) };
    let record = registry::find(turn.house().store.platform(), open.id).await?;
    let state = record.map_or(TransferState::Expired, |record| rules::state_at(&record, turn.now()));
    if matches!(state, TransferState::Issued | TransferState::Accepting) {
        return Err(Problem::conflict("transfers.open-already"));
    }
    let at = record.and_then(|record| record.ended_at).unwrap_or_else(|| turn.now());
    store::end_out(turn.db(), open.id, (state, at), None).await
}

/// The sealed file, and the number that it is called by. The look is written down before it leaves.
pub async fn file(turn: &Turn, id: TransferId) -> Result<(Vec<u8>, String)> {
    let out = store::out(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let out = turn.permit(Act::TransferSend, out)?;
    turn.fresh()?;
    let record = registry::find(turn.house().store.platform(), id).await?;
    let good = record.is_some_and(|record| rules::state_at(&record, turn.now()) == TransferState::Issued);
    let file = store::file(turn.db(), &out).await?.filter(|_| good);
    let file = file.ok_or_else(|| Problem::conflict("transfers.ended"))?;
    turn.looked(out.student_id, Look::Export);
    Ok((file, rules::number(id)))
}

/// Takes a file back that nobody has accepted.
pub async fn withdraw(turn: &Turn, id: TransferId) -> Result<Transfer> {
    let out = store::out_to_change(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let out = turn.permit(Act::TransferSend, out)?;
    let (platform, now) = (turn.house().store.platform(), turn.now());
    let taken_back = registry::withdraw(platform, id, turn.school().id, now).await?;
    let record = registry::find(platform, id).await?.ok_or_else(Problem::not_found)?;
    match rules::state_at(&record, now) {
        // Cut between the two databases, it is the same once more.
        TransferState::Withdrawn if taken_back || out.state == TransferState::Issued => {}
        TransferState::Accepting => return Err(Problem::conflict("transfers.being-accepted")),
        _ => return Err(Problem::conflict("transfers.ended")),
    }
    let at = record.ended_at.unwrap_or(now);
    store::end_out(turn.db(), id, (TransferState::Withdrawn, at), Some(turn.who().profile)).await?;
    turn.about(out.student_id.0, json!({ "to_school": out.to_kk }));
    turn.say(Topic::People, Some(out.student_id.0));
    let out = store::out(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    transfer(turn, out, Some(&record)).await
}

/// Opens a file and says who of it may be here already. Nothing of it is written.
pub async fn preview(turn: &Turn, bytes: &[u8]) -> Result<TransferPreview> {
    turn.allow(Act::TransferAccept)?;
    let content = opened(turn, bytes).await?;
    let here = Neighbours::read(turn).await?;
    let guardian = |guardian: Guardian| TransferGuardian {
        relation: guardian.relation,
        alike: here.like(Kind::Guardian, &guardian.facts),
        facts: guardian.facts,
    };
    Ok(TransferPreview {
        id: content.transfer,
        number: rules::number(content.transfer),
        from_kk: content.from_kk,
        from_ru: content.from_ru,
        issued_at: content.issued_at,
        expires_at: content.expires_at,
        alike: here.like(Kind::Student, &content.student),
        student: content.student,
        since: content.since,
        last_class: content.last_class,
        left_on: content.left_on,
        guardians: content.guardians.into_iter().map(guardian).collect(),
    })
}

/// What a file holds that this school may accept now.
async fn opened(turn: &Turn, bytes: &[u8]) -> Result<Content> {
    let (house, school, now) = (turn.house(), turn.school().id, turn.now());
    let envelope = Envelope::read(bytes)?;
    let record = registry::find(house.store.platform(), envelope.transfer).await?.ok_or_else(damaged)?;
    let acceptable = rules::acceptable(&record, school, now);
    if record.to_school != school {
        acceptable?;
        return Err(damaged());
    }
    // A damaged file is told as such, whatever has become of the transfer that it names.
    let content = envelope.open(&house.seal, school)?;
    acceptable?;
    Ok(content)
}

/// Takes the student in, once, and tells the platform. Cut in between, `settle` tells it.
pub async fn accept(door: &Portal, key: &IdempotencyKey, new: TransferAccept) -> Result<TransferAccepted> {
    let print = Sha256::digest(&new.content.0).to_vec();
    let same = (print, new.same_as, new.class_id, new.enrolled_on, new.guardians.clone());
    let came = door.once(key, "transfer_accept", &same, |turn| take_in(turn, new).boxed()).await?;
    let house = door.house();
    let told = registry::finish(house.store.platform(), came.transfer_id, house.clock.now()).await;
    if let Err(problem) = told {
        tracing::warn!(transfer = %came.transfer_id, code = problem.code(), "an acceptance is told later");
    }
    Ok(came)
}

/// Writes the student and the guardians, then takes the transfer in hand on the platform: the last step before the
/// commit, so that whatever is refused here leaves it as it was. Until the end nobody else has it in hand.
pub async fn take_in(turn: &Turn, new: TransferAccept) -> Result<TransferAccepted> {
    let permit = turn.allow(Act::TransferAccept)?;
    let content = opened(turn, &new.content.0).await?;
    if !store::hold(turn.db(), content.transfer).await? {
        return Err(Problem::conflict("transfers.being-accepted"));
    }
    if store::came(turn.db(), content.transfer).await? {
        return Err(Problem::conflict("transfers.accepted-already"));
    }
    let guardians = comers(&content, &new)?;
    let count = u32::try_from(guardians.len()).unwrap_or(u32::MAX);
    let arrival = Arrival {
        student: Comer { facts: content.student.clone(), is: new.same_as },
        class: new.class_id,
        enrolled_on: new.enrolled_on,
        guardians,
    };
    let student = admit(turn, &permit, arrival).await?;
    store::add_in(turn.db(), &permit, (&content, student), (turn.who().profile, turn.now())).await?;
    claim(turn, &permit, content.transfer).await?;
    turn.about(student.0, json!({ "from_school": content.from_kk, "guardians": count }));
    turn.say(Topic::People, Some(student.0));
    Ok(TransferAccepted { transfer_id: content.transfer, student_id: student, guardians: count })
}

fn comers(content: &Content, new: &TransferAccept) -> Result<Vec<(Comer, kd_people::transfers::Relation)>> {
    let mut places: Vec<u32> = new.guardians.iter().map(|comer| comer.place).collect();
    places.sort_unstable();
    places.dedup();
    let guardian = |place: u32| usize::try_from(place).ok().and_then(|place| content.guardians.get(place));
    if places.len() != new.guardians.len() || places.iter().any(|place| guardian(*place).is_none()) {
        return Err(Problem::field("guardians", "unknown"));
    }
    each_is_one(new.guardians.iter().filter_map(|comer| comer.same_as).chain(new.same_as))?;
    let comer = |comer: &crate::wire::TransferComer| {
        let guardian = guardian(comer.place)?;
        Some((Comer { facts: guardian.facts.clone(), is: comer.same_as }, guardian.relation))
    };
    Ok(new.guardians.iter().filter_map(comer).collect())
}

async fn claim<T>(turn: &Turn, _permit: &Permit<T>, id: TransferId) -> Result<()> {
    let (platform, school, now) = (turn.house().store.platform(), turn.school().id, turn.now());
    if registry::claim(platform, id, school, now).await? {
        return Ok(());
    }
    let record = registry::find(platform, id).await?.ok_or_else(Problem::not_found)?;
    rules::acceptable(&record, school, now)?;
    Err(Problem::conflict("transfers.being-accepted"))
}
