//! The breaker: after a failure Redis is left alone for a while, so that a Redis that does not answer
//! costs nothing while the breaker is open. One call at a time tries whether it is back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long the breaker stays open after the first failure.
const SHORTEST: Duration = Duration::from_secs(1);
/// How long at the most: with the call that tries it, the return of Redis is noticed within five seconds.
const LONGEST: Duration = Duration::from_secs(4);
/// How long others wait for the call that tries; it may have been dropped half-way.
const TRIAL: Duration = Duration::from_millis(300);

/// Whether calls go out.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Rises with every change, so that answers to earlier calls change nothing.
    epoch: u64,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    until: Instant,
    wait: Duration,
}

/// The permission for one call; it is given back with what became of the call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Permit(u64);

impl Breaker {
    /// The permission for a call, or nothing while the breaker is open.
    pub(crate) fn permit(&self) -> Option<Permit> {
        let mut state = self.state();
        let now = Instant::now();
        match &mut state.open {
            None => {}
            Some(open) if now >= open.until => {
                open.until = now + TRIAL;
                state.epoch += 1;
            }
            Some(_) => return None,
        }
        Some(Permit(state.epoch))
    }

    /// The call was answered. True when this closed the breaker.
    pub(crate) fn answered(&self, permit: Permit) -> bool {
        let mut state = self.state();
        if state.epoch != permit.0 || state.open.is_none() {
            return false;
        }
        state.epoch += 1;
        state.open = None;
        true
    }

    /// The call failed. True when this opened the breaker that was closed.
    pub(crate) fn failed(&self, permit: Permit) -> bool {
        let mut state = self.state();
        if state.epoch != permit.0 {
            return false;
        }
        let opened = state.open.is_none();
        let wait = state.open.as_ref().map_or(SHORTEST, |open| (open.wait * 2).min(LONGEST));
        state.open = Some(Open { until: Instant::now() + wait, wait });
        state.epoch += 1;
        opened
    }

    /// Redis was seen to answer elsewhere: the next call may try at once.
    pub(crate) fn nudge(&self) {
        if let Some(open) = &mut self.state().open {
            open.until = Instant::now();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pass(millis: u64) {
        tokio::time::advance(Duration::from_millis(millis)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn f12_the_breaker_opens_for_one_second_and_doubles_up_to_four() {
        let breaker = Breaker::default();
        let first = breaker.permit().unwrap();
        let beside = breaker.permit().unwrap();
        assert!(breaker.failed(first));
        assert!(!breaker.failed(beside), "a failure beside the first changes nothing");
        for wait in [1_000, 2_000, 4_000, 4_000] {
            pass(wait - 1).await;
            assert!(breaker.permit().is_none(), "still open after {} ms", wait - 1);
            pass(1).await;
            let trial = breaker.permit().unwrap();
            assert!(breaker.permit().is_none(), "one call tries, the others wait");
            assert!(!breaker.failed(trial), "it was open already");
        }
        pass(4_000).await;
        let trial = breaker.permit().unwrap();
        assert!(breaker.answered(trial));
        let again = breaker.permit().unwrap();
        assert!(breaker.failed(again));
        pass(1_000).await;
        assert!(breaker.permit().is_some(), "after it was closed, it begins with one second again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_trial_that_is_dropped_does_not_keep_the_breaker_open() {
        let breaker = Breaker::default();
        let first = breaker.permit().unwrap();
        breaker.failed(first);
        pass(1_000).await;
        let _dropped = breaker.permit().unwrap();
        pass(300).await;
        assert!(breaker.permit().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_nudge_lets_the_next_call_try() {
        let breaker = Breaker::default();
        let first = breaker.permit().unwrap();
        breaker.failed(first);
        breaker.nudge();
        let trial = breaker.permit().unwrap();
        assert!(breaker.answered(trial));
        assert!(breaker.permit().is_some());
    }
}
