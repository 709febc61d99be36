//! Blobs: files in S3, and the seal for what must lie unreadable or be known as ours. A file is reached by an
//! [`ObjectKey`], which belongs to one school or to the platform. No rights are checked here: who may
//! read a file is decided before its name is made.

mod key;
mod seal;
mod sign;

use std::error::Error as StdError;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Config, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::create_bucket::CreateBucketError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use bytes::Bytes;
use kd_kernel::{Problem, Result, SchoolId};

pub use key::ObjectKey;
pub use seal::{BadSecretKey, Seal};
pub use sign::SIGNATURE;

/// To connect.
const CONNECT: Duration = Duration::from_secs(3);
/// One try of one operation.
const ATTEMPT: Duration = Duration::from_secs(5);
/// One operation in all.
const OPERATION: Duration = Duration::from_secs(10);
/// To ask whether S3 answers.
const HEALTH: Duration = Duration::from_secs(2);

/// Where files are kept.
#[derive(Clone)]
pub struct BlobSettings {
    /// Address of the S3 service.
    pub endpoint: String,
    /// The bucket; it is addressed in the path.
    pub bucket: String,
    /// Access key.
    pub access_key: String,
    /// Secret key.
    pub secret_key: String,
    /// Region; many services take any.
    pub region: String,
}

impl std::fmt::Debug for BlobSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobSettings({}, {})", self.endpoint, self.bucket)
    }
}

/// Files in one bucket. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    client: Client,
    bucket: String,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blobs({})", self.bucket)
    }
}

/// Something of S3 went otherwise than it should.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("S3 listed a name outside of the school's folder")]
    Outside,
    #[error("S3 did not delete {0} of the school's files")]
    Left(usize),
    #[error("S3 lists files that it says it has deleted")]
    Stuck,
    #[error("a request to S3 could not be made")]
    Request(#[source] aws_sdk_s3::error::BuildError),
}

impl Blobs {
    /// Prepares the way to the bucket; connects to nothing yet.
    #[must_use]
    pub fn open(settings: &BlobSettings) -> Self {
        let http =
            aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let times = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .read_timeout(ATTEMPT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(OPERATION)
            .build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(http)
            .endpoint_url(&settings.endpoint)
            .region(Region::new(settings.region.clone()))
            .credentials_provider(Credentials::new(&settings.access_key, &settings.secret_key, None, None, "settings"))
            .force_path_style(true)
            .timeout_config(times)
            .retry_config(RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(100)))
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .build();
        Self { client: Client::from_conf(config), bucket: settings.bucket.clone() }
    }

    /// Puts a file, in place of one that is there.
    ///
    /// # Errors
    /// 503 where S3 does not take it within 10 seconds.
    pub async fn put(&self, key: &ObjectKey, bytes: Bytes, content_type: &str) -> Result<()> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(content_type)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(away)?;
        Ok(())
    }

    /// A file's bytes, all of them in memory; nothing where it is not there.
    ///
    /// # Errors
    /// 503 where S3 does not give it within 10 seconds.
    pub async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>> {
        tokio::time::timeout(OPERATION, self.fetch(key)).await.map_err(Problem::unavailable)?
    }

    async fn fetch(&self, key: &ObjectKey) -> Result<Option<Bytes>> {
        let answer = match self.client.get_object().bucket(&self.bucket).key(key.as_str()).send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_key()) => return Ok(None),
            Err(error) => return Err(away(error)),
        };
        Ok(Some(answer.body.collect().await.map_err(Problem::unavailable)?.into_bytes()))
    }

    /// Deletes a file; one that is not there counts as deleted.
    ///
    /// # Errors
    /// 503 where S3 does not confirm it within 10 seconds.
    pub async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.client.delete_object().bucket(&self.bucket).key(key.as_str()).send().await.map_err(away)?;
        Ok(())
    }

    /// Deletes everything of a school, and nothing else; answers how many files there were. May be
    /// called again after an error.
    ///
    /// # Errors
    /// 503 where S3 does not confirm all of it.
    pub async fn delete_prefix(&self, school: SchoolId) -> Result<u64> {
        let prefix = key::school_prefix(school);
        let mut count = 0_u64;
        let mut before = Vec::new();
        loop {
            let (names, _) = self.page(&prefix, None).await?;
            if names.is_empty() {
                return Ok(count);
            }
            if names == before {
                return Err(Problem::unavailable(Fault::Stuck));
            }
            self.delete_all(&names).await?;
            count += names.len() as u64;
            before = names;
        }
    }

    /// The full names of everything of a school.
    ///
    /// # Errors
    /// 503 where S3 does not answer.
    pub async fn list_prefix(&self, school: SchoolId) -> Result<Vec<String>> {
        let prefix = key::school_prefix(school);
        let mut names = Vec::new();
        let mut token = None;
        loop {
            let (page, next) = self.page(&prefix, token).await?;
            names.extend(page);
            if next.is_none() {
                return Ok(names);
            }
            token = next;
        }
    }

    /// Whether S3 answers for the bucket, within 2 seconds.
    pub async fn healthy(&self) -> bool {
        let asked = self.client.head_bucket().bucket(&self.bucket).send();
        matches!(tokio::time::timeout(HEALTH, asked).await, Ok(Ok(_)))
    }

    /// Makes the bucket where it is not there: for demo and tests. In production it is there.
    ///
    /// # Errors
    /// 503 where S3 does not do it.
    pub async fn ensure_bucket(&self) -> Result<()> {
        match self.client.create_bucket().bucket(&self.bucket).send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(e)) if is_there(e.err()) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }

    /// Up to a thousand names under the prefix, and the token of the next page.
    async fn page(&self, prefix: &str, token: Option<String>) -> Result<(Vec<String>, Option<String>)> {
        let answer = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_continuation_token(token)
            .send()
            .await
            .map_err(away)?;
        let next = answer.next_continuation_token().map(str::to_owned);
        let names: Vec<_> = answer.contents.unwrap_or_default().into_iter().filter_map(|o| o.key).collect();
        if names.iter().any(|name| !name.starts_with(prefix)) {
            return Err(Problem::unavailable(Fault::Outside));
        }
        Ok((names, next))
    }

    async fn delete_all(&self, names: &[String]) -> Result<()> {
        let fault = |error| Problem::internal(Fault::Request(error));
        let objects: Result<Vec<_>, _> =
            names.iter().map(|name| ObjectIdentifier::builder().key(name).build()).collect();
        let delete = Delete::builder().set_objects(Some(objects.map_err(fault)?)).quiet(true).build().map_err(fault)?;
        let answer = self.client.delete_objects().bucket(&self.bucket).delete(delete).send().await.map_err(away)?;
        match answer.errors().len() {
            0 => Ok(()),
            left => Err(Problem::unavailable(Fault::Left(left))),
        }
    }
}

fn is_there(error: &CreateBucketError) -> bool {
    error.is_bucket_already_owned_by_you() || error.is_bucket_already_exists()
}

/// S3 is needed and does not answer as it should.
fn away<E: StdError + Send + Sync + 'static, R: std::fmt::Debug + Send + Sync + 'static>(
    error: SdkError<E, R>,
) -> Problem {
    Problem::unavailable(error)
}
