//! A lost password: the school gives a new temporary one, or voids what another has seen. A class teacher does
//! so for the own students, an administrator for everybody but other administrators; nobody chooses or reads
//! a password, it stands on one card that is printed in the answer and kept nowhere (S23, M29).

use chrono::{DateTime, TimeDelta, Utc};
use kd_accounts::credentials::{Issued, New, Purpose, issue_as, renew};
use kd_accounts::{password_void, reset_opens_elsewhere};
use kd_ctx::{FutureExt as _, House, Permit, Thing, Turn};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::names::{full_name, login_stem};
use kd_kernel::{AccountId, Act, CredentialId, Problem, ProfileId, Relation, Relations, Result, Role};
use kd_press::{Card as Printed, SheetBatch, SheetLang, SheetPart};
use poem::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::people::asking;
use crate::rules::{card_words, strict};
use crate::store::{self, Card};
use crate::wire::{Kind, ResetDone, Sex, SheetLanguage};

/// How long the card of a reset is valid.
const VALID: TimeDelta = TimeDelta::days(3);
/// Resets of one person within an hour: an administrator's, and a class teacher's.
const MOST: (i64, i64) = (60, 10);

/// A person whose password may be reset, and how who asks stands to him or her.
#[derive(Debug)]
struct Holder {
    card: Card,
    homeroom: bool,
}

impl Thing for Holder {
    fn relations(&self) -> Relations {
        self.card.relations().and(Relation::Homeroom, self.homeroom)
    }
}

/// What the answer needs of the person, once the turn is over.
#[derive(Debug, Clone)]
struct Told {
    account: AccountId,
    full_name: String,
    stem: String,
    kind: Kind,
    sex: Sex,
    strict: bool,
    roles: Vec<Role>,
}

/// What is kept of a reset with its key: the credential that it issued. The password is kept nowhere.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Begun {
    credential: CredentialId,
}

/// What is kept of a voiding with its key: whose password, when, and by which request.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Voided {
    account: AccountId,
    at: DateTime<Utc>,
    request: Uuid,
}

/// Voids a person's password, and prints a card with a temporary one. Asked again with the same key, it is asked
/// anew whether this may be done, and another card is printed while nobody has used the first (0011). Refused where
/// the card would open another school (0019); voiding is not, for it opens nothing.
pub async fn reset(door: &Portal, key: &IdempotencyKey, id: ProfileId, language: SheetLanguage) -> Result<Vec<u8>> {
    let told = door.read(|turn| look(turn, id).boxed()).await?;
    let house = door.house();
    if reset_opens_elsewhere(house, told.account, door.school().id).await? {
        return Err(Problem::conflict("people.reset-elsewhere"));
    }
    let this: CredentialId = house.id();
    let begun = door.once(key, "password_reset", &id, |turn| {
        async move {
            begin(turn, id).await?;
            Ok(Begun { credential: this })
        }
        .boxed()
    });
    let Begun { credential } = begun.await?;
    let purpose = Purpose::Reset { school: door.school().id, profile: id, account: told.account };
    let new = New { purpose, stem: told.stem.clone(), strict: told.strict, ttl: VALID };
    let issued = if credential == this {
        password_void(house, told.account, None).await?;
        issue_as(house, house.store.platform(), credential, new).await?
    } else {
        let renewed = renew(house, house.store.platform(), credential, new).await?;
        renewed.ok_or_else(|| Problem::conflict("people.reset-over"))?
    };
    print(house, door, (told, issued), language).await
}

/// Voids a person's password: lost, or seen by another. Sessions and open streams end at once. Asked again with the
/// same key, it finishes what was cut, and touches nothing that came since.
pub async fn void(door: &Portal, key: &IdempotencyKey, id: ProfileId) -> Result<ResetDone> {
    let request = door.house().id();
    let voided = door.once(key, "password_void", &id, |turn| {
        async move {
            let account = begin(turn, id).await?;
            Ok(Voided { account, at: turn.now(), request })
        }
        .boxed()
    });
    let voided: Voided = voided.await?;
    let until = (voided.request != request).then_some(voided.at);
    password_void(door.house(), voided.account, until).await?;
    Ok(ResetDone { done: true })
}

/// The person, where whoever asks may reset that password at this moment.
async fn holder(turn: &Turn, id: ProfileId) -> Result<(Permit<Holder>, AccountId)> {
    turn.fresh()?;
    let card = store::card(turn.db(), asking(turn), id).await?.ok_or_else(Problem::not_found)?;
    let homeroom = card.kind == Kind::Student && store::is_led(turn.db(), turn.who().profile, id).await?;
    let holder = turn.permit(Act::PasswordReset, Holder { card, homeroom })?;
    if holder.card.roles().holds(Role::Administrator) && !holder.card.own {
        return Err(Problem::conflict("people.reset-administrator"));
    }
    let account = holder.card.account_id.ok_or_else(|| Problem::conflict("people.not-registered"))?;
    Ok((holder, account))
}

async fn look(turn: &Turn, id: ProfileId) -> Result<Told> {
    let (holder, account) = holder(turn, id).await?;
    let card = &holder.card;
    let roles = card.roles();
    Ok(Told {
        account,
        full_name: full_name(&card.surname, &card.given_name, card.patronymic.as_deref()),
        stem: login_stem(&card.surname, &card.given_name).chars().take(32).collect(),
        kind: card.kind,
        sex: card.sex,
        strict: strict(roles),
        roles: roles.iter().collect(),
    })
}

async fn begin(turn: &Turn, id: ProfileId) -> Result<AccountId> {
    let (_, account) = holder(turn, id).await?;
    let everybody = turn.may(Act::PasswordReset, Relations::none());
    let most = if everybody { MOST.0 } else { MOST.1 };
    if store::resets_since(turn.db(), turn.who().profile, turn.now() - TimeDelta::hours(1)).await? >= most {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "people.too-many-resets").retry_after(3_600));
    }
    turn.about(id.0, json!({}));
    Ok(account)
}

async fn print(
    house: &House,
    door: &Portal,
    (told, issued): (Told, Issued),
    language: SheetLanguage,
) -> Result<Vec<u8>> {
    let (role_kk, role_ru) = card_words(told.kind, told.sex, told.roles.into_iter().collect());
    let card = Printed {
        full_name: told.full_name,
        role_kk: role_kk.to_owned(),
        role_ru: role_ru.to_owned(),
        login: issued.login.clone(),
        temporary_password: issued.temporary_password.reveal().to_owned(),
    };
    let batch = SheetBatch {
        school_kk: door.school().name_kk.clone(),
        school_ru: door.school().name_ru.clone(),
        heading_kk: None,
        heading_ru: None,
        language: match language {
            SheetLanguage::Kk => SheetLang::Kk,
            SheetLanguage::Ru => SheetLang::Ru,
            SheetLanguage::Both => SheetLang::Both,
        },
        sign_in_url: house.settings.portal_url.clone(),
        expires_on: kd_kernel::clock::local_date(issued.expires_at - TimeDelta::days(1)),
        parts: vec![SheetPart { class_name: None, cards: vec![card] }],
        issued_on: house.clock.today(),
    };
    let printed = tokio::task::spawn_blocking(move || kd_press::sheets(&batch)).await.map_err(Problem::internal)?;
    printed.map_err(Problem::internal)
}
