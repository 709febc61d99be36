//! The house: everything that outlives a request.

use std::sync::Arc;
use std::time::Duration;

use kd_access::Access;
use kd_blobs::{Blobs, Seal};
use kd_cache::Cache;
use kd_kernel::{Chance, Clock};
use kd_mail::Mailer;
use kd_store::Store;

/// What is set from outside and the same for all.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The public origin of the site and of the portals, without a slash at the end.
    pub portal_url: String,
    /// The public origin of the operators' console.
    pub console_url: String,
    /// How long a worker holds what it has taken.
    pub lease: Duration,
    /// The first pause before a step is tried again; doubled with every try, up to five minutes.
    pub retry: Duration,
    /// How often a worker looks for work.
    pub poll: Duration,
    /// The provider's side of agreements.
    pub provider: Provider,
    /// Whether test faults are honoured.
    pub fault: Option<String>,
}

/// The provider's requisites, as agreements print them.
#[derive(Debug, Clone, serde::Deserialize, serde::Serialize)]
pub struct Provider {
    /// Full name.
    pub name: String,
    /// Who heads it.
    pub head: String,
    /// On which ground the head acts.
    pub ground: String,
    /// City of the agreement.
    pub city: String,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// БСН/BIN.
    pub bin: String,
    /// The name under the facsimile.
    pub facsimile: String,
    /// Where users write.
    pub email: String,
}

/// Everything that an operation may need and that is not its own. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// PostgreSQL.
    pub store: Store,
    /// The table of decisions.
    pub access: Arc<Access>,
    /// Redis: nothing that cannot be lost.
    pub cache: Cache,
    /// S3.
    pub blobs: Blobs,
    /// SMTP; only the worker sends.
    pub mailer: Mailer,
    /// Seals what must not lie open at rest.
    pub seal: Seal,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub chance: Chance,
    /// Settings.
    pub settings: Arc<Settings>,
}

impl House {
    /// A new identity.
    #[must_use]
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        self.chance.id(&self.clock)
    }
}
