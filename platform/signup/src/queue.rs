//! The queue of applications, as the console shows it. Who may look is decided there.

use kd_ctx::House;
use kd_kernel::{ApplicationId, Result};
use kd_schools::{ApplicationState, applications};

use crate::store;
use crate::wire::{ApplicationCard, ApplicationRow, Invitation, LetterRow};

/// Applications in a state, or all: those that wait first.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn list(house: &House, state: Option<ApplicationState>) -> Result<Vec<ApplicationRow>> {
    store::list(house.store.platform(), (state, None), house.clock.now()).await
}

/// One application as its row of the list.
///
/// # Errors
/// 404 when there is none.
pub async fn row(house: &House, id: ApplicationId) -> Result<ApplicationRow> {
    let rows = store::list(house.store.platform(), (None, Some(id)), house.clock.now()).await?;
    rows.into_iter().next().ok_or_else(kd_kernel::Problem::not_found)
}

/// How many applications wait for a decision, and for how many whole hours the first does.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn waiting(house: &House) -> Result<(i32, Option<i32>)> {
    let (count, oldest) = store::waiting(house.store.platform()).await?;
    let now = house.clock.now();
    Ok((i32::try_from(count).unwrap_or(i32::MAX), oldest.map(|at| store::age_hours(at, now))))
}

/// An application, whole: duplicates by BIN, its invitation, letters and events.
///
/// # Errors
/// 404 when there is none.
pub async fn card(house: &House, id: ApplicationId) -> Result<ApplicationCard> {
    let db = house.store.platform();
    let found = applications::read(db, id).await?;
    let invitation = kd_accounts::credentials::of_application(house, db, id).await?.map(|standing| Invitation {
        login: standing.login,
        state: standing.state.to_owned(),
        expires_at: standing.expires_at,
        tries: standing.tries,
    });
    let letters = house.letters_of(id).await?.into_iter().map(|letter| LetterRow {
        id: letter.id,
        subject: letter.subject,
        state: letter.state,
        attempts: letter.attempts,
        created_at: letter.created_at,
        sent_at: letter.sent_at,
    });
    Ok(ApplicationCard {
        state: found.state()?,
        age_hours: store::age_hours(found.received_at, house.clock.now()),
        duplicates: store::duplicates(db, (id, &found.bin)).await?,
        invitation,
        letters: letters.collect(),
        events: store::events(db, id).await?,
        id,
        number: found.number,
        name_kk: found.name_kk,
        name_ru: found.name_ru,
        bin: found.bin,
        region: found.region,
        city: found.city,
        pupils: found.pupils,
        received_at: found.received_at,
        legal_address: found.legal_address,
        postal_address: found.postal_address,
        director: found.director,
        contact_name: found.contact_name,
        contact_position: found.contact_position,
        email: found.email,
        phone: found.phone,
        language: found.language,
        locale: found.locale,
        decided_at: found.decided_at,
        reason: found.reason,
    })
}
