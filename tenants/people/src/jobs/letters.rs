//! Initial credentials by letter: made in small batches as for a sheet, each written into the outbox in the
//! very transaction that issues it, sealed with its address. So a credential is valid if and only if its
//! letter is on the way, wherever a run is cut; what a cut run has written, the next one finds there and
//! only notes in the school. A letter that still waits when its credential is void is withdrawn with it.

use kd_accounts::credentials::{Issued, issue_many, letter_name, valid_of};
use kd_ctx::letters::Letter;
use kd_kernel::names::full_name;
use kd_kernel::{ProfileId, Result, SheetId};
use sea_orm::TransactionTrait;

use super::{BATCH, End, Run, in_order, last_day};
use crate::rules::{LetterWords, letter_text};
use crate::store::handouts::{self, MadeFor};
use crate::store::sheets::{self as store, SheetRow, Unregistered};
use crate::wire::Who;

impl Run<'_> {
    pub(super) async fn letters(&self, id: SheetId) -> Result<(), End> {
        let tx = self.begin().await?;
        let sheet = store::begin_run(&tx, id, self.job.attempts).await?.ok_or(End::Overtaken)?;
        tx.commit().await?;
        self.say(id).await;
        let people = sheet.people();
        let mut done = 0;
        for batch in people.chunks(BATCH) {
            self.hold().await?;
            done += batch.len();
            self.letters_of(&sheet, batch, done).await?;
            self.say(id).await;
        }
        let tx = self.begin().await?;
        if !store::complete_letters(&tx, &sheet).await? {
            tx.rollback().await?;
            return Err(End::Overtaken);
        }
        tx.commit().await?;
        self.say(id).await;
        Ok(())
    }

    async fn letters_of(&self, sheet: &SheetRow, batch: &[ProfileId], done: usize) -> Result<(), End> {
        let tx = self.begin().await?;
        let written = handouts::mailed_by(&tx, sheet.id, batch).await?;
        let mut waiting = in_order(store::unregistered_among(&tx, Who::All, batch).await?, batch);
        waiting.retain(|person| person.email.is_some() && !written.contains(&person.id));
        tx.rollback().await?;
        let mut noted = self.found_written(sheet, &mut waiting).await?;
        let ids: Vec<ProfileId> = waiting.iter().map(|person| person.id).collect();
        let tx = self.begin().await?;
        handouts::revoke(&tx, &self.step(sheet, &ids)).await?;
        tx.commit().await?;
        noted.extend(self.write(sheet, &waiting).await?);
        self.note(sheet, &noted, done).await
    }

    /// Takes those out whose letter a run that was cut has written: their credential is valid already.
    async fn found_written(&self, sheet: &SheetRow, waiting: &mut Vec<Unregistered>) -> Result<Vec<Noted>, End> {
        let platform = self.house.store.platform();
        let ids: Vec<ProfileId> = waiting.iter().map(|person| person.id).collect();
        let valid = valid_of(self.house, platform, &ids).await?;
        let names = valid.values().map(|one| letter_name(one.id)).collect();
        let letters = self.house.letters_named(platform, names).await?;
        let of_run = |person: &Unregistered| {
            let one = valid.get(&person.id)?;
            let ours = one.issued_at >= sheet.created_at && letters.contains_key(&letter_name(one.id));
            ours.then(|| Noted { person: person.id, id: one.id, login: one.login.clone(), expires_at: one.expires_at })
        };
        let found: Vec<Noted> = waiting.iter().filter_map(of_run).collect();
        waiting.retain(|person| !found.iter().any(|one| one.person == person.id));
        Ok(found)
    }

    /// Issues and writes, all of the batch or none.
    async fn write(&self, sheet: &SheetRow, waiting: &[Unregistered]) -> Result<Vec<Noted>, End> {
        let news = waiting.iter().map(|person| self.wanted(person)).collect();
        let tx = self.house.store.platform().begin().await.map_err(kd_kernel::Problem::from)?;
        let issued = issue_many(self.house, &tx, news, |_| ()).await?;
        for (person, one) in waiting.iter().zip(&issued) {
            self.house.letter_sealed(&tx, self.letter(sheet, person, one)?).await?;
        }
        tx.commit().await.map_err(kd_kernel::Problem::from)?;
        let noted = |(person, one): (&Unregistered, Issued)| Noted {
            person: person.id,
            id: one.id,
            login: one.login,
            expires_at: one.expires_at,
        };
        Ok(waiting.iter().zip(issued).map(noted).collect())
    }

    fn letter(&self, sheet: &SheetRow, person: &Unregistered, issued: &Issued) -> Result<Letter> {
        let words = LetterWords {
            name: &full_name(&person.surname, &person.given_name, person.patronymic.as_deref()),
            school_kk: &self.school.name_kk,
            school_ru: &self.school.name_ru,
            login: &issued.login,
            password: issued.temporary_password.reveal(),
            until: &last_day(std::iter::once(issued.expires_at)).format("%d.%m.%Y").to_string(),
            link: &format!("{}/", self.house.settings.portal_url.trim_end_matches('/')),
        };
        let (subject, body) = letter_text(sheet.language, &words)?;
        Ok(Letter {
            dedupe: letter_name(issued.id),
            recipient: person.email.clone().unwrap_or_default(),
            subject,
            body,
            application: None,
            school: Some(self.school.id),
        })
    }

    async fn note(&self, sheet: &SheetRow, noted: &[Noted], done: usize) -> Result<(), End> {
        let tx = self.begin().await?;
        if !store::progress(&tx, sheet, done).await? {
            return Err(End::Overtaken);
        }
        for one in noted {
            let made = MadeFor {
                line: self.house.id(),
                profile: one.person,
                id: one.id,
                login: &one.login,
                expires_at: one.expires_at,
            };
            handouts::put(&tx, (sheet.id, sheet.requested_by), made, self.house.clock.now()).await?;
        }
        let ids: Vec<ProfileId> = noted.iter().map(|one| one.person).collect();
        handouts::mail(&tx, &self.step(sheet, &ids)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A credential in a letter, to be noted in the school.
struct Noted {
    person: ProfileId,
    id: kd_kernel::CredentialId,
    login: String,
    expires_at: chrono::DateTime<chrono::Utc>,
}
