//! What came out is read: nothing of a school is said to another (S13), every name in Redis says whose it is
//! (S11), and every name in S3 lies with the school that acts (S12).

use std::collections::BTreeSet;

use uuid::Uuid;

use super::gathering::{ONE, OTHER, gathered};
use super::traces::{Said, To, signs};
use crate::stage::operations;

/// Kinds of names that are the platform's.
const PLATFORM: [&str; 5] = ["delay", "kick", "school", "session", "window"];

#[tokio::test]
async fn s13_nothing_of_a_school_is_said_to_another() {
    let all = gathered().await;
    let of = |to: To| all.said.iter().filter(move |said| said.to == to);
    let both = |inside: bool| {
        let words = if inside { [ONE.inside, OTHER.inside] } else { [ONE.registry, OTHER.registry] };
        words.into_iter().flat_map(signs).collect::<Vec<_>>()
    };
    let everything = |marks: super::traces::Marks, ids: &[String]| {
        [signs(marks.inside), signs(marks.registry), ids.to_vec()].concat()
    };
    let [one, other] = [everything(ONE, &all.ids[0]), everything(OTHER, &all.ids[1])];
    for (to, foreign) in [
        (To::Other, one.clone()),
        (To::One, other.clone()),
        // Operators know applications and schools, and nobody inside of one.
        (To::Operator, both(true)),
        // The log names nobody and no school.
        (To::Nobody, [both(true), both(false)].concat()),
    ] {
        for said in of(to) {
            if let Some(sign) = said.holds(&foreign) {
                panic!("{to:?} was told {sign} by {}", said.what);
            }
        }
    }
    for command in &all.commands {
        let said = Said::bytes(To::Nobody, String::new(), command.join(" ").as_bytes());
        assert_eq!(said.holds(&both(true)), None, "Redis: {command:?}");
    }

    // Their own they are told, so what is looked for can be found.
    let own = |to, word: &str, what: &str| {
        let signs = signs(word);
        of(to).filter(|said| said.what.contains(what) && said.holds(&signs).is_some()).count()
    };
    for (to, word, what, least) in [
        (To::Other, OTHER.inside, "GET", 40),
        (To::Other, OTHER.inside, "sheet_fetch", 1),
        (To::Other, OTHER.inside, "file tenants/", 1),
        (To::Other, OTHER.registry, "file platform/agreements/", 2),
        (To::Other, OTHER.registry, "letter", 3),
        (To::Other, OTHER.registry, "founder", 5),
        (To::One, ONE.inside, "GET", 10),
        (To::One, ONE.registry, "founder", 5),
        (To::Operator, ONE.registry, "", 2),
        (To::Operator, OTHER.registry, "", 2),
    ] {
        let found = own(to, word, what);
        assert!(found >= least, "{word} was found {found} times in {what:?} to {to:?}");
    }
    let ids = all.ids[1].as_slice();
    assert!(of(To::Other).filter(|s| s.what.starts_with("stream") && s.holds(ids).is_some()).count() >= 4, "streams");
    assert!(of(To::Nobody).all(|log| log.text.contains("an act was refused")), "the log was kept");

    let (answers, bytes) = (of(To::Other).count(), of(To::Other).map(|said| said.text.len()).sum::<usize>());
    let least = operations().len() * 8;
    println!("s13: {answers} answers of {bytes} bytes to one school read, at least {least}; {} in all", all.said.len());
    assert!(answers >= least && bytes > 1_000_000, "{answers} answers, {bytes} bytes");
}

#[tokio::test]
async fn s11_every_key_of_the_whole_house_says_whose_it_is() {
    let all = gathered().await;
    let (mut checked, mut kinds) = (0, BTreeSet::new());
    for command in &all.commands {
        let name = command[0].to_ascii_uppercase();
        let key = match name.as_str() {
            "PING" | "CLIENT" | "HELLO" | "UNWATCH" => continue,
            "GET" | "SET" | "DEL" | "HSET" | "HMGET" | "HEXISTS" | "PEXPIRE" | "PUBLISH" | "SUBSCRIBE" => &command[1],
            "PSUBSCRIBE" => {
                assert_eq!(command[1..], ["t:*:live"]);
                continue;
            }
            "EVAL" => {
                assert_eq!(command[2], "1", "{command:?}");
                &command[3]
            }
            _ => panic!("a command that nobody checks: {command:?}"),
        };
        let parts: Vec<&str> = key.split(':').collect();
        match parts[..] {
            ["p", kind, ..] => assert!(PLATFORM.contains(&kind), "{key}"),
            ["t", school, _, ..] => {
                let school: Uuid = school.parse().expect(key);
                assert!(all.schools.contains(&school), "{key}");
            }
            _ => panic!("a key that says nothing of whose it is: {key}"),
        }
        kinds.insert(if parts[0] == "p" { parts[1] } else { parts[2] });
        checked += 1;
    }
    println!("s11: {checked} commands checked, of {} kinds: {kinds:?}", kinds.len());
    assert!(checked > operations().len() * 8, "{checked}");
    assert_eq!(kinds, ["delay", "kick", "live", "school", "session", "window"].into(), "every kind was used");
}

#[tokio::test]
async fn s12_every_file_of_the_whole_house_lies_with_the_school_that_acts() {
    let all = gathered().await;
    let bucket = format!("/{}/", kd_testkit::env("S3_BUCKET"));
    let (mut checked, mut put) = (0, BTreeSet::new());
    for (method, address) in &all.asked {
        let key = address.strip_prefix(&bucket).expect("the bucket of the settings").split('?').next().unwrap();
        let parts: Vec<&str> = key.split('/').collect();
        match parts[..] {
            ["tenants", school, _, _] => assert!(all.acting.contains(&school.parse().expect(key)), "{method} {key}"),
            ["platform", "agreements", _] => {}
            _ => panic!("a name that says nothing of whose it is: {method} {address}"),
        }
        if method == "PUT" {
            put.insert(key.to_owned());
        } else if method == "DELETE" {
            put.remove(key);
        }
        checked += 1;
    }
    put.retain(|key| key.starts_with("tenants/"));
    assert_eq!(put, all.files.iter().cloned().collect(), "S3's own account of what lies with the schools");
    println!("s12: {checked} requests to S3 checked, {} files lie with the schools that acted", put.len());
    assert!(checked >= 8 && put.len() >= 2, "{checked} requests, {put:?}");
}
