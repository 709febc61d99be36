//! Whom the provider keeps out: what ends one restriction ends no other.

use kd_kernel::AccountId;

use super::Town;
use crate::restrictions::{impose, let_in, release};
use crate::store::{self, UserRow};
use crate::wire::restrictions::{Nature, RestrictionNew};

const DAY: i64 = 86_400;

impl Town {
    async fn keeps_out(&self, (by, account): (AccountId, AccountId), days: i32) -> UserRow {
        let new = RestrictionNew { nature: Nature::Rules, days: Some(days) };
        impose(self.house(), by, account, &new).await.unwrap();
        self.user(account).await
    }

    async fn user(&self, account: AccountId) -> UserRow {
        store::user(self.house().store.platform(), account).await.unwrap().unwrap()
    }

    async fn state(&self, account: AccountId) -> String {
        self.ask("SELECT state FROM platform.account WHERE id = $1", account.into()).await
    }
}

#[tokio::test]
async fn s32_what_ends_one_restriction_lifts_no_newer_one() {
    let town = Town::open().await;
    let ((account, _), (by, _)) = (town.account("aigul.s").await, town.account("dana.b").await);
    town.keeps_out((by, account), 1).await;
    town.later(DAY);
    let due = store::over(town.house().store.platform(), town.house().clock.now()).await.unwrap().remove(0);
    // While the sweep is at it, an operator lifts the restriction and imposes another.
    release(town.house(), by, account).await.unwrap();
    let newer = town.keeps_out((by, account), 30).await;
    for by in [None, Some(by)] {
        assert!(!let_in(town.house(), &due, by).await.unwrap());
        assert_eq!(town.state(account).await, "restricted");
    }
    let holds = town.user(account).await.restriction().map(|one| one.id);
    assert_eq!(holds, newer.restriction().map(|one| one.id));
}

#[tokio::test]
async fn s32_the_sweep_lifts_what_is_over_and_nothing_else() {
    let town = Town::open().await;
    let ((account, _), (by, _)) = (town.account("aigul.s").await, town.account("dana.b").await);
    let user = town.keeps_out((by, account), 1).await;
    town.later(DAY - 1);
    assert!(!let_in(town.house(), &user, None).await.unwrap(), "a second before");
    assert_eq!(town.state(account).await, "restricted");
    town.later(1);
    assert!(let_in(town.house(), &user, None).await.unwrap());
    assert_eq!(town.state(account).await, "active");
}
