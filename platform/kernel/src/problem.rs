//! Problems: what an operation answers when it cannot do what was asked (RFC 9457). A problem is born
//! with a stable code where the cause is known; the words for people are added at the edge, in the
//! reader's language.

use std::borrow::Cow;
use std::error::Error as StdError;

use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};
use serde::Serialize;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ProblemBody {
    /// Stable kebab-case code with the room's name, such as `journal.cell-changed`.
    pub code: String,
    /// One sentence in the reader's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// More, where there is more to say.
    pub detail: Option<String>,
    /// The request, as logs and support know it.
    pub request_id: Option<String>,
    /// Faults of single fields.
    pub fields: Option<Vec<FieldBody>>,
    /// Who changed the thing meanwhile.
    pub conflict: Option<Conflict>,
}

/// The fault of one field.
#[derive(Debug, Clone, Object, Serialize)]
pub struct FieldBody {
    /// The field's name on the wire.
    pub field: String,
    /// Stable code such as `bin-checksum`.
    pub code: String,
    /// One sentence in the reader's language.
    pub title: String,
}

/// Who changed a thing while somebody else was editing it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Conflict {
    /// The name of who did it.
    pub by: Option<String>,
    /// When.
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// What stands there now.
    pub value: Option<String>,
    /// The version that stands there now.
    pub version: Option<i32>,
}

/// The fault of one field, before it has words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name on the wire.
    pub field: Cow<'static, str>,
    /// Stable code.
    pub code: &'static str,
}

/// Why an operation was not done.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: &'static str,
    status: StatusCode,
    detail: Option<String>,
    fields: Vec<FieldProblem>,
    conflict: Option<Conflict>,
    retry_after: Option<u64>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What the edge needs to put words to a problem; travels as an extension of the response.
#[derive(Debug, Clone)]
pub struct Wordless {
    /// Stable code.
    pub code: &'static str,
    /// More, where there is more to say.
    pub detail: Option<String>,
    /// Faults of fields.
    pub fields: Vec<FieldProblem>,
    /// Who changed the thing meanwhile.
    pub conflict: Option<Conflict>,
    /// For the log alone: the chain of causes.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem of a status.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self(Box::new(Inner {
            code,
            status,
            detail: None,
            fields: Vec::new(),
            conflict: None,
            retry_after: None,
            source: None,
        }))
    }

    /// 404: it is not there, or not for this reader; the two are not told apart.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 403: it may be seen, but not done.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// 403 with a code of its own: it may be done once something else was done first.
    #[must_use]
    pub fn barred(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code)
    }

    /// 401: nobody is signed in.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// 409 with a room's own code.
    #[must_use]
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// 422 with a room's own code: well-formed, but against a rule.
    #[must_use]
    pub fn refused(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// 422 for the faults of fields.
    #[must_use]
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        problem.0.fields = fields;
        problem
    }

    /// 422 for one field.
    #[must_use]
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::invalid(vec![FieldProblem { field: field.into(), code }])
    }

    /// 503: a part that is needed does not answer.
    #[must_use]
    pub fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        problem.0.retry_after = Some(2);
        problem.0.source = Some(source.into());
        problem
    }

    /// 500: ours to mend; the cause goes to the log and nowhere else.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal");
        problem.0.source = Some(source.into());
        problem
    }

    /// Adds who changed the thing meanwhile.
    #[must_use]
    pub fn with_conflict(mut self, conflict: Conflict) -> Self {
        self.0.conflict = Some(conflict);
        self
    }

    /// Adds which fields it is about.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.0.fields = fields;
        self
    }

    /// Adds a detail for people; never personal data of others, never a cause from inside.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds after how many seconds it may be tried again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Faults of fields.
    #[must_use]
    pub fn fields(&self) -> &[FieldProblem] {
        &self.0.fields
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.0.code, self.0.status.as_u16())
    }
}

impl StdError for Problem {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|s| s as &(dyn StdError + 'static))
    }
}

impl From<sea_orm::DbErr> for Problem {
    fn from(error: sea_orm::DbErr) -> Self {
        match &error {
            sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_) => Self::unavailable(error),
            _ => Self::internal(error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let inner = *self.0;
        let mut cause = None;
        if let Some(source) = &inner.source {
            let mut chain = source.to_string();
            let mut next = source.source();
            while let Some(deeper) = next {
                chain.push_str(": ");
                chain.push_str(&deeper.to_string());
                next = deeper.source();
            }
            cause = Some(chain);
        }
        let mut response = Response::builder().status(inner.status).content_type("application/problem+json").finish();
        if let Some(seconds) = inner.retry_after {
            response.headers_mut().insert(poem::http::header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(Wordless {
            code: inner.code,
            detail: inner.detail,
            fields: inner.fields,
            conflict: inner.conflict,
            cause,
        });
        response
    }
}

impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        let mut response = problem.into_response();
        let wordless = response.extensions_mut().remove::<Wordless>();
        let mut error = Self::from_response(response);
        // poem replaces a response's extensions by the error's own.
        if let Some(wordless) = wordless {
            error.set_data(wordless);
        }
        error
    }
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "A problem (RFC 9457), in the reader's language",
                status: None,
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: "application/problem+json",
                    schema: MetaSchemaRef::Reference("ProblemBody".to_owned()),
                }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        <ProblemBody as Type>::register(registry);
    }
}

/// Collects the faults of fields while a request is parsed, so that all are told at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldProblem>);

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, field: &'static str, code: &'static str) {
        self.0.push(FieldProblem { field: field.into(), code });
    }

    /// Notes a fault where the condition does not hold.
    pub fn require(&mut self, holds: bool, field: &'static str, code: &'static str) {
        if !holds {
            self.add(field, code);
        }
    }

    /// A text, trimmed, of 1 to `max` characters; faults `required`, `too-long`.
    pub fn text(&mut self, field: &'static str, value: &str, max: usize) -> String {
        let text = value.trim();
        self.require(!text.is_empty(), field, "required");
        self.require(text.chars().count() <= max, field, "too-long");
        text.to_owned()
    }

    /// A text that may be missing; empty counts as missing.
    pub fn maybe(&mut self, field: &'static str, value: Option<&str>, max: usize) -> Option<String> {
        let text = value.map(str::trim).filter(|t| !t.is_empty())?;
        self.require(text.chars().count() <= max, field, "too-long");
        Some(text.to_owned())
    }

    /// Nothing when no fault was noted.
    ///
    /// # Errors
    /// 422 `invalid` with all faults.
    pub fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_all_at_once() {
        let mut faults = Faults::default();
        assert_eq!(faults.text("name", "  a ", 3), "a");
        faults.text("city", " ", 3);
        faults.maybe("note", Some("long"), 3);
        let problem = faults.check().err();
        assert_eq!(problem.map(|p| p.fields().len()), Some(2));
    }
}
