//! SSH hosts and the order of their jumps. A host that something needs cannot be removed.
//!
//! Deliberately not here: whether a chain of jumps makes sense.

use std::collections::HashMap;

use model::{HostAddress, SshAuth, SshHost, SshHostId};
use sqlx::types::Json;
use sqlx::{FromRow as _, Sqlite, Transaction};

use crate::{Store, StoreError, error::left_out};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user: String,
    addresses: Json<Vec<HostAddress>>,
    auth: Json<Vec<SshAuth>>,
}

impl Row {
    fn with_jumps(self, jumps: Vec<SshHostId>) -> SshHost {
        SshHost {
            id: SshHostId::from_raw(self.id),
            addresses: self.addresses.0,
            user: self.user,
            auth: self.auth.0,
            jumps,
        }
    }
}

impl Store {
    /// All SSH hosts, oldest first. One that cannot be read is left out.
    pub async fn ssh_hosts(&self) -> Result<Vec<SshHost>, StoreError> {
        let failed = |error| self.failed(error);
        // One snapshot for both tables.
        let mut transaction = self.readers.begin().await.map_err(failed)?;
        let rows = sqlx::query("SELECT * FROM ssh_hosts ORDER BY id")
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        let jumps: Vec<(String, String)> =
            sqlx::query_as("SELECT host_id, jump_id FROM ssh_jumps ORDER BY host_id, position")
                .fetch_all(&mut *transaction)
                .await
                .map_err(failed)?;
        let mut by_host: HashMap<String, Vec<SshHostId>> = HashMap::new();
        for (host_id, jump_id) in jumps {
            by_host.entry(host_id).or_default().push(SshHostId::from_raw(jump_id));
        }
        let with_jumps = |row: Row| {
            let jumps = by_host.remove(&row.id).unwrap_or_default();
            row.with_jumps(jumps)
        };
        let read = |row| Row::from_row(row).inspect_err(|error| left_out("an SSH host", error));
        Ok(rows.iter().flat_map(read).map(with_jumps).collect())
    }

    /// One SSH host.
    pub async fn get_ssh_host(&self, id: &SshHostId) -> Result<Option<SshHost>, StoreError> {
        let failed = |error| self.failed(error);
        let mut transaction = self.readers.begin().await.map_err(failed)?;
        let row: Option<Row> = sqlx::query_as("SELECT * FROM ssh_hosts WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let jumps: Vec<String> =
            sqlx::query_scalar("SELECT jump_id FROM ssh_jumps WHERE host_id = ? ORDER BY position")
                .bind(id.as_str())
                .fetch_all(&mut *transaction)
                .await
                .map_err(failed)?;
        Ok(Some(row.with_jumps(jumps.into_iter().map(SshHostId::from_raw).collect())))
    }

    /// Stores an SSH host, new or changed. `Dangling` when one of its jumps is not stored.
    pub async fn put_ssh_host(&self, host: &SshHost) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO ssh_hosts (id, user, addresses, auth) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 user = excluded.user, addresses = excluded.addresses, auth = excluded.auth",
        )
        .bind(host.id.as_str())
        .bind(&host.user)
        .bind(Json(&host.addresses))
        .bind(Json(&host.auth))
        .execute(&mut *transaction)
        .await
        .map_err(|error| self.failed(error))?;
        self.put_jumps(&mut transaction, host).await?;
        transaction.commit().await.map_err(|error| self.failed(error))
    }

    /// Removes an SSH host. `InUse` while a connection, a tunnel or another host's jumps need it; fine
    /// when it is not there.
    pub async fn delete_ssh_host(&self, id: &SshHostId) -> Result<(), StoreError> {
        let failed = |error| self.failed(error);
        let mut transaction = self.begin().await?;
        let user: Option<String> = sqlx::query_scalar(
            "SELECT 'the connection \"' || name || '\"' FROM connections WHERE ssh_host_id = ?1
             UNION ALL
             SELECT 'the tunnel \"' || name || '\"' FROM tunnels WHERE ssh_host_id = ?1
             UNION ALL
             SELECT 'the jumps of another SSH host' FROM ssh_jumps
                 WHERE jump_id = ?1 AND host_id <> ?1
             LIMIT 1",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        if let Some(by) = user {
            return Err(StoreError::InUse { by });
        }
        sqlx::query("DELETE FROM ssh_hosts WHERE id = ?")
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn put_jumps(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        host: &SshHost,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM ssh_jumps WHERE host_id = ?")
            .bind(host.id.as_str())
            .execute(&mut **transaction)
            .await
            .map_err(|error| self.failed(error))?;
        for (jump, position) in host.jumps.iter().zip(0_i64..) {
            self.check_ssh_host(transaction, jump, "the SSH host").await?;
            sqlx::query("INSERT INTO ssh_jumps (host_id, position, jump_id) VALUES (?, ?, ?)")
                .bind(host.id.as_str())
                .bind(position)
                .bind(jump.as_str())
                .execute(&mut **transaction)
                .await
                .map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    /// `Dangling` about `what` when the SSH host is not stored.
    pub(crate) async fn check_ssh_host(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        id: &SshHostId,
        what: &str,
    ) -> Result<(), StoreError> {
        let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM ssh_hosts WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&mut **transaction)
            .await
            .map_err(|error| self.failed(error))?;
        match found {
            Some(_) => Ok(()),
            None => Err(StoreError::Dangling { what: what.to_owned() }),
        }
    }
}
