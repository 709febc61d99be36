//! Names in Redis. A name is made here and nowhere else, so that every one of them says whose it is:
//! `p:` for the platform's, `t:<uuid>:` for a school's (S11).

use kd_kernel::SchoolId;

/// A name in Redis. Its text is not shown by `Debug`: it may hold a token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// A name of the platform: `p:{kind}:{rest}`.
    #[must_use]
    pub fn platform(kind: &'static str, rest: &str) -> Self {
        Self(format!("p:{kind}:{rest}"))
    }

    /// A name of one school: `t:{uuid}:{kind}:{rest}`.
    #[must_use]
    pub fn school(school: SchoolId, kind: &'static str, rest: &str) -> Self {
        Self(format!("t:{school}:{kind}:{rest}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whose = if self.0.starts_with("t:") { "t" } else { "p" };
        write!(f, "Key({whose}:…)")
    }
}

/// The pattern under which the live events of all schools come in.
pub(crate) const LIVE_PATTERN: &str = "t:*:live";
/// The channel of sessions that ended.
pub(crate) const KICK_CHANNEL: &str = "p:kick";

/// The channel of a school's live events.
pub(crate) fn live_channel(school: SchoolId) -> String {
    format!("t:{school}:live")
}

/// The school of a channel of live events.
pub(crate) fn school_of(channel: &str) -> Option<SchoolId> {
    let id = channel.strip_prefix("t:")?.strip_suffix(":live")?;
    id.parse::<uuid::Uuid>().ok().map(SchoolId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s11_every_key_says_whose_it_is() {
        let school = SchoolId(uuid::Uuid::from_u128(7));
        assert_eq!(Key::platform("session", "ab").as_str(), "p:session:ab");
        assert_eq!(Key::school(school, "roles", "x").as_str(), "t:00000000-0000-0000-0000-000000000007:roles:x");
        assert_eq!(school_of(&live_channel(school)), Some(school));
        assert_eq!(school_of("t:somebody:live"), None);
    }

    #[test]
    fn a_key_does_not_show_its_text() {
        assert_eq!(format!("{:?}", Key::platform("session", "token")), "Key(p:…)");
    }
}
