//! The stage: the house's databases as the processes see them, the seeded school, and people of it who
//! may sign in.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kd_accounts::making::{Making, account_make};
use kd_ctx::{House, SchoolCard};
use kd_kernel::ProfileId;
use kd_server::Env;
use kd_store::{Mode, sql};
use sea_orm::{FromQueryResult, TransactionTrait};
use uuid::Uuid;

use crate::Line;
use crate::door::{Door, Login};
use crate::peer::{Cell, Recorder, Script, Transaction};
use crate::process::Process;

/// What every scenario finds.
pub struct Stage {
    /// The house, for what no scenario measures: accounts, and applications that were approved.
    pub house: Arc<House>,
    /// The school.
    pub school: SchoolCard,
    /// Its door.
    pub door: Door,
    /// The process that answers.
    pub serve: Process,
    /// The process that works.
    pub work: Process,
    /// What PostgreSQL is asked.
    pub recorder: Recorder,
    /// Where the peer asks.
    pub cell: Cell,
    /// What each first page needs.
    pub pages: PathBuf,
    /// How long each thing is measured.
    pub time: Duration,
    /// Teachers, each with a class of her own.
    pub teachers: Vec<Teacher>,
    /// Guardians, each with a child.
    pub guardians: Vec<Guardian>,
}

/// Somebody who teaches a subject in a class.
#[derive(Debug, Clone)]
pub struct Teacher {
    /// How she signs in.
    pub login: Login,
    /// The class.
    pub class: Uuid,
    /// The subject.
    pub subject: Uuid,
}

/// Somebody who reads about a child.
#[derive(Debug, Clone)]
pub struct Guardian {
    /// How he signs in.
    pub login: Login,
    /// The child.
    pub student: Uuid,
}

impl Stage {
    /// Finds everything, and gives as many teachers and guardians as there are clients an account.
    pub async fn open(line: &Line) -> Result<Self> {
        let house = kd_server::open(&Env::system()).await?;
        let school = house.school(&line.school).await?.context("the school is not there")?;
        let door = Door::new(line.port, &house.settings.portal_url, &line.school);
        let mut stage = Self {
            cell: Cell::find(&house, line.without_pgbench).await?,
            recorder: Recorder::new(&line.admin_url, &line.postgres_log)?,
            serve: Process(line.serve),
            work: Process(line.work),
            pages: line.pages.clone(),
            time: Duration::from_secs(line.seconds),
            teachers: Vec::new(),
            guardians: Vec::new(),
            house,
            school,
            door,
        };
        stage.teachers = stage.teachers(line.clients).await?;
        stage.guardians = stage.guardians(line.clients).await?;
        let found = [stage.teachers.len(), stage.guardians.len()];
        if found != [usize::from(line.clients); 2] {
            bail!("the school has too few people");
        }
        Ok(stage)
    }

    async fn teachers(&self, count: u8) -> Result<Vec<Teacher>> {
        #[derive(FromQueryResult)]
        struct Row {
            teacher_id: ProfileId,
            class_id: Uuid,
            subject_id: Uuid,
        }
        let tx = self.house.store.begin(self.school.place(), Mode::Read).await?;
        let rows: Vec<Row> = sql::all(
            &tx,
            "SELECT DISTINCT ON (l.teacher_id) l.teacher_id, l.class_id, l.subject_id FROM lesson l \
             JOIN class c ON c.id = l.class_id JOIN profile p ON p.id = l.teacher_id \
             WHERE c.grade >= 2 AND l.held_on <= $1 AND p.account_id IS NULL \
             ORDER BY l.teacher_id, md5(l.class_id::text || l.subject_id::text) LIMIT $2",
            [self.house.clock.today().into(), i64::from(count).into()],
        )
        .await?;
        tx.rollback().await?;
        let mut teachers = Vec::new();
        for row in rows {
            let login = self.register(row.teacher_id).await?;
            teachers.push(Teacher { login, class: row.class_id, subject: row.subject_id });
        }
        Ok(teachers)
    }

    async fn guardians(&self, count: u8) -> Result<Vec<Guardian>> {
        #[derive(FromQueryResult)]
        struct Row {
            guardian_id: ProfileId,
            student_id: Uuid,
        }
        let tx = self.house.store.begin(self.school.place(), Mode::Read).await?;
        let rows: Vec<Row> = sql::all(
            &tx,
            "SELECT DISTINCT ON (g.guardian_id) g.guardian_id, g.student_id FROM guardianship g \
             JOIN profile p ON p.id = g.guardian_id JOIN class_member m ON m.student_id = g.student_id AND m.left_on IS NULL \
             JOIN class c ON c.id = m.class_id AND c.grade >= 2 \
             WHERE p.account_id IS NULL ORDER BY g.guardian_id, g.student_id LIMIT $1",
            [i64::from(count).into()],
        )
        .await?;
        tx.rollback().await?;
        let mut guardians = Vec::new();
        for row in rows {
            let login = self.register(row.guardian_id).await?;
            guardians.push(Guardian { login, student: row.student_id });
        }
        Ok(guardians)
    }

    /// Gives somebody of the school an account, as a registration would.
    async fn register(&self, profile: ProfileId) -> Result<Login> {
        let house = &self.house;
        let (login, password) = (format!("bench.{}", house.id::<Uuid>().simple()), house.chance.temporary_password());
        let tx = house.store.platform().begin().await?;
        let making = Making { login: &login, password: &password, state: "active", seed: None };
        let account = account_make(house, &tx, making).await?;
        let school = house.store.begin(self.school.place(), Mode::Write).await?;
        sql::run(&school, "UPDATE profile SET account_id = $2 WHERE id = $1", [profile.into(), account.into()]).await?;
        school.commit().await?;
        sql::run(
            &tx,
            "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, $4)",
            [profile.into(), account.into(), self.school.id.into(), house.clock.now().into()],
        )
        .await?;
        tx.commit().await?;
        Ok(Login { login, password })
    }

    /// The peer's script of what somebody does, by letting it be done twice.
    pub async fn script<T>(&self, act: impl AsyncFn() -> Result<T>) -> Result<Script> {
        let first = self.heard(act()).await?;
        let second = self.heard(act()).await?;
        Script::of(&first, &second)
    }

    async fn heard<T>(&self, act: impl Future<Output = Result<T>>) -> Result<Transaction> {
        let (_, heard) = self.recorder.hear(act).await?;
        let of_a_school = |t: &Transaction| t.first().is_some_and(|begin| begin.text.contains("SET LOCAL ROLE"));
        let mut own = heard.into_iter().filter(of_a_school);
        match (own.next(), own.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => bail!("an operation asked the school nothing"),
            (Some(_), Some(_)) => bail!("an operation had more than one transaction of the school"),
        }
    }
}
