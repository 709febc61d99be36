//! `seed`: a school to look at. Eleven classes with their teachers, students and guardians, a quarter of
//! lessons, marks and attendance; every name is invented. It goes the ways of the product: provisioning
//! makes the school, the portal's own API takes what is entered; only marks are written in bulk.
//!
//! Passwords and second factors come from the secret key, so that a demonstration that is started again
//! has the same ones and none is kept anywhere.

mod door;
mod marks;
mod names;
mod people;
mod school;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use kd_ctx::House;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::settings::Env;

/// The demonstration's address.
pub(crate) const SLUG: &str = "ulgi-mektep";

/// What `seed` writes down.
#[derive(Serialize)]
struct Written {
    school: &'static str,
    logins: Vec<Login>,
}

/// Somebody whom one may sign in as.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Login {
    role: &'static str,
    login: String,
    password: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp_secret: Option<String>,
}

/// Secrets of the demonstration, made of the secret key and the login.
pub(crate) struct Secrets(String);

impl Secrets {
    fn raw(&self, what: &str, login: &str) -> [u8; 32] {
        Sha256::digest(format!("{}:{what}:{login}", self.0)).into()
    }

    /// Sixteen letters and digits in four groups.
    pub(crate) fn password(&self, login: &str) -> String {
        const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let raw = self.raw("password", login);
        let signs: Vec<char> = raw
            .iter()
            .take(16)
            .filter_map(|byte| SIGNS.get(usize::from(byte & 31)))
            .map(|sign| char::from(*sign))
            .collect();
        signs.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// Twenty bytes.
    pub(crate) fn factor(&self, login: &str) -> Vec<u8> {
        self.raw("factor", login).into_iter().take(20).collect()
    }

    /// A login to be written down.
    pub(crate) fn login(&self, role: &'static str, login: &str, factor: bool) -> Login {
        let secret = factor.then(|| data_encoding::BASE32_NOPAD.encode(&self.factor(login)));
        Login { role, login: login.to_owned(), password: self.password(login), totp_secret: secret }
    }
}

/// The logins of the demonstration, by role; the first ones may administer.
pub(crate) const LOGINS: [(&str, &str); 6] = [
    ("administrator", "demo.akimshi"),
    ("editor", "demo.redaktor"),
    ("class_teacher", "demo.jetekshi"),
    ("teacher", "demo.mugalim"),
    ("student", "demo.okushy"),
    ("guardian", "demo.ata-ana"),
];

/// Whether a role needs a second factor.
pub(crate) fn factored(role: &str) -> bool {
    matches!(role, "administrator" | "operator")
}

/// Makes the demonstration's school where it is missing, and writes who may sign in.
pub(crate) async fn seed(env: &Env, out: &Path) -> Result<()> {
    let house = crate::house::open(env).await?;
    let secrets = Secrets(env.maybe("KUNDELIK_SECRET_KEY").context("KUNDELIK_SECRET_KEY is missing")?);
    let operator = operator(&house, &secrets).await?;
    let there = house.school(SLUG).await?.is_some_and(|school| school.is_open());
    if there {
        eprintln!("the school {SLUG} is there");
    } else {
        plant(&house, &secrets).await?;
    }
    let mut logins: Vec<Login> =
        LOGINS.iter().map(|(role, login)| secrets.login(role, login, factored(role))).collect();
    logins.push(operator);
    let text = serde_json::to_vec_pretty(&Written { school: SLUG, logins })?;
    std::fs::write(out, text).with_context(|| format!("{} cannot be written", out.display()))
}

async fn plant(house: &Arc<House>, secrets: &Secrets) -> Result<()> {
    eprintln!("making the school");
    let seat = school::open(house, secrets).await?;
    let door = door::Door::open(house, &seat).await?;
    eprintln!("academic year, bells, subjects");
    school::calendar(&door).await?;
    eprintln!("classes and people");
    let plan = people::enter(&door, house).await?;
    people::register(house, secrets, &plan).await?;
    eprintln!("lessons of the quarter");
    let lessons = school::lessons(&door, &plan).await?;
    eprintln!("{lessons} lessons; marks and attendance");
    let marks = marks::write(house, &seat).await?;
    eprintln!("{marks} marks");
    Ok(())
}

async fn operator(house: &Arc<House>, secrets: &Secrets) -> Result<Login> {
    use sea_orm::TransactionTrait;
    let name = "demo.operator";
    let seed = secrets.factor(name);
    let tx = house.store.platform().begin().await?;
    let there: bool =
        kd_store::sql::scalar(&tx, "SELECT EXISTS (SELECT FROM platform.account WHERE login = $1)", [name.into()])
            .await?;
    if !there {
        let password = secrets.password(name);
        let making =
            kd_accounts::making::Making { login: name, password: &password, state: "active", seed: Some(&seed) };
        let id = kd_accounts::making::account_make(house, &tx, making).await?;
        kd_store::sql::run(&tx, "UPDATE platform.account SET kind = 'operator' WHERE id = $1", [id.into()]).await?;
    }
    tx.commit().await?;
    Ok(secrets.login("operator", name, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_the_same_each_time_and_differ_by_login() {
        let secrets = Secrets("key".to_owned());
        assert_eq!(secrets.password("a").len(), 19);
        assert_eq!(secrets.password("a"), Secrets("key".to_owned()).password("a"));
        assert_ne!(secrets.password("a"), secrets.password("b"));
        assert_eq!(secrets.factor("a").len(), 20);
    }
}
