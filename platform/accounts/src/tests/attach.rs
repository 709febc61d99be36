//! A further profile for an account that is there, attached from the registration page by its newcomer.

use std::sync::Arc;

use chrono::TimeDelta;
use kd_ctx::Scope;
use kd_kernel::{AccountId, ProfileId, Role};
use kd_store::{Mode, sql};
use kd_testkit::{Client, Reply, School};
use sea_orm::{FromQueryResult, TryGetable};
use serde_json::{Value, json};
use sqlx::Executor;

use super::{PASSWORD, Town, activation, registration};
use crate::attach::use_up;
use crate::credentials::{self, Issued, New, Purpose};
use crate::store::Unfinished;
use crate::{account_close, mend_memberships};

/// Good enough for a family, and beside a second factor.
pub(super) const SHORT: &str = "tulpar-kok7";

/// A town with two schools.
pub(super) struct Two {
    pub(super) town: Town,
    pub(super) other: School,
}

impl Two {
    pub(super) async fn open() -> Self {
        let town = Town::open().await;
        let other = School::in_world(&town.world).await;
        Self { town, other }
    }

    /// A card of the second school, as if it had been handed over.
    pub(super) async fn card(&self, kind: &str, roles: &[Role], strict: bool) -> (ProfileId, Issued) {
        self.town.later(1);
        let profile = self.town.profile_in(&self.other, kind, roles).await;
        let card = self.town.issue_in(&self.other, profile, strict).await;
        let handout = "INSERT INTO handout (profile_id, credential_id, login, state, issued_at, expires_at) \
             VALUES ($1, $2, 'x', 'handed_over', $3, $3)";
        self.tell_other(handout, vec![profile.into(), card.id.into(), card.expires_at.into()]).await;
        (profile, card)
    }

    pub(super) async fn guardian(&self) -> (ProfileId, Issued) {
        self.card("guardian", &[Role::Guardian], false).await
    }

    pub(super) async fn teacher(&self) -> (ProfileId, Issued) {
        self.card("staff", &[Role::Teacher], false).await
    }

    pub(super) async fn administrator(&self) -> (ProfileId, Issued) {
        self.card("staff", &[Role::Administrator], true).await
    }

    /// Somebody of the first school with an account that has a family's password.
    pub(super) async fn family(&self, login: &str) -> AccountId {
        let card = self.town.card().await;
        let mut new = registration(login);
        new["password"] = SHORT.into();
        self.town.newcomer(&card).await.post("/registration", &new).await.expect(200);
        self.town.account_of(login).await
    }

    pub(super) async fn attaches(&self, card: &Issued, login: &str, password: &str) -> Reply {
        let newcomer = self.town.newcomer(card).await;
        newcomer.post("/registration/attachment", &json!({ "login": login, "password": password })).await
    }

    /// The schools of a session.
    pub(super) async fn schools(&self, reply: &Reply) -> Vec<String> {
        let user = self.town.site.with_token(Scope::User, &reply.token(Scope::User).unwrap());
        let session = user.get("/session").await.expect(200);
        session["schools"].as_array().unwrap().iter().map(|s| s["slug"].as_str().unwrap().to_owned()).collect()
    }

    pub(super) fn both(&self) -> Vec<String> {
        vec![self.town.school.card.slug.clone(), self.other.card.slug.clone()]
    }

    pub(super) async fn tell_other(&self, statement: &'static str, values: Vec<sea_orm::Value>) {
        let tx = self.town.house().store.begin(self.other.card.place(), Mode::Write).await.unwrap();
        sql::run(&tx, statement, values).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn ask_in<T: TryGetable>(
        &self,
        school: &School,
        question: &'static str,
        values: Vec<sea_orm::Value>,
    ) -> T {
        let tx = self.town.house().store.begin(school.card.place(), Mode::Read).await.unwrap();
        sql::scalar(&tx, question, values).await.unwrap()
    }

    /// Whether a profile of the second school has this account, its handout is activated, and one line of the audit
    /// says so.
    pub(super) async fn linked(&self, profile: ProfileId, account: AccountId) -> bool {
        let question = "SELECT p.account_id IS NOT DISTINCT FROM $2 AND h.state = 'activated' \
             AND (SELECT count(*) FROM handout_event WHERE profile_id = $1 AND after = 'activated') = 1 \
             AND (SELECT count(*) FROM audit WHERE operation = 'attach' AND profile_id = $1 AND account_id = $2) = 1 \
             FROM profile p JOIN handout h ON h.profile_id = p.id WHERE p.id = $1";
        self.ask_in(&self.other, question, vec![profile.into(), account.into()]).await
    }

    /// How many profiles of the second school an account has, by the school's word and by the platform's.
    async fn held(&self, account: AccountId) -> (i64, i64) {
        let here = "SELECT count(*) FROM profile WHERE account_id = $1";
        let there: i64 = self.ask_in(&self.other, here, vec![account.into()]).await;
        let members = "SELECT count(*) FROM platform.membership WHERE account_id = $1 AND school_id = $2";
        let db = self.town.house().store.platform();
        (there, sql::scalar(db, members, [account.into(), self.other.card.id.into()]).await.unwrap())
    }

    /// The second school is where nothing answers, until it is back.
    pub(super) async fn silence(&self) {
        let mut admin = self.town.world.look_platform().await;
        let gone = "INSERT INTO platform.cell (id, name, host, port, database, secret_ref) \
             VALUES ('00000000-0000-0000-0000-00000000dead', 'gone', '127.0.0.1', 1, 'gone', 'KUNDELIK')";
        admin.execute(gone).await.unwrap();
        self.town.tell(MOVE, vec![self.other.card.id.into(), uuid::Uuid::from_u128(0xdead).into()]).await;
    }

    pub(super) async fn back(&self) {
        self.town.tell(MOVE, vec![self.other.card.id.into(), self.other.card.cell_id.into()]).await;
    }
}

const MOVE: &str = "UPDATE platform.school SET cell_id = $2 WHERE id = $1";

fn bare(reply: &Reply) -> (u16, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("request_id");
    (reply.status.as_u16(), body)
}

#[track_caller]
pub(super) fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (status, code));
    assert!(reply.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn idn_6_a_newcomer_who_has_an_account_brings_the_new_school_to_it() {
    let two = Two::open().await;
    let (account, _) = two.town.account("aigul.s").await;
    let before: i64 = two.ask_in(&two.town.school, "SELECT count(*) FROM audit", vec![]).await;
    let (profile, card) = two.guardian().await;
    let newcomer = two.town.newcomer(&card).await;
    let shown = json!({ "login": " Aigul.S ", "password": PASSWORD });
    let reply = newcomer.post("/registration/attachment", &shown).await;
    assert_eq!(reply.expect(200), json!({ "next": "portal", "slug": two.other.card.slug }));
    assert_eq!(two.schools(&reply).await, two.both());
    assert!(two.linked(profile, account).await);
    assert_eq!(two.town.state_of(card.id).await, "used");
    newcomer.get("/registration").await.expect(401);
    let after: i64 = two.ask_in(&two.town.school, "SELECT count(*) FROM audit", vec![]).await;
    assert_eq!(after, before, "the first school hears nothing of it");
    two.town.later(2);
    refused(&two.town.sign_in(&card.login, card.temporary_password.reveal()).await, 401, "accounts.wrong-credentials");
    let again = two.town.sign_in("aigul.s", PASSWORD).await.expect(200);
    assert_eq!(again["schools"].as_array().unwrap().len(), 2);
    let logins: i64 = two.town.ask("SELECT count(*) FROM platform.account WHERE kind = $1", "user".into()).await;
    assert_eq!(logins, 1, "no further account was made");
}

#[tokio::test]
async fn idn_6_a_school_that_somebody_has_left_is_no_seat_any_more() {
    let two = Two::open().await;
    two.town.account("aigul.s").await;
    let (profile, card) = two.guardian().await;
    let reply = two.attaches(&card, "aigul.s", PASSWORD).await;
    two.tell_other("UPDATE profile SET state = 'archived' WHERE id = $1", vec![profile.into()]).await;
    assert_eq!(two.schools(&reply).await, [two.town.school.card.slug.as_str()]);
}

#[tokio::test]
async fn whatever_is_wrong_at_an_attachment_gets_one_answer_and_costs_no_card() {
    let two = Two::open().await;
    let town = &two.town;
    let (_, card) = two.guardian().await;
    let (_, foreign) = two.guardian().await;
    town.account("aigul.s").await;
    let (closed, _) = town.account("closed.one").await;
    account_close(town.house(), closed).await.unwrap();
    town.account("held.one").await;
    town.tell("UPDATE platform.account SET state = 'restricted' WHERE login = 'held.one'", vec![]).await;
    town.account("runs.all").await;
    town.tell("UPDATE platform.account SET kind = 'operator' WHERE login = 'runs.all'", vec![]).await;
    let newcomer = town.newcomer(&card).await;
    let ask = async |login: &str, password: &str| {
        newcomer.post("/registration/attachment", &json!({ "login": login, "password": password })).await
    };
    let unknown = ask("nobody", PASSWORD).await;
    refused(&unknown, 401, "accounts.wrong-credentials");
    for (login, password) in [
        ("aigul.s", "wrong"),
        ("closed.one", PASSWORD),
        ("held.one", PASSWORD),
        ("runs.all", PASSWORD),
        (card.login.as_str(), card.temporary_password.reveal()),
        (foreign.login.as_str(), foreign.temporary_password.reveal()),
        (foreign.login.as_str(), "AAAA-AAAA-AAAA"),
        ("", ""),
    ] {
        let reply = ask(login, password).await;
        assert_eq!(bare(&reply), bare(&unknown), "{login}");
        assert!(reply.headers.get("set-cookie").is_none());
        town.later(2);
    }
    let touched: i64 = town.ask("SELECT count(*) FROM platform.credential WHERE tries > $1", 0.into()).await;
    assert_eq!(touched, 0, "a card that is typed as the own login loses no try");
    assert_eq!(town.state_of(card.id).await, "issued");
    ask("aigul.s", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn s17_at_an_attachment_an_account_waits_as_at_the_entrance() {
    let two = Two::open().await;
    let town = &two.town;
    town.account("aigul.s").await;
    let (_, card) = two.guardian().await;
    let newcomer = town.newcomer(&card).await;
    let ask = async |login: &str, password: &str| {
        newcomer.post("/registration/attachment", &json!({ "login": login, "password": password })).await
    };
    for _ in 0..4 {
        let (known, unknown) = (ask("aigul.s", "wrong").await, ask("nobody", "wrong").await);
        assert_eq!(bare(&known), bare(&unknown));
        // The ladder is that of the entrance: what is tried here waits there.
        let (known, unknown) = (town.sign_in("aigul.s", PASSWORD).await, ask("nobody", "wrong").await);
        refused(&known, 429, "accounts.slow-down");
        assert_eq!(bare(&known), bare(&unknown));
        assert_eq!(known.headers["retry-after"], unknown.headers["retry-after"]);
        town.later(4);
    }
    ask("aigul.s", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn s25_an_attachment_asks_for_the_second_factor_and_takes_a_code_once() {
    let two = Two::open().await;
    let town = &two.town;
    let secret = town.account_with_code("basshy").await;
    let (_, card) = two.guardian().await;
    let newcomer = town.newcomer(&card).await;
    let ask = async |code: &str| {
        let shown = json!({ "login": "basshy", "password": PASSWORD, "code": code });
        newcomer.post("/registration/attachment", &shown).await
    };
    refused(&ask("").await, 401, "accounts.second-factor-needed");
    let code = town.code(&secret);
    town.sign_in_with("basshy", &code).await.expect(200);
    refused(&ask(&code).await, 401, "accounts.second-factor-wrong");
    assert_eq!(town.state_of(card.id).await, "issued");
    town.later(60);
    let reply = ask(&town.code(&secret)).await;
    reply.expect(200);
    assert_eq!(two.schools(&reply).await, two.both());
}

#[tokio::test]
async fn idn_6_an_account_has_one_profile_in_a_school() {
    let two = Two::open().await;
    two.town.account("aigul.s").await;
    let again = two.town.card().await;
    refused(&two.attaches(&again, "aigul.s", PASSWORD).await, 409, "accounts.already-there");
    assert_eq!(two.town.state_of(again.id).await, "issued", "the card is not lost");
    let (_, card) = two.guardian().await;
    two.attaches(&card, "aigul.s", PASSWORD).await.expect(200);
    let (_, second) = two.teacher().await;
    refused(&two.attaches(&second, "aigul.s", PASSWORD).await, 409, "accounts.already-there");
}

#[tokio::test]
async fn s24_who_comes_to_administer_has_a_second_factor_first() {
    let two = Two::open().await;
    let (account, _) = two.town.account("aigul.s").await;
    let (_, strict) = two.administrator().await;
    // A card that was printed before the role was given says nothing of it.
    let (_, early) = two.card("staff", &[Role::Administrator], false).await;
    for card in [&strict, &early] {
        refused(&two.attaches(card, "aigul.s", PASSWORD).await, 409, "accounts.attach-factor-first");
        assert_eq!(two.town.state_of(card.id).await, "issued");
    }
    assert_eq!(two.held(account).await, (0, 0));
}

#[tokio::test]
async fn s31_who_comes_to_administer_has_short_sessions_from_then_on() {
    let two = Two::open().await;
    let town = &two.town;
    let secret = town.account_with_code("basshy").await;
    // In the first school a guardian, whose sessions last long.
    let demote = "UPDATE role_held SET role = 'teacher' WHERE role = 'administrator'";
    let tx = town.house().store.begin(town.school.card.place(), Mode::Write).await.unwrap();
    sql::run(&tx, demote, []).await.unwrap();
    tx.commit().await.unwrap();
    let old = town.sign_in_with("basshy", &town.code(&secret)).await.token(Scope::User).unwrap();
    let old = town.site.with_token(Scope::User, &old);
    let (_, card) = two.administrator().await;
    town.later(30);
    let newcomer = town.newcomer(&card).await;
    let shown = json!({ "login": "basshy", "password": PASSWORD, "code": town.code(&secret) });
    let reply = newcomer.post("/registration/attachment", &shown).await;
    reply.expect(200);
    assert_eq!(old.get("/session").await.expect(200)["kind"], "none", "the long session is over");
    let new = town.site.with_token(Scope::User, &reply.token(Scope::User).unwrap());
    town.later(3_599);
    assert_eq!(new.get("/session").await.expect(200)["kind"], "portal");
    town.later(3_600);
    assert_eq!(new.get("/session").await.expect(200)["kind"], "none");
}

#[tokio::test]
async fn a_session_elsewhere_lasts_where_nothing_more_may_be_done() {
    let two = Two::open().await;
    let (_, elsewhere) = two.town.account("aigul.s").await;
    let (_, card) = two.guardian().await;
    two.attaches(&card, "aigul.s", PASSWORD).await.expect(200);
    let elsewhere = two.town.site.with_token(Scope::User, &elsewhere);
    assert_eq!(elsewhere.get("/session").await.expect(200)["schools"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn s20_a_familys_password_is_made_better_before_the_staff_has_it() {
    let two = Two::open().await;
    two.family("aigul.s").await;
    let (_, card) = two.teacher().await;
    refused(&two.attaches(&card, "aigul.s", SHORT).await, 409, "accounts.attach-password-first");
    assert_eq!(two.town.state_of(card.id).await, "issued");
    // A guardian's profile asks no more than a guardian's password.
    let (_, mother) = two.guardian().await;
    two.attaches(&mother, "aigul.s", SHORT).await.expect(200);
    two.town.account("dana.b").await;
    two.attaches(&card, "dana.b", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_credential_for_something_else_attaches_nothing() {
    let two = Two::open().await;
    let town = &two.town;
    town.account("aigul.s").await;
    let reset = two.other.person("Серікова", "Дана", &[Role::Guardian]).await;
    let purpose = Purpose::Reset { school: two.other.card.id, profile: reset.profile, account: reset.account };
    let new = New { purpose, stem: "reset".to_owned(), strict: false, ttl: TimeDelta::days(1) };
    let reset_card = credentials::issue(town.house(), town.house().store.platform(), new).await.unwrap();
    let (_, invitation) = activation::invitation(town).await;
    for card in [&reset_card, &invitation] {
        refused(&two.attaches(card, "aigul.s", PASSWORD).await, 409, "accounts.attach-other");
        assert_eq!(town.state_of(card.id).await, "issued");
    }
    let still: bool = two
        .ask_in(
            &two.other,
            "SELECT account_id = $2 FROM profile WHERE id = $1",
            vec![reset.profile.into(), reset.account.into()],
        )
        .await;
    assert!(still);
}

#[tokio::test]
async fn an_account_whose_own_school_is_not_open_waits() {
    let two = Two::open().await;
    two.town.account("aigul.s").await;
    two.town.tell("UPDATE platform.account SET state = 'activating' WHERE login = 'aigul.s'", vec![]).await;
    let (_, card) = two.guardian().await;
    refused(&two.attaches(&card, "aigul.s", PASSWORD).await, 409, "accounts.not-open-yet");
}

#[tokio::test]
async fn idn_6_of_two_accounts_that_want_one_card_at_once_one_has_it() {
    let two = Two::open().await;
    let town = &two.town;
    let logins = ["aigul.s", "dana.b", "timur.k", "sara.m"];
    for login in logins {
        town.account(login).await;
    }
    let (profile, card) = two.guardian().await;
    let newcomer = town.newcomer(&card).await;
    let bodies = logins.map(|login| json!({ "login": login, "password": PASSWORD }));
    let tries = bodies.iter().map(|body| newcomer.post("/registration/attachment", body));
    let replies = futures_util::future::join_all(tries).await;
    let mut statuses: Vec<u16> = replies.iter().map(|r| r.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(statuses[1..].iter().all(|s| matches!(s, 401 | 409)), "{statuses:?}");
    let winner = replies.iter().position(|r| r.status == 200).unwrap();
    assert!(two.linked(profile, town.account_of(logins[winner]).await).await);
    let members: i64 = town.ask("SELECT count(*) FROM platform.membership WHERE profile_id = $1", profile.into()).await;
    assert_eq!(members, 1);
}

#[tokio::test]
async fn idn_6_one_account_that_wants_two_cards_of_a_school_at_once_has_one() {
    let two = Two::open().await;
    let town = &two.town;
    let (account, _) = town.account("aigul.s").await;
    let (one, other) = (two.guardian().await.1, two.guardian().await.1);
    let (first, second) = (town.newcomer(&one).await, town.newcomer(&other).await);
    let shown = json!({ "login": "aigul.s", "password": PASSWORD });
    // The right password takes its own delay back, so the two may be held up by each other, and try again.
    let ask = async |door: &Client| loop {
        let reply = door.post("/registration/attachment", &shown).await;
        if reply.status != 429 {
            return reply.status.as_u16();
        }
        town.later(1);
    };
    let (first, second) = tokio::join!(ask(&first), ask(&second));
    let mut statuses = [first, second];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(two.held(account).await, (1, 1));
    let mut states = [town.state_of(one.id).await, town.state_of(other.id).await];
    states.sort_unstable();
    assert_eq!(states, ["issued", "used"], "the other card is not lost");
}

#[tokio::test]
async fn idn_6_of_two_cards_that_were_weighed_already_one_is_used_up() {
    let two = Two::open().await;
    let town = &two.town;
    let (account, _) = town.account("aigul.s").await;
    let taken = [two.guardian().await, two.guardian().await].map(|(profile, card)| Unfinished {
        credential: card.id,
        account,
        school: two.other.card.id,
        profile,
        attached: true,
    });
    assert_eq!(used_up(town, taken).await, ["accounts.already-there", "used"]);
}

#[tokio::test]
async fn s21_of_two_accounts_that_use_one_card_up_one_does() {
    let two = Two::open().await;
    let town = &two.town;
    let accounts = [town.account("aigul.s").await.0, town.account("dana.b").await.0];
    let (profile, card) = two.guardian().await;
    let taken = accounts.map(|account| Unfinished {
        credential: card.id,
        account,
        school: two.other.card.id,
        profile,
        attached: true,
    });
    assert_eq!(used_up(town, taken).await, ["accounts.credential-spent", "used"]);
}

/// What becomes of two that are used up at once.
async fn used_up(town: &Town, taken: [Unfinished; 2]) -> Vec<&'static str> {
    let uses = futures_util::future::join_all(taken.map(|taken| use_up(town.house(), taken, false))).await;
    let mut codes: Vec<_> =
        uses.into_iter().map(|used| used.map_or_else(|problem| problem.code(), |()| "used")).collect();
    codes.sort_unstable();
    codes
}

#[derive(FromQueryResult)]
struct Of {
    state: String,
    pending: bool,
}

#[tokio::test]
async fn an_attachment_that_was_cut_is_finished() {
    for by in ["the worker", "signing in"] {
        let two = Two::open().await;
        let town = &two.town;
        let (account, _) = town.account("aigul.s").await;
        let (profile, card) = two.guardian().await;
        let newcomer = town.newcomer(&card).await;
        // The school's cell goes away between the platform's transaction and the school's.
        let house = Arc::clone(town.house());
        two.cut(account, &card).await;
        newcomer.get("/registration").await.expect(401);
        assert_eq!(mend_memberships(&house).await.unwrap(), 0, "it may still be under way");
        if by == "the worker" {
            town.later(31);
            assert_eq!(mend_memberships(&house).await.unwrap(), 1);
            assert_eq!(mend_memberships(&house).await.unwrap(), 0, "it is settled");
        }
        let reply = town.sign_in("aigul.s", PASSWORD).await;
        reply.expect(200);
        assert_eq!(two.schools(&reply).await, two.both(), "{by}");
        assert!(two.linked(profile, account).await, "{by}");
        let kept: Option<Of> = sql::one(
            house.store.platform(),
            "SELECT state, attaching_account_id IS NOT NULL AS pending FROM platform.credential WHERE id = $1",
            [card.id.into()],
        )
        .await
        .unwrap();
        let kept = kept.unwrap();
        assert_eq!((kept.state.as_str(), kept.pending), ("used", false));
    }
}

#[tokio::test]
async fn an_attachment_whose_school_does_not_answer_waits_for_it() {
    let two = Two::open().await;
    let town = &two.town;
    let (account, _) = town.account("aigul.s").await;
    let (profile, card) = two.guardian().await;
    two.cut(account, &card).await;
    two.silence().await;
    town.later(31);
    assert_eq!(mend_memberships(town.house()).await.unwrap(), 0);
    let reply = town.sign_in("aigul.s", PASSWORD).await;
    reply.expect(200);
    assert_eq!(two.schools(&reply).await, [town.school.card.slug.as_str()], "the first school is open meanwhile");
    let (_, second) = two.guardian().await;
    two.back().await;
    refused(&two.attaches(&second, "aigul.s", PASSWORD).await, 409, "accounts.already-there");
    assert_eq!(mend_memberships(town.house()).await.unwrap(), 1);
    assert!(two.linked(profile, account).await);
}

#[tokio::test]
async fn an_attachment_that_leads_nowhere_is_given_up_and_the_account_stays() {
    let two = Two::open().await;
    let town = &two.town;
    let (account, _) = town.account("aigul.s").await;
    let (profile, card) = two.guardian().await;
    two.cut(account, &card).await;
    two.tell_other("UPDATE profile SET state = 'archived' WHERE id = $1", vec![profile.into()]).await;
    town.later(31);
    assert_eq!(mend_memberships(town.house()).await.unwrap(), 1);
    assert_eq!(mend_memberships(town.house()).await.unwrap(), 0);
    assert_eq!(two.held(account).await, (0, 0));
    let reply = town.sign_in("aigul.s", PASSWORD).await;
    reply.expect(200);
    assert_eq!(two.schools(&reply).await, [town.school.card.slug.as_str()]);
    // The school may issue another card, and nothing stands against it.
    let (_, again) = two.guardian().await;
    two.attaches(&again, "aigul.s", PASSWORD).await.expect(200);
}

impl Two {
    /// Where an attachment is when the process ends after the platform's transaction.
    async fn cut(&self, account: AccountId, card: &Issued) {
        let cut =
            "UPDATE platform.credential SET state = 'used', ended_at = $3, attaching_account_id = $2 WHERE id = $1";
        self.town.tell(cut, vec![card.id.into(), account.into(), self.town.world.clock.now().into()]).await;
        let over = "UPDATE platform.session SET ended_at = $2 WHERE credential_id = $1";
        self.town.tell(over, vec![card.id.into(), self.town.world.clock.now().into()]).await;
    }
}
