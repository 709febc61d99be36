//! The papers of an agreement: printed by the press, kept in S3 under their version, recorded with
//! their SHA-256. A paper is a function of the agreement's row, so one that is missing is printed again
//! and comes out the same; one that was recorded must be the one that lies there.

use bytes::Bytes;
use data_encoding::HEXLOWER;
use kd_blobs::ObjectKey;
use kd_ctx::House;
use kd_kernel::{Problem, Result};
use kd_press::{AgreementPaper, AnnexService, PaperLang, Party, Signatures};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rules::Requisites;
use crate::store::{self, AgreementRow, PaperId, PaperRow};
use crate::wire::PaperLanguage;

/// Both sides as they stood when the agreement was drawn up: later settings do not change it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sides {
    pub(crate) school: Requisites,
    pub(crate) bin: String,
    pub(crate) provider: ProviderSide,
}

/// The provider, as its settings named it then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ProviderSide {
    name: String,
    head: String,
    ground: String,
    legal_address: String,
    postal_address: String,
    bin: String,
    facsimile: String,
}

impl ProviderSide {
    /// The provider of this house.
    pub(crate) fn of(house: &House) -> Self {
        let provider = house.settings.provider.clone();
        Self {
            name: provider.name,
            head: provider.head,
            ground: provider.ground,
            legal_address: provider.legal_address,
            postal_address: provider.postal_address,
            bin: provider.bin,
            facsimile: provider.facsimile,
        }
    }
}

/// The paper of this version: from S3 where it was printed, printed and put there where it was not.
///
/// # Errors
/// 503 where S3 does not answer, 500 where what lies there is not what was recorded.
pub(crate) async fn paper(house: &House, agreement: &AgreementRow, language: PaperLanguage) -> Result<Bytes> {
    let db = house.store.platform();
    let id = PaperId { agreement: agreement.id, language: language.code(), version: agreement.version };
    let key = ObjectKey::platform("agreements", &format!("{}-{}-{}.pdf", id.agreement, id.version, id.language))?;
    if let Some(recorded) = store::paper(db, id).await? {
        let bytes = house.blobs.get(&key).await?.filter(|_| recorded.object_key == key.as_str());
        let bytes = bytes.ok_or_else(|| Problem::internal("a recorded paper is not in S3"))?;
        if Sha256::digest(&bytes).as_slice() != recorded.sha256 {
            return Err(Problem::internal("the paper in S3 is not the one that was recorded"));
        }
        return Ok(bytes);
    }
    let bytes = Bytes::from(print(house, agreement, language).await?);
    house.blobs.put(&key, bytes.clone(), "application/pdf").await?;
    let row = PaperRow { object_key: key.as_str().to_owned(), sha256: Sha256::digest(&bytes).to_vec() };
    store::insert_paper(db, id, &row, house.clock.now()).await?;
    Ok(bytes)
}

/// Sees that both papers of this version are there.
///
/// # Errors
/// As [`paper`].
pub(crate) async fn both(house: &House, agreement: &AgreementRow) -> Result<()> {
    for language in PaperLanguage::ALL {
        paper(house, agreement, language).await?;
    }
    Ok(())
}

/// As [`both`], where a paper that cannot be made now is made when it is first read.
pub(crate) async fn both_or_later(house: &House, agreement: &AgreementRow) {
    if let Err(problem) = both(house, agreement).await {
        tracing::warn!(agreement = %agreement.id, version = agreement.version, %problem, "the papers will be made later");
    }
}

async fn print(house: &House, agreement: &AgreementRow, language: PaperLanguage) -> Result<Vec<u8>> {
    let lang = match language {
        PaperLanguage::Ru => PaperLang::Ru,
        PaperLanguage::Kk => PaperLang::Kk,
    };
    let sheet = sheet(agreement, language, signed_text(house, agreement).await?)?;
    let printed = tokio::task::spawn_blocking(move || kd_press::agreement(&sheet, lang)).await;
    printed.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// The digest of the binding text that was signed: the draft's, one version before the signature.
async fn signed_text(house: &House, agreement: &AgreementRow) -> Result<Option<String>> {
    if agreement.signed_at.is_none() {
        return Ok(None);
    }
    let draft = PaperId {
        agreement: agreement.id,
        language: PaperLanguage::Ru.code(),
        version: agreement.version.saturating_sub(1),
    };
    let recorded = store::paper(house.store.platform(), draft).await?;
    Ok(recorded.map(|paper| HEXLOWER.encode(&paper.sha256)))
}

fn sheet(agreement: &AgreementRow, language: PaperLanguage, digest: Option<String>) -> Result<AgreementPaper> {
    let sides: Sides = serde_json::from_value(agreement.requisites.clone()).map_err(Problem::internal)?;
    let (school, provider) = (sides.school, sides.provider);
    let signed = agreement.signed_name.clone().zip(agreement.signed_at).map(|(name, at)| Signatures {
        school_signed_name: name,
        school_signed_at: at,
        provider_facsimile_name: provider.facsimile.clone(),
        content_sha256: digest,
    });
    Ok(AgreementPaper {
        number: agreement.number.clone(),
        date: agreement.dated,
        city: agreement.city.clone(),
        provider: Party {
            name: provider.name,
            head: provider.head,
            ground: provider.ground,
            legal_address: provider.legal_address,
            postal_address: provider.postal_address,
            bin: provider.bin,
            rnn: None,
        },
        school: Party {
            name: match language {
                PaperLanguage::Ru => school.name_ru,
                PaperLanguage::Kk => school.name_kk,
            },
            head: school.director,
            ground: school.director_ground,
            legal_address: school.legal_address,
            postal_address: school.postal_address,
            bin: sides.bin,
            rnn: school.rnn,
        },
        services: AnnexService::ALL.to_vec(),
        signed,
    })
}
