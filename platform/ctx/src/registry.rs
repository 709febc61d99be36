//! The registry of schools, as far as a request needs it: from the slug of the path to the school.

use std::time::Duration;

use kd_kernel::{Result, SchoolId};
use kd_store::{SchoolRef, sql};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use crate::House;

/// A school as the registry knows it. No person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub struct SchoolCard {
    /// The school.
    pub id: SchoolId,
    /// Its cell.
    pub cell_id: uuid::Uuid,
    /// Its address.
    pub slug: String,
    /// Its name in Kazakh.
    pub name_kk: String,
    /// Its name in Russian.
    pub name_ru: String,
    /// Language of instruction: kk, ru or mixed.
    pub language: String,
    /// Life-cycle state.
    pub state: String,
}

impl SchoolCard {
    /// What the store needs.
    #[must_use]
    pub fn place(&self) -> SchoolRef {
        SchoolRef { id: self.id, cell: self.cell_id }
    }

    /// Whether its people may enter.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "active" | "restricted" | "termination_requested" | "export_ready" | "grace")
    }

    /// Whether its people are its people still: also while they may not enter.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.is_open() || self.state == "suspended"
    }
}

impl House {
    /// The school of a slug.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn school(&self, slug: &str) -> Result<Option<SchoolCard>> {
        let key = kd_cache::Key::platform("school", slug);
        if let Some(card) = self.cache.get::<SchoolCard>(&key).await {
            return Ok(Some(card));
        }
        let card: Option<SchoolCard> = sql::one(
            self.store.platform(),
            "SELECT id, cell_id, slug, name_kk, name_ru, language, state FROM platform.school WHERE slug = $1",
            [slug.into()],
        )
        .await?;
        if let Some(card) = &card {
            self.cache.put(&key, card, Duration::from_secs(2)).await;
        }
        Ok(card)
    }

    /// The school of an id; not cached, for background work.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn school_by_id(&self, id: SchoolId) -> Result<Option<SchoolCard>> {
        sql::one(
            self.store.platform(),
            "SELECT id, cell_id, slug, name_kk, name_ru, language, state FROM platform.school WHERE id = $1",
            [id.into()],
        )
        .await
    }
}
