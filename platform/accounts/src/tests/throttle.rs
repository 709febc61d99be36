//! Throttling of the sign-in: by account first, by address only where failures go on.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use kd_http::Visitor;
use kd_kernel::{Chance, Clock, Problem, Tongue};
use kd_testkit::World;

use super::{PASSWORD, Town};
use crate::sign_in::{Shown, sign_in};

fn visitor(town: &Town, ip: IpAddr) -> Visitor {
    let house = Arc::clone(town.house());
    Visitor { house, ip, tongue: Tongue::Ru, user_token: None, operator_token: None }
}

/// An address that no other test and no other run has.
fn own_address() -> IpAddr {
    IpAddr::V6(Ipv6Addr::from(Chance::system().bytes::<16>()))
}

async fn code_of(visitor: &Visitor, login: &str, password: &str) -> String {
    let outcome = sign_in(visitor, login, password, Shown::Nothing).await;
    outcome.map_or_else(|problem: Problem| problem.code().to_owned(), |_| "in".to_owned())
}

#[tokio::test]
async fn s17_an_account_waits_longer_and_longer_and_its_neighbour_does_not() {
    let town = Town::open().await;
    town.account("aigul.s").await;
    town.account("timur.k").await;
    let mut waits = Vec::new();
    for _ in 0..12 {
        town.sign_in("aigul.s", "wrong").await.expect(401);
        let held = town.sign_in("aigul.s", PASSWORD).await;
        held.expect(429);
        assert_eq!(held.code(), "accounts.slow-down");
        let wait: i64 = held.headers["retry-after"].to_str().unwrap().parse().unwrap();
        waits.push(wait);
        // Another account from the same address is not hindered.
        town.sign_in("timur.k", PASSWORD).await.expect(200);
        town.later(wait);
    }
    assert_eq!(waits, [1, 1, 3, 3, 3, 3, 3, 3, 5, 5, 5, 5]);
    town.sign_in("AIGUL.s ", PASSWORD).await.expect(200);
    town.sign_in("aigul.s", "wrong").await.expect(401);
    let held = town.sign_in("aigul.s", PASSWORD).await;
    assert_eq!(held.headers["retry-after"], "1", "the right password took the delays back");
}

#[tokio::test]
async fn s17_an_unknown_login_waits_like_a_known_one() {
    let town = Town::open().await;
    town.account("aigul.s").await;
    for _ in 0..4 {
        let (known, unknown) = (town.sign_in("aigul.s", "wrong").await, town.sign_in("nobody", "wrong").await);
        assert_eq!((known.status, unknown.status), (unknown.status, known.status));
        let (known, unknown) = (town.sign_in("aigul.s", "wrong").await, town.sign_in("nobody", "wrong").await);
        assert_eq!(known.headers.get("retry-after"), unknown.headers.get("retry-after"));
        assert_eq!((known.expect(429)["code"].clone(), 429), (unknown.expect(429)["code"].clone(), 429));
        town.later(4);
    }
}

#[tokio::test]
async fn s17_an_address_that_tries_unknown_logins_is_slowed_but_locks_nobody_out() {
    // With the real Redis: the counts are the same for all processes.
    let town = Town::of(World::with_clock(Clock::fixed(Clock::system().now())).await).await;
    let tag = uuid::Uuid::from_bytes(Chance::system().bytes()).simple().to_string();
    let login = format!("a{}", tag.get(..20).unwrap());
    town.account(&login).await;
    let (here, elsewhere) = (visitor(&town, own_address()), visitor(&town, own_address()));
    for n in 0..20 {
        assert_eq!(code_of(&here, &format!("nobody-{tag}-{n}"), "x").await, "accounts.wrong-credentials", "{n}");
    }
    assert_eq!(code_of(&here, &format!("nobody-{tag}-20"), "x").await, "accounts.slow-down");
    town.later(2);
    assert_eq!(code_of(&here, &login, "wrong").await, "accounts.slow-down", "a known login reads the same");
    town.later(2);
    assert_eq!(code_of(&here, &login, PASSWORD).await, "in", "who has the right password is not hindered");
    assert_eq!(code_of(&elsewhere, &format!("nobody-{tag}-21"), "x").await, "accounts.wrong-credentials");
    town.later(601);
    assert_eq!(code_of(&here, &format!("nobody-{tag}-22"), "x").await, "accounts.wrong-credentials");
}

#[tokio::test]
async fn s25_guesses_of_codes_are_slowed_and_the_right_password_does_not_help() {
    let town = Town::open().await;
    let secret = town.account_with_code("aigul.s").await;
    let mut held = 0;
    for n in 0..40 {
        let reply = town.sign_in_with("aigul.s", &format!("{n:06}")).await;
        match reply.code().as_str() {
            "accounts.slow-down" => held += 1,
            code => assert_eq!(code, "accounts.second-factor-wrong"),
        }
        // Asking without a code proves the password again; the delay of codes stands.
        assert_eq!(town.sign_in("aigul.s", PASSWORD).await.code(), "accounts.second-factor-needed");
    }
    assert_eq!(held, 39, "one guess a step of the clock");
    town.later(2);
    town.sign_in_with("aigul.s", &town.code(&secret)).await.expect(200);
}
