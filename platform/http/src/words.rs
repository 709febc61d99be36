//! Words: problems get their title here, in the reader's language, and the request's id. Texts stand in
//! `problems/<room>.json`, each code with kk, ru and en side by side; codes of fields begin with `field.`.

use std::collections::HashMap;
use std::sync::LazyLock;

use kd_kernel::Tongue;
use kd_kernel::problem::{FieldBody, ProblemBody, Wordless};
use poem::http::StatusCode;
use poem::{Body, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "problems/"]
struct Files;

/// All texts by code.
#[derive(Debug, Default)]
pub struct Words(HashMap<String, HashMap<String, String>>);

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for name in Files::iter() {
        let read = Files::get(&name)
            .and_then(|file| serde_json::from_slice::<HashMap<String, HashMap<String, String>>>(&file.data).ok());
        match read {
            Some(words) => all.extend(words),
            None => tracing::error!(file = %name, "a file of problem texts cannot be read"),
        }
    }
    Words(all)
});

/// The embedded texts.
#[must_use]
pub fn words() -> &'static Words {
    &WORDS
}

impl Words {
    /// The text of a code; the code itself where it has none (a test forbids that).
    #[must_use]
    pub fn of(&self, code: &str, tongue: Tongue) -> String {
        self.find(code, tongue).unwrap_or(code).to_owned()
    }

    /// The text of a code, if there is one.
    #[must_use]
    pub fn find(&self, code: &str, tongue: Tongue) -> Option<&str> {
        self.0.get(code).and_then(|by| by.get(tongue.code())).map(String::as_str)
    }

    /// Every code that has texts.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Puts words to a response that carries a problem, and a problem to an error that has none.
pub(crate) fn with_words(mut response: Response, tongue: Tongue, request_id: &str) -> Response {
    let wordless = response.extensions_mut().remove::<Wordless>();
    let status = response.status();
    let wordless = match wordless {
        Some(wordless) => wordless,
        None if status.is_client_error() || status.is_server_error() => of_status(status),
        None => return response,
    };
    if let Some(cause) = &wordless.cause {
        tracing::error!(code = wordless.code, request_id, cause, "a request failed");
    }
    let words = words();
    let fields: Vec<FieldBody> = wordless
        .fields
        .iter()
        .map(|f| FieldBody {
            field: f.field.to_string(),
            code: f.code.to_owned(),
            title: words.of(&format!("field.{}", f.code), tongue),
        })
        .collect();
    let body = ProblemBody {
        code: wordless.code.to_owned(),
        title: words.of(wordless.code, tongue),
        status: status.as_u16(),
        detail: wordless.detail,
        // A thing of another school must read like one that is not there, to the byte (S03).
        request_id: (status != StatusCode::NOT_FOUND).then(|| request_id.to_owned()),
        fields: (!fields.is_empty()).then_some(fields),
        conflict: wordless.conflict,
    };
    let text = poem_openapi::types::ToJSON::to_json_string(&body);
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(poem::http::header::CONTENT_LENGTH);
    parts.headers.insert(
        poem::http::header::CONTENT_TYPE,
        poem::http::HeaderValue::from_static("application/problem+json; charset=utf-8"),
    );
    Response::from_parts(parts, Body::from_string(text))
}

/// poem's own errors: an unknown path, a body that cannot be parsed, a method that is not there.
fn of_status(status: StatusCode) -> Wordless {
    let code = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::UNAUTHORIZED => "unauthorized",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "wrong-content-type",
        s if s.is_server_error() => "internal",
        _ => "malformed",
    };
    Wordless { code, detail: None, fields: Vec::new(), conflict: None, cause: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_stands_in_three_languages() {
        let words = words();
        let mut tried = 0;
        for code in words.codes() {
            for tongue in [Tongue::Kk, Tongue::Ru, Tongue::En] {
                assert!(words.find(code, tongue).is_some_and(|t| !t.is_empty()), "{code} in {tongue:?}");
                tried += 1;
            }
            assert_ne!(words.find(code, Tongue::Kk), words.find(code, Tongue::Ru), "{code}");
        }
        assert!(tried > 30, "{tried}");
    }
}
