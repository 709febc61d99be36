//! The way to Redis: the pool, the time-outs and the breaker. Nothing that fails here is an error for
//! the caller; it is an answer that is missing.

use std::time::Duration;

use deadpool_redis::redis::{AsyncConnectionConfig, Client, FromRedisValue, Pipeline, aio::PubSub};
use deadpool_redis::{Connection, Manager, Pool, PoolConfig, Runtime, Timeouts};
use tokio::time::{Instant, timeout_at};

use crate::breaker::Breaker;

/// What one call may take in all, from the pool to the answer.
const PATIENCE: Duration = Duration::from_millis(150);
/// Connections of one process.
const CONNECTIONS: usize = 32;

/// The way to one Redis.
pub(crate) struct Wire {
    /// Nothing where the address is not one.
    link: Option<(Pool, Client)>,
    breaker: Breaker,
}

impl Wire {
    /// Prepares the way; connects to nothing yet.
    pub(crate) fn open(url: &str) -> Self {
        let link = Self::link(url);
        if link.is_none() {
            tracing::warn!("the address of Redis cannot be used; the service runs without it");
        }
        Self { link, breaker: Breaker::default() }
    }

    fn link(url: &str) -> Option<(Pool, Client)> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
        let manager = Manager::new_with_config(url, config).ok()?;
        let mut sizes = PoolConfig::new(CONNECTIONS);
        sizes.timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let pool = Pool::builder(manager).config(sizes).runtime(Runtime::Tokio1).build().ok()?;
        Some((pool, Client::open(url).ok()?))
    }

    /// Sends the commands in one round trip. Nothing where Redis does not answer in time, answers with
    /// an error, or is left alone because it did so a moment ago.
    pub(crate) async fn ask<T: FromRedisValue>(&self, commands: &Pipeline) -> Option<T> {
        let (pool, _) = self.link.as_ref()?;
        let permit = self.breaker.permit()?;
        let deadline = Instant::now() + PATIENCE;
        let fault = match timeout_at(deadline, pool.get()).await {
            Err(_) => "no connection in time".to_owned(),
            Ok(Err(error)) => format!("no connection: {error}"),
            Ok(Ok(mut connection)) => match timeout_at(deadline, commands.query_async::<T>(&mut connection)).await {
                Ok(Ok(answer)) => {
                    if self.breaker.answered(permit) {
                        tracing::info!("Redis answers again");
                    }
                    return Some(answer);
                }
                Ok(Err(error)) => {
                    drop(Connection::take(connection));
                    // The kind alone: the text of an error may repeat what was sent.
                    format!("{:?}", error.kind())
                }
                Err(_) => {
                    drop(Connection::take(connection));
                    "no answer in time".to_owned()
                }
            },
        };
        if self.breaker.failed(permit) {
            pool.retain(|_, _| false);
            tracing::warn!(fault, "Redis does not answer; the service runs without it");
        }
        None
    }

    /// A connection that only listens, within one second.
    pub(crate) async fn listen(&self) -> Option<PubSub> {
        let (_, client) = self.link.as_ref()?;
        tokio::time::timeout(Duration::from_secs(1), client.get_async_pubsub()).await.ok()?.ok()
    }

    /// Redis was seen to answer: calls may try at once.
    pub(crate) fn seen(&self) {
        self.breaker.nudge();
    }
}
