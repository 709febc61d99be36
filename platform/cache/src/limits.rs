//! Limits of the sign-in (S17). First a soft delay for each account, after Kanidm's ladder; then counts
//! in a window for an address. Each question is one script in Redis, so that questions beside each other
//! are counted one after the other. What is counted under is hashed: no login and no address stands in
//! Redis. While Redis is away the limiter of the process decides by the same rules: there is never no
//! limit, and never nobody who gets in.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, Utc};
use deadpool_redis::redis::pipe;
use kd_kernel::clock::local_date;
use sha2::{Digest, Sha256};

use crate::key::Key;
use crate::local::{Ask, DelayAsk, Local, Mark, SKEW, WindowAsk};
use crate::wire::Wire;

/// Asks about a delay: look, count a failure, or count one where nothing stands against trying.
/// ARGV: question, now, end of the day, then pairs of "below so many failures" and milliseconds.
/// Kept: n failures, u blocked until, d end of the day that they belong to.
const DELAY: &str = r"
local now, day_end = tonumber(ARGV[2]), tonumber(ARGV[3])
local state = redis.call('HMGET', KEYS[1], 'n', 'u', 'd')
local n, u = tonumber(state[1] or '0'), tonumber(state[2] or '0')
if tonumber(state[3] or '0') ~= day_end then n, u = 0, 0 end
local before = math.max(u - now, 0)
if ARGV[1] == 'see' or (ARGV[1] == 'try' and before > 0) then return before end
n = n + 1
local till = day_end
for i = 4, #ARGV, 2 do
  if n < tonumber(ARGV[i]) then till = now + tonumber(ARGV[i + 1]) break end
end
u = math.max(u, till)
redis.call('HSET', KEYS[1], 'n', n, 'u', u, 'd', day_end)
redis.call('PEXPIRE', KEYS[1], math.max(day_end - now, 1000))
if ARGV[1] == 'try' then return 0 end
return math.max(u - now, 0)
";

/// Counts in a window that begins with the first hit, or only looks.
/// ARGV: count or see, what counts once or nothing, limit, length, now, skew.
/// Kept: s begin, n hits, and a field for each thing that counts once.
const WINDOW: &str = r"
local once, limit, per, now = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local state = redis.call('HMGET', KEYS[1], 's', 'n')
local s, n = tonumber(state[1] or '-1'), tonumber(state[2] or '0')
if s < 0 or now - s >= per or s - now > tonumber(ARGV[6]) then
  if s >= 0 then redis.call('DEL', KEYS[1]) end
  s, n = now, 0
end
local known = once ~= '' and n > 0 and redis.call('HEXISTS', KEYS[1], once) == 1
local over = false
if ARGV[1] == 'count' and not known then
  n = n + 1
  redis.call('HSET', KEYS[1], 's', s, 'n', n)
  if n == 1 then redis.call('PEXPIRE', KEYS[1], per) end
  if once ~= '' and n <= limit then redis.call('HSET', KEYS[1], once, 1) end
  over = n > limit
else
  over = not known and n >= limit
end
if over then return math.min(math.max(s + per - now, 1), per) end
return 0
";

/// The ladder of soft delays: below so many failures of the day, so many seconds. From the last step on
/// nothing is tried until the end of the day (in the schools' zone); then the count begins anew, so no
/// account is ever locked for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder(Vec<(u32, u64)>);

impl Default for Ladder {
    /// Kanidm's: 1 s below 3 failures, 3 s below 9, 5 s below 25, 10 s below 100.
    fn default() -> Self {
        Self(vec![(3, 1), (9, 3), (25, 5), (100, 10)])
    }
}

impl Ladder {
    /// A ladder of (below so many failures, seconds); the steps are put in order.
    #[must_use]
    pub fn new(mut steps: Vec<(u32, u64)>) -> Self {
        steps.sort_unstable();
        Self(steps)
    }

    /// The delay after so many failures in milliseconds; nothing: until the end of the day.
    pub(crate) fn wait(&self, failures: u32) -> Option<i64> {
        self.steps().find(|(below, _)| failures < *below).map(|(_, wait)| wait)
    }

    fn steps(&self) -> impl Iterator<Item = (u32, i64)> {
        self.0.iter().map(|(below, seconds)| (*below, millis(Duration::from_secs(*seconds))))
    }
}

/// The limits of the sign-in.
///
/// A sign-in asks [`Limits::attempt`] before the password is looked at and [`Limits::succeeded`] after
/// it was right. `attempt` counts ahead: however many sign-ins of one account run beside each other, one
/// guess gets through per delay.
pub struct Limits {
    wire: Arc<Wire>,
    local: Local,
    ladder: Ladder,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Limits({:?})", self.ladder)
    }
}

impl Limits {
    pub(crate) fn new(wire: Arc<Wire>, ladder: Ladder) -> Self {
        Self { wire, local: Local::default(), ladder }
    }

    /// Asks whether the account may be tried now, and counts the attempt as a failure until
    /// [`Limits::succeeded`] takes it back. The subject is whatever names the account, such as the login
    /// in its stored spelling.
    ///
    /// # Errors
    /// Whole seconds to wait, at least 1; then nothing was counted.
    pub async fn attempt(&self, subject: &str, now: DateTime<Utc>) -> Result<(), u64> {
        seconds(self.delay(subject, Ask::Try, now).await).map_or(Ok(()), Err)
    }

    /// Whole seconds until the account may be tried again; nothing where it may be tried now.
    pub async fn blocked_until(&self, subject: &str, now: DateTime<Utc>) -> Option<u64> {
        seconds(self.delay(subject, Ask::See, now).await)
    }

    /// Counts a failure; answers the whole seconds until the account may be tried again.
    pub async fn failed(&self, subject: &str, now: DateTime<Utc>) -> u64 {
        seconds(self.delay(subject, Ask::Fail, now).await).unwrap_or(1)
    }

    /// Forgets the account's failures: after a right password, or when an administrator clears them.
    /// False where Redis did not confirm it; then a delay may stand there until the end of the day.
    pub async fn succeeded(&self, subject: &str) -> bool {
        let mark = mark("delay", subject);
        self.local.forget(&mark);
        let mut commands = pipe();
        commands.cmd("DEL").arg(key("delay", &mark).as_str()).ignore();
        self.wire.ask::<()>(&commands).await.is_some()
    }

    /// Counts a hit in the window of `per` that began with the first: the first `limit` pass. The kind
    /// names the rule, the subject whom it counts for, such as address and school.
    ///
    /// # Errors
    /// Whole seconds until the window ends, at least 1.
    pub async fn hit(
        &self,
        kind: &'static str,
        subject: &str,
        limit: u32,
        per: Duration,
        now: DateTime<Utc>,
    ) -> Result<(), u64> {
        let ask = WindowAsk { count: true, once: None, limit, per: millis(per), now: now.timestamp_millis() };
        self.window(kind, subject, ask).await
    }

    /// As [`Limits::hit`], but each thing counts once in a window: for different logins that nobody has.
    /// A thing that was counted passes again.
    ///
    /// # Errors
    /// Whole seconds until the window ends, at least 1.
    pub async fn hit_once(
        &self,
        kind: &'static str,
        (subject, thing): (&str, &str),
        limit: u32,
        per: Duration,
        now: DateTime<Utc>,
    ) -> Result<(), u64> {
        let once = Some(short(&mark("thing", thing)));
        let ask = WindowAsk { count: true, once, limit, per: millis(per), now: now.timestamp_millis() };
        self.window(kind, subject, ask).await
    }

    /// Looks whether a hit would pass, and counts nothing: before a password is looked at, where only
    /// failures count.
    ///
    /// # Errors
    /// Whole seconds until the window ends, at least 1.
    pub async fn look(
        &self,
        kind: &'static str,
        subject: &str,
        limit: u32,
        per: Duration,
        now: DateTime<Utc>,
    ) -> Result<(), u64> {
        let ask = WindowAsk { count: false, once: None, limit, per: millis(per), now: now.timestamp_millis() };
        self.window(kind, subject, ask).await
    }

    async fn delay(&self, subject: &str, ask: Ask, now: DateTime<Utc>) -> i64 {
        let mark = mark("delay", subject);
        let ask = DelayAsk { ask, now: now.timestamp_millis(), day_end: day_end(now) };
        let here = self.local.delay(mark, ask, &self.ladder);
        let mut commands = pipe();
        commands.cmd("EVAL").arg(DELAY).arg(1).arg(key("delay", &mark).as_str());
        commands.arg(ask.ask.name()).arg(ask.now).arg(ask.day_end);
        for (below, wait) in self.ladder.steps() {
            commands.arg(below).arg(wait);
        }
        self.wire.ask::<(i64,)>(&commands).await.map_or(here, |(wait,)| wait)
    }

    async fn window(&self, kind: &'static str, subject: &str, ask: WindowAsk) -> Result<(), u64> {
        let mark = mark(kind, subject);
        let here = self.local.window(mark, ask);
        let once = ask.once.map(|thing| format!("o{thing:016x}")).unwrap_or_default();
        let mut commands = pipe();
        commands.cmd("EVAL").arg(WINDOW).arg(1).arg(key("window", &mark).as_str());
        commands.arg(if ask.count { "count" } else { "see" }).arg(once);
        commands.arg(ask.limit).arg(ask.per).arg(ask.now).arg(SKEW);
        let wait = self.wire.ask::<(i64,)>(&commands).await.map_or(here, |(wait,)| wait);
        seconds(wait).map_or(Ok(()), Err)
    }
}

/// The hash under which a subject is counted; the kind is part of it.
fn mark(kind: &str, subject: &str) -> Mark {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(subject.as_bytes());
    hash.finalize().into()
}

fn key(kind: &'static str, mark: &Mark) -> Key {
    Key::platform(kind, &data_encoding::HEXLOWER.encode(mark))
}

/// The first eight bytes of a hash.
fn short(mark: &Mark) -> u64 {
    mark.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

/// Milliseconds in whole seconds, rounded up.
fn seconds(millis: i64) -> Option<u64> {
    u64::try_from(millis).ok().filter(|m| *m > 0).map(|m| m.div_ceil(1000))
}

/// When the local day ends, in milliseconds since 1970.
fn day_end(now: DateTime<Utc>) -> i64 {
    let tomorrow = local_date(now) + Days::new(1);
    tomorrow
        .and_time(NaiveTime::MIN)
        .and_local_timezone(chrono_tz::Asia::Almaty)
        .earliest()
        .map_or(now.timestamp_millis() + 86_400_000, |at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_midnight_of_almaty() {
        let now: DateTime<Utc> = "2026-09-01T18:59:59Z".parse().unwrap_or_default();
        assert_eq!(day_end(now) - now.timestamp_millis(), 1_000);
        let later: DateTime<Utc> = "2026-09-01T19:00:00Z".parse().unwrap_or_default();
        assert_eq!(day_end(later) - later.timestamp_millis(), 86_400_000);
    }

    #[test]
    fn the_kind_is_part_of_the_mark() {
        assert_ne!(mark("delay", "a"), mark("window", "a"));
        assert_eq!(seconds(1), Some(1));
        assert_eq!(seconds(0), None);
        assert_eq!(seconds(1_001), Some(2));
    }
}
