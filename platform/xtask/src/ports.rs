//! Ports on 127.0.0.1 that nobody holds: the one used last time, else a wished one, else any.
//!
//! They are drawn from 12000-21999: below the range from which the kernel hands ports to outgoing
//! connections and to tests that bind port 0, and so low that the ports 10000 above (SeaweedFS opens
//! those as well) stay below it too.

use std::{
    collections::BTreeSet,
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, TcpListener},
};

use anyhow::{Result, bail};

use crate::{say, secrets, state::State};

const FIRST: u16 = 12_000;
const COUNT: u16 = 10_000;
/// SeaweedFS opens for each of its ports a second one this much higher.
pub const ABOVE: u16 = 10_000;

/// Hands out ports and remembers them in the state, so that the next start has the same addresses.
pub struct Ports<'a> {
    state: &'a mut State,
    given: BTreeSet<u16>,
}

impl<'a> Ports<'a> {
    /// A dealer that keeps what it deals in `state`.
    pub fn new(state: &'a mut State) -> Self {
        Self { state, given: BTreeSet::new() }
    }

    /// A port for `name`: last time's, else any free one.
    pub fn any(&mut self, name: &str) -> Result<u16> {
        self.pick(name, None, free)
    }

    /// A port for `name`: last time's, else the wished one, else any free one; says so when a port is taken.
    pub fn wished(&mut self, name: &str, wish: u16) -> Result<u16> {
        self.pick(name, Some(wish), free)
    }

    /// A port for `name` whose twin 10000 above is free as well.
    pub fn twin(&mut self, name: &str) -> Result<u16> {
        self.pick(name, None, |port| free(port) && free(port + ABOVE))
    }

    fn pick(&mut self, name: &str, wish: Option<u16>, is_free: fn(u16) -> bool) -> Result<u16> {
        let before = self.state.ports.get(name).copied();
        for port in [before, wish].into_iter().flatten() {
            if !self.given.contains(&port) && is_free(port) {
                return Ok(self.give(name, port));
            }
        }
        for _ in 0..1_000 {
            let port = FIRST + secrets::number()? % COUNT;
            if !self.given.contains(&port) && is_free(port) {
                if let Some(taken) = before.or(wish) {
                    say::line(format!("  port {taken} is taken: {name} takes {port}"));
                }
                return Ok(self.give(name, port));
            }
        }
        bail!("found no free port for {name} on 127.0.0.1")
    }

    fn give(&mut self, name: &str, port: u16) -> u16 {
        self.given.insert(port);
        self.state.ports.insert(name.to_owned(), port);
        port
    }
}

/// Nobody listens on this port, neither on 127.0.0.1 nor on ::1, to which a browser may send `*.localhost`.
fn free(port: u16) -> bool {
    let second = || match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::AddrInUse,
    };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && second()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_no_failure() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let wish = taken.local_addr().unwrap().port();
        let mut state = State::default();
        let port = Ports::new(&mut state).wished("portal", wish).unwrap();
        assert_ne!(port, wish);
        assert_eq!(state.ports.get("portal"), Some(&port));
    }

    #[test]
    fn the_port_of_the_last_time_comes_back() {
        let mut state = State::default();
        let first = Ports::new(&mut state).any("mail").unwrap();
        let again = Ports::new(&mut state).wished("mail", 1).unwrap();
        assert_eq!(first, again);
    }

    #[test]
    fn two_names_never_get_one_port() {
        let mut state = State::default();
        state.ports.insert("a".into(), 12_345);
        state.ports.insert("b".into(), 12_345);
        let mut ports = Ports::new(&mut state);
        assert_ne!(ports.any("a").unwrap(), ports.any("b").unwrap());
    }

    #[test]
    fn a_twin_has_a_free_port_above_it() {
        let mut state = State::default();
        let port = Ports::new(&mut state).twin("s3").unwrap();
        assert!((FIRST..FIRST + COUNT).contains(&port));
        assert!(free(port + ABOVE));
    }
}
