//! What a registration and a sign-in read of a school, and the one thing that they write there.

use chrono::{DateTime, Utc};
use kd_kernel::{AccountId, CredentialId, ProfileId, Result, Role};
use kd_store::{SchoolTx, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A profile, as far as this room may know it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Profile {
    pub account_id: Option<AccountId>,
    pub kind: String,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub roles: String,
}

impl Profile {
    /// The roles held, in order.
    pub(crate) fn roles(&self) -> Vec<Role> {
        let held: kd_kernel::Roles = self.roles.split(',').filter_map(Role::of_name).collect();
        held.iter().collect()
    }
}

/// A profile that is not archived.
pub(crate) async fn profile(tx: &SchoolTx, id: ProfileId) -> Result<Option<Profile>> {
    sql::one(
        tx,
        "SELECT p.account_id, p.kind, p.surname, p.given_name, p.patronymic, \
         coalesce(string_agg(r.role, ','), '') AS roles FROM profile p LEFT JOIN role_held r ON r.profile_id = p.id \
         WHERE p.id = $1 AND p.state = 'active' GROUP BY p.id",
        [id.into()],
    )
    .await
}

/// Writes that a profile has an account, with the line of the audit. False where it has another one or is not
/// there any more, or where the account has another profile; writing the same twice changes nothing.
pub(crate) async fn link(
    tx: &SchoolTx,
    (profile, account): (ProfileId, AccountId),
    (credential, operation): (CredentialId, &'static str),
    (audit, now): (Uuid, DateTime<Utc>),
) -> Result<bool> {
    let fresh = sql::run(
        tx,
        "UPDATE profile SET account_id = $2 WHERE id = $1 AND account_id IS NULL AND state = 'active' \
         AND NOT EXISTS (SELECT FROM profile WHERE account_id = $2)",
        [profile.into(), account.into()],
    )
    .await?;
    if fresh == 0 {
        return sql::scalar(
            tx,
            "SELECT EXISTS (SELECT FROM profile WHERE id = $1 AND account_id = $2)",
            [profile.into(), account.into()],
        )
        .await;
    }
    // The step of the credential's way bears the id of its line in the audit.
    sql::run(
        tx,
        "INSERT INTO handout_event (id, profile_id, credential_id, before, after, sheet_id, done_by, at) \
         SELECT $3, profile_id, credential_id, state, 'activated', sheet_id, profile_id, $4 FROM handout \
         WHERE profile_id = $1 AND credential_id = $2",
        [profile.into(), credential.into(), audit.into(), now.into()],
    )
    .await?;
    sql::run(
        tx,
        "UPDATE handout SET state = 'activated', activated_at = $3 WHERE profile_id = $1 AND credential_id = $2",
        [profile.into(), credential.into(), now.into()],
    )
    .await?;
    sql::run(
        tx,
        "INSERT INTO audit (id, account_id, profile_id, operation, subject_id, at) VALUES ($1, $2, $3, $5, $3, $4)",
        [audit.into(), account.into(), profile.into(), now.into(), operation.into()],
    )
    .await?;
    Ok(true)
}
