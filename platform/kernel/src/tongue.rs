//! The languages that the product speaks.

use serde::{Deserialize, Serialize};

/// Kazakh, Russian or English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "lowercase")]
#[oai(rename_all = "lowercase")]
pub enum Tongue {
    /// The state language, and the default.
    #[default]
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Tongue {
    /// The two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The first language of an `Accept-Language` header that the product speaks; Kazakh otherwise.
    #[must_use]
    pub fn of_header(header: Option<&str>) -> Self {
        header
            .into_iter()
            .flat_map(|h| h.split(','))
            .find_map(|part| Self::of_code(part.split([';', '-']).next().unwrap_or("").trim()))
            .unwrap_or_default()
    }

    /// `kk`, `ru` or `en`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code.to_ascii_lowercase().as_str() {
            "kk" => Some(Self::Kk),
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_header_is_taken() {
        assert_eq!(Tongue::of_header(Some("de, ru-KZ;q=0.9, en")), Tongue::Ru);
        assert_eq!(Tongue::of_header(Some("fr")), Tongue::Kk);
        assert_eq!(Tongue::of_header(None), Tongue::Kk);
    }
}
