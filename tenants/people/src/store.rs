//! The room's only SQL, but for what other rooms read (`known`, `members`): people here, sheets and
//! handouts in `store::sheets`. Writes take permits.

pub mod handouts;
pub mod iin;
pub mod intake;
pub mod merges;
pub mod moves;
pub mod sheets;
pub mod transfers;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kd_ctx::{Permit, Plain, Thing};
use kd_kernel::{AccountId, ClassId, CredentialId, ProfileId, Relation as Stand, Relations, Result, Role, Roles};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::rules::Data;
use crate::wire::{Credential, Kind, PersonState, Relation, Sex};

/// Where a person `p` with handout `h` stands; `$1` is now. Who has an account has registered, whatever
/// the handout says.
macro_rules! credential_of_p {
    () => {
        "CASE WHEN p.account_id IS NOT NULL THEN 'activated' WHEN h.state IS NULL THEN 'none' \
         WHEN h.state IN ('issued', 'printed', 'mailed', 'handed_over') AND h.expires_at <= $1 THEN 'expired' ELSE h.state END"
    };
}
pub(crate) use credential_of_p;

/// A name in a list that is still to be cut to a page.
#[derive(Debug, FromQueryResult)]
pub struct NameRow {
    /// The person.
    pub id: ProfileId,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
}

/// Those of a kind whose name matches every pattern and who stand to the class, in no order; a profile that was
/// given up for another of the same person is not among them.
pub async fn matching(
    db: &impl ConnectionTrait,
    (kind, state): (Kind, PersonState),
    class: Option<ClassId>,
    patterns: Vec<String>,
) -> Result<Vec<NameRow>> {
    sql::all(
        db,
        "SELECT p.id, p.surname, p.given_name, p.patronymic FROM profile p \
         WHERE p.kind = $1 AND p.state = $4 AND p.folded_name LIKE ALL ($2::text[]) AND ($3::uuid IS NULL OR p.id IN ( \
           SELECT m.student_id FROM class_member m WHERE m.class_id = $3 AND m.left_on IS NULL UNION \
           SELECT g.guardian_id FROM class_member m JOIN guardianship g ON g.student_id = m.student_id \
           WHERE m.class_id = $3 AND m.left_on IS NULL)) \
         AND NOT EXISTS (SELECT FROM merge o WHERE o.dropped_id = p.id AND o.undone_at IS NULL)",
        [kind.into(), patterns.into(), class.into(), state.into()],
    )
    .await
}

/// A person, and how who asks stands to him or her.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Card {
    pub id: ProfileId,
    pub account_id: Option<AccountId>,
    pub kind: Kind,
    pub state: PersonState,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub position: Option<String>,
    pub version: i32,
    pub changed_by: Option<ProfileId>,
    pub changed_at: Option<DateTime<Utc>>,
    pub class_id: Option<ClassId>,
    pub credential: Credential,
    pub credential_id: Option<CredentialId>,
    roles: String,
    pub own: bool,
    pub ward: bool,
}

impl Card {
    /// The roles held.
    pub fn roles(&self) -> Roles {
        self.roles.split(',').filter_map(Role::of_name).collect()
    }
}

impl Thing for Card {
    fn relations(&self) -> Relations {
        Relations::none().and(Stand::Own, self.own).and(Stand::Ward, self.ward)
    }
}

macro_rules! cards {
    ($where:literal) => {
        concat!(
            "SELECT p.id, p.account_id, p.kind, p.state, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, p.phone, p.email, \
             p.address, p.position, p.version, p.changed_by, p.changed_at, m.class_id, ",
            credential_of_p!(),
            " AS credential, h.credential_id, coalesce((SELECT string_agg(r.role, ',') FROM role_held r WHERE r.profile_id = p.id), '') AS roles, \
             p.id = $2 AS own, EXISTS (SELECT FROM guardianship g WHERE g.guardian_id = $2 AND g.student_id = p.id) AS ward \
             FROM profile p LEFT JOIN class_member m ON m.student_id = p.id AND m.left_on IS NULL \
             LEFT JOIN handout h ON h.profile_id = p.id WHERE ",
            $where
        )
    };
}

/// Who asks, and when.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    pub me: ProfileId,
    pub now: DateTime<Utc>,
}

/// The cards of these people, the archive's too, in no order.
pub async fn cards(db: &impl ConnectionTrait, asking: Asking, people: &[ProfileId]) -> Result<Vec<Card>> {
    let values = [asking.now.into(), asking.me.into(), sql::array(people.iter().copied())];
    sql::all(db, cards!("p.id = ANY($3)"), values).await
}

/// One person's card, also of the archive: who may not see that must not be shown it.
pub async fn card(db: &impl ConnectionTrait, asking: Asking, person: ProfileId) -> Result<Option<Card>> {
    sql::one(db, cards!("p.id = $3"), [asking.now.into(), asking.me.into(), person.into()]).await
}

/// The card of somebody who belongs to the school, which nobody else can change until the end of the
/// transaction.
pub async fn card_to_change(db: &impl ConnectionTrait, asking: Asking, person: ProfileId) -> Result<Option<Card>> {
    sql::one(
        db,
        cards!("p.state = 'active' AND p.id = $3 FOR UPDATE OF p"),
        [asking.now.into(), asking.me.into(), person.into()],
    )
    .await
}

/// The card of somebody of the school or of its archive, which nobody else can change until the end of the
/// transaction.
pub async fn any_card_to_change(db: &impl ConnectionTrait, asking: Asking, person: ProfileId) -> Result<Option<Card>> {
    sql::one(db, cards!("p.id = $3 FOR UPDATE OF p"), [asking.now.into(), asking.me.into(), person.into()]).await
}

/// Whether somebody leads the class that a student is in now.
pub async fn is_led(db: &impl ConnectionTrait, leader: ProfileId, student: ProfileId) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM class_member m JOIN class c ON c.id = m.class_id \
         WHERE m.student_id = $2 AND m.left_on IS NULL AND c.homeroom_id = $1)",
        [leader.into(), student.into()],
    )
    .await
}

/// How many passwords somebody has reset since a moment.
pub async fn resets_since(db: &impl ConnectionTrait, by: ProfileId, since: DateTime<Utc>) -> Result<i64> {
    sql::scalar(
        db,
        "SELECT count(*) FROM audit WHERE at > $2 AND profile_id = $1 AND operation = 'password_reset'",
        [by.into(), since.into()],
    )
    .await
}

/// The other end of a guardianship.
#[derive(Debug, FromQueryResult)]
pub struct LinkRow {
    pub id: ProfileId,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub relation: Relation,
    pub class_id: Option<ClassId>,
}

/// Whom a person represents.
pub async fn children(db: &impl ConnectionTrait, guardian: ProfileId) -> Result<Vec<LinkRow>> {
    sql::all(
        db,
        "SELECT p.id, p.surname, p.given_name, p.patronymic, g.relation, m.class_id FROM guardianship g \
         JOIN profile p ON p.id = g.student_id AND p.state = 'active' \
         LEFT JOIN class_member m ON m.student_id = p.id AND m.left_on IS NULL WHERE g.guardian_id = $1",
        [guardian.into()],
    )
    .await
}

/// Who represents a student.
pub async fn guardians(db: &impl ConnectionTrait, student: ProfileId) -> Result<Vec<LinkRow>> {
    sql::all(
        db,
        "SELECT p.id, p.surname, p.given_name, p.patronymic, g.relation, NULL::uuid AS class_id FROM guardianship g \
         JOIN profile p ON p.id = g.guardian_id AND p.state = 'active' WHERE g.student_id = $1",
        [student.into()],
    )
    .await
}

/// Whether somebody of this name and birth date is there, of whatever kind.
pub async fn has_namesake(db: &impl ConnectionTrait, data: &Data) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM profile WHERE state = 'active' AND folded_name = $1 AND birth_date IS NOT DISTINCT FROM $2)",
        [data.folded_name.clone().into(), data.birth_date.into()],
    )
    .await
}

/// Whether all of these are students here.
pub async fn are_students(db: &impl ConnectionTrait, people: &[ProfileId]) -> Result<bool> {
    let found: i64 = sql::scalar(
        db,
        "SELECT count(*) FROM profile WHERE id = ANY($1) AND kind = 'student' AND state = 'active'",
        [sql::array(people.iter().copied())],
    )
    .await?;
    Ok(usize::try_from(found).ok() == Some(people.len()))
}

/// Registered administrators besides this person; none of them can lose the role until the end of the
/// transaction.
pub async fn other_administrators(db: &impl ConnectionTrait, person: ProfileId) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ProfileId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT p.id FROM role_held r JOIN profile p ON p.id = r.profile_id WHERE r.role = 'administrator' \
         AND p.state = 'active' AND p.account_id IS NOT NULL ORDER BY p.id FOR UPDATE OF r",
        [],
    )
    .await?;
    Ok(rows.iter().filter(|r| r.id != person).count())
}

/// Enters a person.
pub async fn add(
    db: &impl ConnectionTrait,
    _permit: &Permit<Plain>,
    who: (ProfileId, Kind),
    data: &Data,
    asking: Asking,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO profile (id, kind, surname, given_name, patronymic, folded_name, birth_date, sex, phone, email, address, \
         position, created_at, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13)",
        [
            who.0.into(),
            who.1.into(),
            data.surname.clone().into(),
            data.given_name.clone().into(),
            data.patronymic.clone().into(),
            data.folded_name.clone().into(),
            data.birth_date.into(),
            data.sex.into(),
            data.phone.clone().into(),
            data.email.clone().into(),
            data.address.clone().into(),
            data.position.clone().into(),
            asking.now.into(),
            asking.me.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes a person's data anew, with the next version.
pub async fn edit(db: &impl ConnectionTrait, card: &Permit<Card>, data: &Data, asking: Asking) -> Result<()> {
    sql::run(
        db,
        "UPDATE profile SET surname = $2, given_name = $3, patronymic = $4, folded_name = $5, birth_date = $6, sex = $7, \
         phone = $8, email = $9, address = $10, position = $11, version = version + 1, changed_by = $12, changed_at = $13 \
         WHERE id = $1",
        [
            card.id.into(),
            data.surname.clone().into(),
            data.given_name.clone().into(),
            data.patronymic.clone().into(),
            data.folded_name.clone().into(),
            data.birth_date.into(),
            data.sex.into(),
            data.phone.clone().into(),
            data.email.clone().into(),
            data.address.clone().into(),
            data.position.clone().into(),
            asking.me.into(),
            asking.now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Somebody of the staff, with the roles held.
#[derive(Debug, FromQueryResult)]
pub struct HolderRow {
    pub id: ProfileId,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub position: Option<String>,
    pub version: i32,
    pub registered: bool,
    pub roles: String,
}

macro_rules! holders {
    ($where:literal) => {
        concat!(
            "SELECT p.id, p.surname, p.given_name, p.patronymic, p.position, p.version, p.account_id IS NOT NULL AS registered, \
             coalesce(string_agg(r.role, ','), '') AS roles FROM profile p LEFT JOIN role_held r ON r.profile_id = p.id \
             WHERE p.state = 'active' AND p.kind = 'staff'",
            $where,
            " GROUP BY p.id"
        )
    };
}

/// Everybody on the staff, in no order.
pub async fn holders(db: &impl ConnectionTrait) -> Result<Vec<HolderRow>> {
    sql::all(db, holders!(""), []).await
}

/// One member of staff.
pub async fn holder(db: &impl ConnectionTrait, person: ProfileId) -> Result<Option<HolderRow>> {
    sql::one(db, holders!(" AND p.id = $1"), [person.into()]).await
}

/// Gives a person the next version, where something beside the data was changed.
pub async fn touch(db: &impl ConnectionTrait, card: &Permit<Card>, asking: Asking) -> Result<()> {
    sql::run(
        db,
        "UPDATE profile SET version = version + 1, changed_by = $2, changed_at = $3 WHERE id = $1",
        [card.id.into(), asking.me.into(), asking.now.into()],
    )
    .await?;
    Ok(())
}

/// Makes these the roles of a person.
pub async fn put_roles<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    person: ProfileId,
    roles: Roles,
    now: DateTime<Utc>,
) -> Result<()> {
    let names: Vec<String> = roles.iter().map(|r| r.name().to_owned()).collect();
    sql::run(
        db,
        "DELETE FROM role_held WHERE profile_id = $1 AND NOT role = ANY($2)",
        [person.into(), names.clone().into()],
    )
    .await?;
    sql::run(
        db,
        "INSERT INTO role_held (profile_id, role, since) SELECT $1, role, $3 FROM unnest($2::text[]) AS role ON CONFLICT DO NOTHING",
        [person.into(), names.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Makes these the students whom a person represents.
pub async fn put_children<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    guardian: ProfileId,
    children: &BTreeMap<ProfileId, Relation>,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "DELETE FROM guardianship WHERE guardian_id = $1 AND NOT student_id = ANY($2)",
        [guardian.into(), sql::array(children.keys().copied())],
    )
    .await?;
    for (student, relation) in children {
        sql::run(
            db,
            "INSERT INTO guardianship (guardian_id, student_id, relation, since) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (guardian_id, student_id) DO UPDATE SET relation = excluded.relation",
            [guardian.into(), (*student).into(), (*relation).into(), now.into()],
        )
        .await?;
    }
    Ok(())
}
