//! An applicant who goes the whole way at the front door, from the application to the open school; what is
//! answered and written to him on the way is noted.

use kd_accounts::{CURRENT_TERMS, factor};
use kd_ctx::Scope;
use kd_kernel::ApplicationId;
use kd_store::sql;
use kd_testkit::{Reply, World, env};
use serde_json::{Value, json};
use uuid::Uuid;

use super::traces::{Marks, Said, To};
use crate::stage::cases::case;
use crate::stage::{Hosts, Operation, address, cookie, operations};

/// Somebody who founds a school.
pub struct Founder<'a> {
    pub to: To,
    pub marks: Marks,
    pub world: &'a World,
    pub hosts: &'a Hosts,
    /// The header of an operator's session.
    pub operator: &'a str,
    email: String,
    cookie: Option<String>,
    said: Vec<Said>,
}

impl<'a> Founder<'a> {
    pub fn new(to: To, marks: Marks, (world, hosts): (&'a World, &'a Hosts), operator: &'a str) -> Self {
        // A recipient of this run alone: the mail catcher is shared.
        let email = format!("mektep-{}@example.org", world.house.id::<Uuid>().simple());
        Self { to, marks, world, hosts, operator, email, cookie: None, said: Vec::new() }
    }

    /// Founds the school: its address, and everything that came out.
    pub async fn founds(mut self) -> (String, Vec<Said>) {
        let application = self.applies().await;
        self.registers(application).await;
        let slug = self.activates().await;
        (slug, self.said)
    }

    async fn applies(&mut self) -> ApplicationId {
        let name = format!("{} мектебі", self.marks.registry);
        let asked =
            json!({ "name_kk": name, "name_ru": name, "contact_name": name, "director": name, "email": self.email });
        let number = self.asks("application_send", asked).await.expect(200)["number"].clone();
        let db = self.world.house.store.platform();
        let number = number.as_str().unwrap();
        let id: ApplicationId =
            sql::scalar(db, "SELECT id FROM platform.application WHERE number = $1", [number.into()]).await.unwrap();
        for operation in ["application_read", "letter_preview", "application_approve"] {
            let operation = operation_of(operation);
            let (path, body) = case(&operation.id, &|_| id.0, 0).unwrap();
            let path = address(&operation, "", &path);
            let reply = self.hosts.ask(&operation, &path, Some(self.operator), &body).await;
            assert!(reply.status.is_success(), "{}", operation.id);
            self.said.push(Said::reply(To::Operator, operation.id, &reply));
        }
        id
    }

    async fn registers(&mut self, application: ApplicationId) {
        let letter = self.letters(2).await.join(" ");
        let group = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let secret = |word: &&str| word.split('-').count() == 3 && word.split('-').all(group);
        let password = letter.split_whitespace().find(secret).expect("a temporary password").to_owned();
        let login: String = sql::scalar(
            self.world.house.store.platform(),
            "SELECT login FROM platform.credential WHERE application_id = $1",
            [application.into()],
        )
        .await
        .unwrap();
        assert!(letter.contains(&login), "the letter says the login");
        self.asks("sign_in", json!({ "login": login, "password": password })).await.expect(200);
        self.asks("registration_read", Value::Null).await.expect(200);
        let factor = self.asks("second_factor_begin", Value::Null).await.expect(200);
        let code = factor::code(factor["secret"].as_str().unwrap(), self.world.clock.now()).unwrap();
        let login = format!("u{}", self.world.house.id::<Uuid>().simple());
        let new = json!({ "login": login.get(..20).unwrap(), "password": "sabyr tubi sary altyn", "code": code,
                          "terms_version": CURRENT_TERMS });
        self.asks("register", new).await.expect(200);
    }

    async fn activates(&mut self) -> String {
        let house = &self.world.house;
        self.asks("activation_read", Value::Null).await.expect(200);
        let name = format!("{} мектебі", self.marks.registry);
        let draft = self.asks("agreement_draft", json!({ "name_kk": name, "name_ru": name, "director": name })).await;
        let draft = draft.expect(200);
        let signature = json!({ "agreement_id": draft["id"], "version": draft["version"] });
        self.asks("agreement_sign", signature).await.expect(200);
        assert_eq!(self.asks("agreement_document", Value::Null).await.status, 200);
        let slug = format!("m{}", house.id::<Uuid>().simple().to_string().get(20..).unwrap());
        self.asks("service_activate", json!({ "slug": slug })).await.expect(200);
        while kd_provisioning::work_once(house).await.unwrap() {}
        assert_eq!(self.asks("service_read", Value::Null).await.expect(200)["state"], "active");
        self.letters(3).await;
        self.asks("service_enter", Value::Null).await.expect(200);
        let me = operation_of("me_read");
        let reply = self.hosts.ask(&me, &address(&me, &slug, "/me"), self.cookie.as_deref(), &Value::Null).await;
        reply.expect(200);
        self.said.push(Said::reply(self.to, "me_read of the founder".to_owned(), &reply));
        slug
    }

    /// Asks by the operation's case with what is changed in it, and goes on with the cookie that comes.
    async fn asks(&mut self, id: &str, changed: Value) -> Reply {
        let operation = operation_of(id);
        let (path, mut body) = case(id, &|_| Uuid::nil(), 0).unwrap();
        if let (Some(body), Value::Object(changed)) = (body.as_object_mut(), changed) {
            body.extend(changed);
        }
        let reply = self.hosts.ask(&operation, &address(&operation, "", &path), self.cookie.as_deref(), &body).await;
        if let Some(token) = reply.token(Scope::User) {
            self.cookie = Some(cookie(Scope::User, &token));
        }
        self.said.push(Said::reply(self.to, format!("{id} of the founder"), &reply));
        reply
    }

    /// The letters that came so far, sent as the worker sends them; there must be so many.
    async fn letters(&mut self, count: usize) -> Vec<String> {
        while self.world.house.letter_send_next().await.unwrap() {}
        let caught = reqwest::get(format!("{}/api/email", env("TEST_MAIL_URL"))).await.unwrap();
        let caught: Value = caught.json().await.unwrap();
        let mine = |letter: &&Value| letter["to"][0]["address"] == self.email.as_str();
        let mine: Vec<&Value> = caught.as_array().unwrap().iter().filter(mine).collect();
        assert_eq!(mine.len(), count);
        for letter in &mine {
            self.said.push(Said::bytes(self.to, "letter".to_owned(), letter.to_string().as_bytes()));
        }
        mine.iter().map(|letter| letter["text"].as_str().unwrap().to_owned()).collect()
    }
}

/// The operation of an id.
pub fn operation_of(id: &str) -> Operation {
    operations().into_iter().find(|operation| operation.id == id).unwrap()
}
