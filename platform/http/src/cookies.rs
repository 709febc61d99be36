//! The two session cookies: one for users on the portal's host, one for operators on the console's.
//! `__Host-` binds each to its host; scripts cannot read them.

use kd_ctx::{Scope, Token};
use poem::Request;
use poem::http::header;

/// The cookie of users and newcomers.
pub const USER: &str = "__Host-kundelik";
/// The cookie of operators.
pub const OPERATOR: &str = "__Host-kundelik-console";

/// The cookie's name for a scope.
#[must_use]
pub fn name(scope: Scope) -> &'static str {
    match scope {
        Scope::Operator => OPERATOR,
        Scope::Newcomer | Scope::User => USER,
    }
}

/// The `Set-Cookie` that brings a new session.
#[must_use]
pub fn set(scope: Scope, token: &Token) -> String {
    format!("{}={}; Path=/; Secure; HttpOnly; SameSite=Lax", name(scope), token.reveal())
}

/// The `Set-Cookie` that takes it away.
#[must_use]
pub fn clear(scope: Scope) -> String {
    format!("{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", name(scope))
}

/// The token that a request brings in the cookie of the scope. Two cookies of one name are none: a
/// planted one must not win.
#[must_use]
pub fn token(request: &Request, scope: Scope) -> Option<Token> {
    let wanted = name(scope);
    let mut found = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    let first = found.next()?;
    if found.next().is_some() {
        return None;
    }
    Token::parse(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s35_cookies_are_bound_to_their_host() {
        let token = Token::parse(&"ab".repeat(32)).unwrap();
        for scope in [Scope::User, Scope::Newcomer, Scope::Operator] {
            for cookie in [set(scope, &token), clear(scope)] {
                assert!(cookie.starts_with("__Host-"));
                for attribute in ["; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Lax"] {
                    assert!(cookie.contains(attribute), "{cookie}");
                }
                assert!(!cookie.contains("Domain"));
            }
        }
        assert_ne!(name(Scope::User), name(Scope::Operator), "S40");
    }

    #[test]
    fn a_planted_second_cookie_counts_for_none() {
        let one = format!("{USER}={}", "ab".repeat(32));
        let request = Request::builder().header("cookie", &one).finish();
        assert!(token(&request, Scope::User).is_some());
        assert!(token(&request, Scope::Operator).is_none());
        let request = Request::builder().header("cookie", format!("{one}; {one}")).finish();
        assert!(token(&request, Scope::User).is_none());
    }
}
