//! Tokens into the state database and back.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};

use crate::quota::{StateDir, StateError};

use super::token::{KeptToken, TokenKey, TokenStore};

/// The tokens of a state directory.
pub struct StateTokens {
    connection: Mutex<Connection>,
}

impl StateTokens {
    /// The tokens kept in `state`.
    pub fn open(state: &StateDir) -> Result<Self, StateError> {
        Ok(Self { connection: Mutex::new(state.connect()?) })
    }

    fn read(&self, key: &TokenKey) -> rusqlite::Result<Option<KeptToken>> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let row = connection
            .query_row(
                "SELECT token, renew_at FROM tokens WHERE api_base = ?1 AND appid = ?2",
                params![key.api_base, key.appid],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
            )
            .optional()?;
        Ok(row.and_then(|(token, renew_at)| {
            let renew_at = Timestamp::from_second(renew_at).ok()?;
            Some(KeptToken { token: SecretString::from(token), renew_at })
        }))
    }

    fn write(&self, key: &TokenKey, kept: &KeptToken) -> rusqlite::Result<()> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection
            .execute(
                "INSERT INTO tokens (api_base, appid, token, renew_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET token = excluded.token, renew_at = excluded.renew_at",
                params![key.api_base, key.appid, kept.token.expose_secret(), kept.renew_at.as_second()],
            )
            .map(drop)
    }
}

impl TokenStore for StateTokens {
    fn load(&self, key: &TokenKey) -> Option<KeptToken> {
        self.read(key).unwrap_or_else(|error| {
            tracing::warn!(%error, "the kept token cannot be read");
            None
        })
    }

    fn save(&self, key: &TokenKey, token: &KeptToken) {
        if let Err(error) = self.write(key, token) {
            tracing::warn!(%error, "the token cannot be kept");
        }
    }
}
