//! SQL of duplicates and of two profiles made one. What a person is bound to is read as one value, compared as
//! one, and written back as one.

use chrono::{DateTime, NaiveDate, Utc};
use kd_ctx::Permit;
use kd_kernel::{ClassId, MergeId, ProfileId, Result};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::Asking;
use crate::heirs::Pair;
use crate::rules::alike::{OneLife, Stay};
use crate::wire::Kind;

/// Somebody who may be there twice.
#[derive(Debug, FromQueryResult)]
pub struct TwinRow {
    pub id: ProfileId,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub class_id: Option<ClassId>,
    pub registered: bool,
}

/// Everybody of a kind who belongs to the school, in the order of entering.
pub async fn of_kind(db: &impl ConnectionTrait, kind: Kind) -> Result<Vec<TwinRow>> {
    sql::all(
        db,
        "SELECT p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.account_id IS NOT NULL AS registered, m.class_id \
         FROM profile p LEFT JOIN class_member m ON m.student_id = p.id AND m.left_on IS NULL \
         WHERE p.kind = $1 AND p.state = 'active' ORDER BY p.created_at, p.id",
        [kind.into()],
    )
    .await
}

/// The pairs of a kind of which somebody has said that they are two people, the smaller id first.
pub async fn told_apart(db: &impl ConnectionTrait, kind: Kind) -> Result<Vec<(ProfileId, ProfileId)>> {
    #[derive(FromQueryResult)]
    struct Row {
        one_id: ProfileId,
        other_id: ProfileId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT n.one_id, n.other_id FROM not_same n JOIN profile p ON p.id = n.one_id WHERE p.kind = $1",
        [kind.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|r| (r.one_id, r.other_id)).collect())
}

/// Remembers that two are not the same person; once more is the same.
pub async fn tell_apart(db: &impl ConnectionTrait, pair: &Permit<Pair>, asking: Asking) -> Result<()> {
    let (one, other) = (pair.kept.min(pair.dropped), pair.kept.max(pair.dropped));
    sql::run(
        db,
        "INSERT INTO not_same (one_id, other_id, said_by, said_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        [one.into(), other.into(), asking.me.into(), asking.now.into()],
    )
    .await?;
    Ok(())
}

/// Forgets that two were told apart.
pub async fn take_back_apart(db: &impl ConnectionTrait, pair: &Permit<Pair>) -> Result<()> {
    let (one, other) = (pair.kept.min(pair.dropped), pair.kept.max(pair.dropped));
    sql::run(db, "DELETE FROM not_same WHERE one_id = $1 AND other_id = $2", [one.into(), other.into()]).await?;
    Ok(())
}

/// All that this room keeps of a person and that a merge changes, as one value.
pub async fn bound_to(db: &impl ConnectionTrait, person: ProfileId) -> Result<Value> {
    sql::scalar(
        db,
        "SELECT jsonb_build_object('profile', to_jsonb(p) - 'version' - 'changed_by' - 'changed_at', \
         'roles', coalesce((SELECT jsonb_agg(to_jsonb(r) ORDER BY r.role) FROM role_held r WHERE r.profile_id = p.id), '[]'), \
         'guardianships', coalesce((SELECT jsonb_agg(to_jsonb(g) ORDER BY g.guardian_id, g.student_id) FROM guardianship g \
           WHERE p.id IN (g.guardian_id, g.student_id)), '[]'), \
         'memberships', coalesce((SELECT jsonb_agg(to_jsonb(m) ORDER BY m.id) FROM class_member m WHERE m.student_id = p.id), '[]')) \
         FROM profile p WHERE p.id = $1",
        [person.into()],
    )
    .await
}

/// Gives the guardianships of the dropped profile to the kept one; where both have the same, its own stays.
pub async fn give_guardianships(db: &impl ConnectionTrait, pair: &Permit<Pair>) -> Result<()> {
    let both = || [pair.kept.into(), pair.dropped.into()];
    sql::run(
        db,
        "INSERT INTO guardianship (guardian_id, student_id, relation, since) \
         SELECT CASE guardian_id WHEN $2 THEN $1 ELSE guardian_id END, CASE student_id WHEN $2 THEN $1 ELSE student_id END, \
         relation, since FROM guardianship WHERE $2 IN (guardian_id, student_id) ON CONFLICT DO NOTHING",
        both(),
    )
    .await?;
    sql::run(db, "DELETE FROM guardianship WHERE $1 IN (guardian_id, student_id)", [pair.dropped.into()]).await?;
    Ok(())
}

/// The times in classes of both.
pub async fn stays(db: &impl ConnectionTrait, pair: &Permit<Pair>) -> Result<Vec<(ProfileId, Stay)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        student_id: ProfileId,
        class_id: ClassId,
        joined: NaiveDate,
        left_on: Option<NaiveDate>,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT id, student_id, class_id, joined, left_on FROM class_member WHERE student_id IN ($1, $2) ORDER BY id",
        [pair.kept.into(), pair.dropped.into()],
    )
    .await?;
    let stay = |r: Row| (r.student_id, Stay { id: r.id, class: r.class_id, joined: r.joined, left_on: r.left_on });
    Ok(rows.into_iter().map(stay).collect())
}

/// Writes what the times of both come to: those that stay are the kept profile's, what is covered ends on its
/// first day where it is. What is over is written before what lasts, of which there is one.
pub async fn give_stays(db: &impl ConnectionTrait, pair: &Permit<Pair>, life: &OneLife) -> Result<()> {
    for stay in &life.covered {
        sql::run(db, "UPDATE class_member SET left_on = $2 WHERE id = $1", [stay.id.into(), stay.left_on.into()])
            .await?;
    }
    for stay in &life.stays {
        sql::run(
            db,
            "UPDATE class_member SET student_id = $2, joined = $3, left_on = $4 WHERE id = $1",
            [stay.id.into(), pair.kept.into(), stay.joined.into(), stay.left_on.into()],
        )
        .await?;
    }
    Ok(())
}

/// What a merge writes down of itself.
pub struct Record {
    pub id: MergeId,
    pub before: Value,
    pub after: Value,
    pub rooms: Value,
}

/// Writes down that two profiles are one.
pub async fn put(db: &impl ConnectionTrait, pair: &Permit<Pair>, record: Record, asking: Asking) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO merge (id, kept_id, dropped_id, before, after, rooms, merged_by, merged_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            record.id.into(),
            pair.kept.into(),
            pair.dropped.into(),
            record.before.into(),
            record.after.into(),
            record.rooms.into(),
            asking.me.into(),
            asking.now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A merge that was not undone.
#[derive(Debug, FromQueryResult)]
pub struct MergeRow {
    pub id: MergeId,
    pub kept_id: ProfileId,
    pub dropped_id: ProfileId,
    pub before: Value,
    pub after: Value,
    pub rooms: Value,
    pub merged_by: ProfileId,
    pub merged_at: DateTime<Utc>,
}

macro_rules! merges {
    ($where:literal) => {
        concat!(
            "SELECT id, kept_id, dropped_id, before, after, rooms, merged_by, merged_at FROM merge \
             WHERE undone_at IS NULL AND ",
            $where
        )
    };
}

/// A merge that was not undone, by its id.
pub async fn find(db: &impl ConnectionTrait, id: MergeId) -> Result<Option<MergeRow>> {
    sql::one(db, merges!("id = $1"), [id.into()]).await
}

/// The merges that a profile is part of, the latest first.
pub async fn of_person(db: &impl ConnectionTrait, person: ProfileId) -> Result<Vec<MergeRow>> {
    sql::all(db, merges!("$1 IN (kept_id, dropped_id) ORDER BY merged_at DESC, id DESC"), [person.into()]).await
}

/// Makes of a person again what was read by [`bound_to`]; the version goes on.
pub async fn restore(db: &impl ConnectionTrait, pair: &Permit<Pair>, before: &Value, asking: Asking) -> Result<()> {
    sql::run(
        db,
        "UPDATE profile p SET surname = b.surname, given_name = b.given_name, patronymic = b.patronymic, \
         folded_name = b.folded_name, birth_date = b.birth_date, sex = b.sex, phone = b.phone, email = b.email, \
         address = b.address, position = b.position, state = b.state, version = p.version + 1, changed_by = $2, changed_at = $3 \
         FROM (SELECT (jsonb_populate_record(NULL::profile, e.value -> 'profile')).* FROM jsonb_each($1::jsonb) e) b \
         WHERE p.id = b.id",
        [before.clone().into(), asking.me.into(), asking.now.into()],
    )
    .await?;
    let both = || sql::array([pair.kept, pair.dropped]);
    sql::run(db, "DELETE FROM role_held WHERE profile_id = ANY($1)", [both()]).await?;
    sql::run(db, "DELETE FROM class_member WHERE student_id = ANY($1)", [both()]).await?;
    sql::run(db, "DELETE FROM guardianship WHERE guardian_id = ANY($1) OR student_id = ANY($1)", [both()]).await?;
    for insert in [
        "INSERT INTO role_held SELECT r.* FROM jsonb_each($1::jsonb) e, \
         jsonb_populate_recordset(NULL::role_held, e.value -> 'roles') r",
        "INSERT INTO class_member SELECT r.* FROM jsonb_each($1::jsonb) e, \
         jsonb_populate_recordset(NULL::class_member, e.value -> 'memberships') r",
        "INSERT INTO guardianship SELECT r.* FROM jsonb_each($1::jsonb) e, \
         jsonb_populate_recordset(NULL::guardianship, e.value -> 'guardianships') r",
    ] {
        sql::run(db, insert, [before.clone().into()]).await?;
    }
    Ok(())
}

/// Writes down that a merge is undone; false where somebody else has just done so.
pub async fn undone(db: &impl ConnectionTrait, _pair: &Permit<Pair>, id: MergeId, asking: Asking) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE merge SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at IS NULL",
        [id.into(), asking.me.into(), asking.now.into()],
    )
    .await?;
    Ok(rows == 1)
}
