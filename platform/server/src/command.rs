//! The commands of the binary.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use data_encoding::HEXLOWER;

use crate::settings::Env;
use crate::{openapi, operator, prepare, school, seed, serve, work};

/// Kundelik: a school's day-book as a service. Settings come from the environment.
#[derive(Debug, Parser)]
#[command(name = "kundelik", version)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make the logins and databases on a PostgreSQL server, as far as they are missing.
    Prepare {
        /// A superuser's address, such as postgres://postgres:…@127.0.0.1:5432/postgres.
        #[arg(long)]
        admin_url: String,
    },
    /// Bring the platform's database and the cells to the newest migration.
    Migrate,
    /// Serve the site, the portals and the console.
    Serve,
    /// Do what lasts: provisioning, letters, the schools' jobs.
    Work,
    /// Write the three specs.
    Openapi {
        /// The folder to write to.
        #[arg(long)]
        out: PathBuf,
    },
    /// Print the public key that files of transfers are signed under, as hexadecimal digits.
    TransferKey,
    /// Make a school with invented people to look at; safe to do again.
    Seed {
        /// The file that tells who may sign in.
        #[arg(long)]
        out: PathBuf,
    },
    /// A school, looked at from outside.
    School {
        #[command(subcommand)]
        what: SchoolWhat,
    },
    /// The provider's operators.
    Operator {
        #[command(subcommand)]
        what: OperatorWhat,
    },
}

#[derive(Debug, Subcommand)]
enum SchoolWhat {
    /// Walk the chain over a school's audit; prints what was found as JSON, and fails at the first bad row.
    AuditVerify {
        /// The school's address.
        slug: String,
        /// A head that was printed earlier, as number:hash: the chain must still have it.
        #[arg(long)]
        head: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum OperatorWhat {
    /// Add an operator; prints login, password and second factor once, as JSON.
    Add {
        /// The login.
        #[arg(long)]
        login: String,
    },
}

impl Command {
    /// Runs the command to its end.
    ///
    /// # Errors
    /// What kept it from its end, with the chain of causes.
    pub async fn run(self) -> Result<()> {
        let env = Env::system();
        match self.what {
            What::Prepare { admin_url } => prepare::prepare(&env, &admin_url).await,
            What::Migrate => prepare::migrate(&env).await,
            What::Serve => serve::serve(&env).await,
            What::Work => work::work(&env).await,
            What::Openapi { out } => openapi::write(&out),
            What::TransferKey => {
                println!("{}", HEXLOWER.encode(&env.secret_key()?.public_key()));
                Ok(())
            }
            What::Seed { out } => seed::seed(&env, &out).await,
            What::School { what: SchoolWhat::AuditVerify { slug, head } } => {
                school::audit_verify(&env, &slug, head.as_deref()).await
            }
            What::Operator { what: OperatorWhat::Add { login } } => operator::add(&env, &login).await,
        }
    }
}
