//! Sessions: a 256-bit opaque token, of which only the hash is stored, in PostgreSQL. Redis holds a copy
//! for seconds; when it is empty or gone, nobody is logged out. `accounts` decides when one is opened.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use kd_kernel::{AccountId, CredentialId, Problem, ProfileId, Result, SchoolId, SessionId};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::House;

/// How long a proof of the own identity is good for what is sensitive (S27).
const PROOF: TimeDelta = TimeDelta::minutes(10);

/// How long a copy in Redis is believed: the longest that an ended session can still be served when
/// Redis could not be told (S32).
const BELIEVED: Duration = Duration::from_secs(5);

/// What a session may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Opened by a temporary credential, or by an account whose school is not open yet: registration
    /// and activation, and nothing else.
    Newcomer,
    /// An ordinary user.
    User,
    /// An operator of the provider; valid on the console's host alone.
    Operator,
}

impl Scope {
    /// The name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newcomer => "newcomer",
            Self::User => "user",
            Self::Operator => "operator",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        [Self::Newcomer, Self::User, Self::Operator].into_iter().find(|s| s.name() == name)
    }

    /// The span of a session that nothing more is known of.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Self::Newcomer => Span::Newcomer,
            Self::User => Span::User,
            Self::Operator => Span::Operator,
        }
    }
}

/// How long a session may be idle, and how long it may last at all (S31): the more it may do, the shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Registration and activation.
    Newcomer,
    /// An ordinary user.
    User,
    /// Somebody who administers a school.
    Administrator,
    /// An operator of the provider.
    Operator,
}

impl Span {
    /// Idle and absolute limits in seconds.
    #[must_use]
    pub fn limits(self) -> (i32, i64) {
        match self {
            Self::Newcomer => (3_600, 12 * 3_600),
            Self::User => (8 * 3_600, 24 * 3_600),
            Self::Administrator => (3_600, 12 * 3_600),
            Self::Operator => (15 * 60, 10 * 3_600),
        }
    }
}

/// A session's token: the only thing that proves it. Never logged, never stored.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The token of a cookie; `None` where it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Self(text.to_ascii_lowercase()))
    }

    /// What the cookie carries.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A profile of the session's account in one school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub struct Member {
    /// The school.
    pub school_id: SchoolId,
    /// The person there.
    pub profile_id: ProfileId,
}

/// A session that lives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its identity, for the list of sessions and for the log.
    pub id: SessionId,
    /// What it may reach.
    pub scope: Scope,
    /// The account; missing while a newcomer has none.
    pub account: Option<AccountId>,
    /// The temporary credential that opened it.
    pub credential: Option<CredentialId>,
    /// The schools that the account has a profile in.
    pub members: Vec<Member>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub seen_at: DateTime<Utc>,
    /// How long it may be idle.
    pub idle_seconds: i32,
    /// When its owner last proved who it is: by signing in, or by a proof since.
    pub proven_at: DateTime<Utc>,
}

impl Session {
    /// Whether the owner has proved who it is within the last ten minutes (S27).
    #[must_use]
    pub fn proof(&self, now: DateTime<Utc>) -> Proof {
        if now < self.proven_at + PROOF { Proof::Fresh } else { Proof::Stale }
    }

    fn lives(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.seen_at + TimeDelta::seconds(i64::from(self.idle_seconds))
    }

    /// The account's profile in a school.
    #[must_use]
    pub fn member(&self, school: SchoolId) -> Option<ProfileId> {
        self.members.iter().find(|m| m.school_id == school).map(|m| m.profile_id)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: SessionId,
    scope: String,
    account_id: Option<AccountId>,
    credential_id: Option<CredentialId>,
    expires_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    idle_seconds: i32,
    proven_at: Option<DateTime<Utc>>,
}

/// How long ago somebody proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Within the last ten minutes.
    Fresh,
    /// Before that.
    Stale,
}

impl Proof {
    /// Asks for a fresh one.
    ///
    /// # Errors
    /// 403 `accounts.step-up-needed`; the page then asks for the password and sends the same again.
    pub fn fresh(self) -> Result<()> {
        match self {
            Self::Fresh => Ok(()),
            Self::Stale => Err(Problem::barred("accounts.step-up-needed")),
        }
    }
}

/// A living session, as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
}

/// Which sessions of an account are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(SessionId),
    /// All but this one.
    Others(SessionId),
    /// Every one.
    All,
}

/// For whom a session is opened.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// What it may reach.
    pub scope: Scope,
    /// The account, and its epoch at this moment.
    pub account: Option<(AccountId, i32)>,
    /// The temporary credential.
    pub credential: Option<CredentialId>,
}

impl House {
    /// Opens a session inside the caller's transaction; the token is shown to nobody but the browser.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn session_open(&self, db: &impl ConnectionTrait, opening: Opening) -> Result<Token> {
        self.session_open_for(db, opening, opening.scope.span()).await
    }

    /// As [`House::session_open`], for a span of its own.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn session_open_for(&self, db: &impl ConnectionTrait, opening: Opening, span: Span) -> Result<Token> {
        let token = Token(HEXLOWER.encode(&self.chance.bytes::<32>()));
        let now = self.clock.now();
        let (idle, whole) = span.limits();
        sql::run(
            db,
            "INSERT INTO platform.session (id, token_hash, scope, account_id, account_epoch, credential_id, created_at, \
             seen_at, proven_at, idle_seconds, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8, $9)",
            [
                self.id::<SessionId>().into(),
                token.hash().into(),
                opening.scope.name().into(),
                opening.account.map(|(id, _)| id).into(),
                opening.account.map(|(_, epoch)| epoch).into(),
                opening.credential.into(),
                now.into(),
                idle.into(),
                (now + TimeDelta::seconds(whole)).into(),
            ],
        )
        .await?;
        Ok(token)
    }

    /// The living session of a token, if it has the wanted scope.
    ///
    /// # Errors
    /// 503 when neither Redis nor PostgreSQL answers.
    pub async fn session_find(&self, token: &Token, scope: Scope) -> Result<Option<Session>> {
        let hash = token.hash();
        let key = kd_cache::Key::platform("session", &HEXLOWER.encode(&hash));
        let now = self.clock.now();
        let held = self.cache.get::<Session>(&key).await.filter(|s| s.lives(now));
        let session = match held {
            Some(session) => session,
            None => {
                let Some(session) = self.session_read(hash, now).await? else { return Ok(None) };
                self.cache.put(&key, &session, BELIEVED).await;
                session
            }
        };
        Ok((session.scope == scope).then_some(session))
    }

    async fn session_read(&self, hash: Vec<u8>, now: DateTime<Utc>) -> Result<Option<Session>> {
        let db = self.store.platform();
        let row: Option<Row> = sql::one(
            db,
            "SELECT s.id, s.scope, s.account_id, s.credential_id, s.expires_at, s.seen_at, s.idle_seconds, s.proven_at \
             FROM platform.session s LEFT JOIN platform.account a ON a.id = s.account_id \
             WHERE s.token_hash = $1 AND s.ended_at IS NULL AND (s.account_id IS NULL OR (a.epoch = s.account_epoch \
             AND a.state IN ('activating', 'active')))",
            [hash.into()],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(scope) = Scope::of_name(&row.scope) else { return Ok(None) };
        let members = match row.account_id {
            Some(account) if scope == Scope::User => {
                sql::all(
                    db,
                    "SELECT school_id, profile_id FROM platform.membership WHERE account_id = $1 \
                     ORDER BY created_at, profile_id",
                    [account.into()],
                )
                .await?
            }
            _ => Vec::new(),
        };
        let mut session = Session {
            id: row.id,
            scope,
            account: row.account_id,
            credential: row.credential_id,
            members,
            expires_at: row.expires_at,
            seen_at: row.seen_at,
            idle_seconds: row.idle_seconds,
            proven_at: row.proven_at.unwrap_or(DateTime::UNIX_EPOCH),
        };
        if !session.lives(now) {
            return Ok(None);
        }
        if now - session.seen_at > TimeDelta::seconds(60) {
            sql::run(db, "UPDATE platform.session SET seen_at = $2 WHERE id = $1", [session.id.into(), now.into()])
                .await?;
            session.seen_at = now;
        }
        Ok(Some(session))
    }

    /// Whether a session still lives, by PostgreSQL's word; for streams.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn session_alive(&self, session: &Session) -> Result<bool> {
        let lives: bool = sql::scalar(
            self.store.platform(),
            "SELECT EXISTS (SELECT FROM platform.session s LEFT JOIN platform.account a ON a.id = s.account_id \
             WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND (s.account_id IS NULL \
             OR (a.epoch = s.account_epoch AND a.state IN ('activating', 'active'))))",
            [session.id.into(), self.clock.now().into()],
        )
        .await?;
        Ok(lives)
    }

    /// Ends the session of a token; says nothing of whether there was one.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn session_end(&self, token: &Token) -> Result<()> {
        let hash = token.hash();
        sql::run(
            self.store.platform(),
            "UPDATE platform.session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL",
            [hash.clone().into(), self.clock.now().into()],
        )
        .await?;
        self.session_forget(&hash).await;
        Ok(())
    }

    /// Ends every session of an account: what is open is refused at the next request, streams within
    /// seconds.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn sessions_end_of(&self, account: AccountId) -> Result<()> {
        self.sessions_end(account, Which::All).await?;
        self.cache.publish_kick(account.0).await;
        Ok(())
    }

    /// Ends those sessions of an account, their streams too; says how many lived.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn sessions_end(&self, account: AccountId, which: Which) -> Result<usize> {
        #[derive(FromQueryResult)]
        struct Ended {
            id: SessionId,
            token_hash: Vec<u8>,
        }
        let (one, kept) = match which {
            Which::One(id) => (Some(id), None),
            Which::Others(id) => (None, Some(id)),
            Which::All => (None, None),
        };
        let ended: Vec<Ended> = sql::all(
            self.store.platform(),
            "UPDATE platform.session SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL \
             AND ($3::uuid IS NULL OR id = $3) AND ($4::uuid IS NULL OR id <> $4) RETURNING id, token_hash",
            [account.into(), self.clock.now().into(), one.into(), kept.into()],
        )
        .await?;
        for session in &ended {
            self.session_forget(&session.token_hash).await;
            self.cache.publish_kick(session.id.0).await;
        }
        Ok(ended.len())
    }

    /// Makes an account's living sessions last no longer than a span allows: whoever may do more from now on is idle
    /// for less (S31). Nobody is signed out by it who is at work.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn sessions_shorten(&self, account: AccountId, span: Span) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Hash {
            token_hash: Vec<u8>,
        }
        let ((idle, most), now) = (span.limits(), self.clock.now());
        let shortened: Vec<Hash> = sql::all(
            self.store.platform(),
            "UPDATE platform.session SET idle_seconds = least(idle_seconds, $2), expires_at = least(expires_at, $3) \
             WHERE account_id = $1 AND ended_at IS NULL RETURNING token_hash",
            [account.into(), idle.into(), (now + TimeDelta::seconds(most)).into()],
        )
        .await?;
        for session in &shortened {
            self.session_forget(&session.token_hash).await;
        }
        Ok(())
    }

    /// The living sessions of an account, the one seen last first.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn sessions_of(&self, account: AccountId) -> Result<Vec<Listed>> {
        sql::all(
            self.store.platform(),
            "SELECT s.id, s.created_at, s.seen_at, s.expires_at FROM platform.session s \
             JOIN platform.account a ON a.id = s.account_id AND a.epoch = s.account_epoch \
             WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 \
             AND s.seen_at + s.idle_seconds * interval '1 second' > $2 ORDER BY s.seen_at DESC, s.id DESC",
            [account.into(), self.clock.now().into()],
        )
        .await
    }

    /// Notes that a session's owner has proved anew who it is.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn session_prove(&self, id: SessionId) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Hash {
            token_hash: Vec<u8>,
        }
        let row: Option<Hash> = sql::one(
            self.store.platform(),
            "UPDATE platform.session SET proven_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING token_hash",
            [id.into(), self.clock.now().into()],
        )
        .await?;
        if let Some(row) = row {
            self.session_forget(&row.token_hash).await;
        }
        Ok(())
    }

    async fn session_forget(&self, hash: &[u8]) {
        self.cache.forget(&kd_cache::Key::platform("session", &HEXLOWER.encode(hash))).await;
    }
}
