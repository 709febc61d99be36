//! The four guards. Each is the first argument of a handler; holding one proves who asks and what the
//! session may reach. There is no other way to the house.

use std::net::IpAddr;
use std::sync::Arc;

use kd_ctx::looks;
use kd_ctx::once::{Attempt, Place, once};
use kd_ctx::{BoxFuture, House, Proof, SchoolCard, Scope, Session, Token, Turn};
use kd_kernel::{AccountId, Act, Problem, ProfileId, Relations, Result, Role, Roles, Tongue};
use kd_store::Mode;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::below_slug::PathSlug;
use crate::cookies;

/// What an operation answers, as handlers return it.
pub type Answer<T> = Result<poem_openapi::payload::Json<T>, Problem>;

fn house(request: &Request) -> Result<Arc<House>> {
    request.extensions().get::<Arc<House>>().cloned().ok_or_else(|| Problem::internal("a request without a house"))
}

fn tongue(request: &Request) -> Tongue {
    Tongue::of_header(request.header("accept-language"))
}

/// Where a request comes from.
fn address(request: &Request) -> IpAddr {
    request.remote_addr().as_socket_addr().map_or(IpAddr::from([127, 0, 0, 1]), std::net::SocketAddr::ip)
}

/// Anybody. Knows the caller's address and language, and the session's token if there is one.
#[derive(Clone)]
pub struct Visitor {
    /// The house.
    pub house: Arc<House>,
    /// Where the request comes from; for limits alone, never stored.
    pub ip: IpAddr,
    /// The language of the answer.
    pub tongue: Tongue,
    /// The token in the user's cookie.
    pub user_token: Option<Token>,
    /// The token in the operator's cookie.
    pub operator_token: Option<Token>,
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self {
            house: house(request)?,
            ip: address(request),
            tongue: tongue(request),
            user_token: cookies::token(request, Scope::User),
            operator_token: cookies::token(request, Scope::Operator),
        })
    }
}

/// Somebody with a session that can do nothing but register and activate.
#[derive(Clone)]
pub struct Newcomer {
    /// The house.
    pub house: Arc<House>,
    /// The session.
    pub session: Session,
    /// Its token, to be exchanged for another.
    pub token: Token,
    /// Where the request comes from; for limits alone, never stored.
    pub ip: IpAddr,
    /// The language of the answer.
    pub tongue: Tongue,
}

impl Newcomer {
    async fn guard(request: &Request) -> Result<Self> {
        let house = house(request)?;
        let token = cookies::token(request, Scope::Newcomer).ok_or_else(Problem::unauthorized)?;
        let session = house.session_find(&token, Scope::Newcomer).await?.ok_or_else(Problem::unauthorized)?;
        Ok(Self { house, session, token, ip: address(request), tongue: tongue(request) })
    }
}

/// A user with a profile in the school of the path.
#[derive(Clone)]
pub struct Portal {
    house: Arc<House>,
    school: SchoolCard,
    account: AccountId,
    profile: ProfileId,
    tongue: Tongue,
    session: Session,
    from: IpAddr,
}

impl Portal {
    async fn guard(request: &Request) -> Result<Self> {
        let house = house(request)?;
        let token = cookies::token(request, Scope::User).ok_or_else(Problem::unauthorized)?;
        let session = house.session_find(&token, Scope::User).await?.ok_or_else(Problem::unauthorized)?;
        let slug = slug(request).ok_or_else(Problem::not_found)?;
        let school = house.school(slug).await?.filter(SchoolCard::is_open).ok_or_else(Problem::not_found)?;
        let account = session.account.ok_or_else(Problem::unauthorized)?;
        let profile = session.member(school.id).ok_or_else(Problem::not_found)?;
        Ok(Self { house, school, account, profile, tongue: tongue(request), session, from: address(request) })
    }

    /// The school.
    #[must_use]
    pub fn school(&self) -> &SchoolCard {
        &self.school
    }

    /// The account that is signed in.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The language of the answer.
    #[must_use]
    pub fn tongue(&self) -> Tongue {
        self.tongue
    }

    /// Where the request comes from; for limits alone, never stored.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.from
    }

    /// Asks that the owner of the session has proved within the last ten minutes who it is (S27).
    ///
    /// # Errors
    /// 403 `accounts.step-up-needed`.
    pub fn fresh(&self) -> Result<()> {
        self.proof().fresh()
    }

    fn proof(&self) -> Proof {
        self.session.proof(self.house.clock.now())
    }

    /// The house, for streams.
    #[must_use]
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// Reads, in a turn that PostgreSQL itself keeps from writing. Whose data the operation says it shows is
    /// in the access log before this returns.
    ///
    /// # Errors
    /// The operation's own; 404 when the person is no longer in the school; 503 when the log cannot be written.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send,
        F: for<'t> FnOnce(&'t Turn) -> BoxFuture<'t, Result<T>> + Send,
    {
        let place = self.place();
        let turn = Turn::begin(&self.house, place.school, place.seat, Mode::Read).await?.for_place(&place);
        let answer = read(&turn).await?;
        let shown = turn.take_shown();
        turn.commit().await?;
        looks::note(&self.house, &place, &shown).await?;
        Ok(answer)
    }

    fn place(&self) -> Place<'_> {
        Place {
            school: &self.school,
            seat: (self.account, self.profile),
            tongue: self.tongue,
            from: self.from,
            proof: self.proof(),
        }
    }

    /// Writes once for an Idempotency-Key; the audit line of `operation` is written with it.
    ///
    /// # Errors
    /// The operation's own; 422 when the key came with another body before.
    pub async fn once<B, T, F>(&self, key: &IdempotencyKey, operation: &'static str, body: &B, write: F) -> Result<T>
    where
        B: Serialize,
        T: Serialize + DeserializeOwned + Send,
        F: for<'t> FnOnce(&'t Turn) -> BoxFuture<'t, Result<T>> + Send,
    {
        let attempt = Attempt::new(key.0, operation, body)?;
        once(&self.house, self.place(), attempt, write).await
    }
}

/// The slug of `/api/portal/{slug}/…`.
fn slug(request: &Request) -> Option<&str> {
    request.extensions().get::<PathSlug>().map(|slug| slug.0.as_str())
}

/// An operator of the provider.
#[derive(Clone)]
pub struct Operator {
    /// The house.
    pub house: Arc<House>,
    /// The operator's account.
    pub account: AccountId,
    /// The language of the answer.
    pub tongue: Tongue,
}

impl Operator {
    async fn guard(request: &Request) -> Result<Self> {
        let house = house(request)?;
        let token = cookies::token(request, Scope::Operator).ok_or_else(Problem::unauthorized)?;
        let session = house.session_find(&token, Scope::Operator).await?.ok_or_else(Problem::unauthorized)?;
        let account = session.account.ok_or_else(Problem::unauthorized)?;
        Ok(Self { house, account, tongue: tongue(request) })
    }

    /// Asks whether an operator may do the act.
    ///
    /// # Errors
    /// 403.
    pub fn allow(&self, act: Act) -> Result<()> {
        let allowed = self.house.access.decide(Roles::default().with(Role::Operator), act, Relations::none());
        if allowed { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

macro_rules! session_guard {
    ($guard:ident, $scheme:literal, $cookie:expr) => {
        impl<'a> ApiExtractor<'a> for $guard {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut Registry) {
                registry.create_security_scheme(
                    $scheme,
                    MetaSecurityScheme {
                        ty: "apiKey",
                        description: None,
                        name: Some($cookie),
                        key_in: Some("cookie"),
                        scheme: None,
                        bearer_format: None,
                        flows: None,
                        openid_connect_url: None,
                    },
                );
            }

            fn security_schemes() -> Vec<&'static str> {
                vec![$scheme]
            }

            async fn from_request(
                request: &'a Request,
                _: &mut RequestBody,
                _: ExtractParamOptions<Self::ParamType>,
            ) -> poem::Result<Self> {
                Ok($guard::guard(request).await?)
            }
        }
    };
}

session_guard!(Newcomer, "Newcomer", cookies::USER);
session_guard!(Portal, "Portal", cookies::USER);
session_guard!(Operator, "Operator", cookies::OPERATOR);

/// The `Idempotency-Key` of a write: a uuid that stays the same when the write is tried again.
#[derive(Debug, Clone, Copy)]
pub struct IdempotencyKey(pub Uuid);

impl<'a> ApiExtractor<'a> for IdempotencyKey {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = Uuid;
    type ParamRawType = Uuid;

    fn param_in() -> Option<poem_openapi::registry::MetaParamIn> {
        Some(poem_openapi::registry::MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<poem_openapi::registry::MetaSchemaRef> {
        Some(<Uuid as poem_openapi::types::Type>::schema_ref())
    }

    fn param_raw_type(&self) -> Option<&Self::ParamRawType> {
        Some(&self.0)
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let key = request.header("idempotency-key").and_then(|text| Uuid::parse_str(text).ok());
        Ok(key.map(Self).ok_or_else(|| Problem::refused("idempotency.key-missing"))?)
    }
}
