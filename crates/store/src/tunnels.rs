//! Tunnels: one row each, their names unique whatever the case of their letters, and how they were in
//! the last half hours.
//!
//! Deliberately not here: whether two tunnels want the same port.

use model::{SshHostId, TimestampMs, Tunnel, TunnelId, TunnelOptions, TunnelRoute};
use sqlx::types::Json;
use sqlx::{FromRow as _, Sqlite, Transaction};

use crate::{Store, StoreError, error::left_out};

/// A tunnel, and whether the person wants it to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTunnel {
    pub tunnel: Tunnel,
    /// False once the person stopped it, until it is started again.
    pub is_wanted: bool,
}

/// How long a tunnel was up and down in one half hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct TunnelSlot {
    /// Half hours since 1970.
    pub slot: i64,
    pub up_ms: i64,
    pub down_ms: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    route: Json<TunnelRoute>,
    ssh_host_id: String,
    options: Json<TunnelOptions>,
    is_wanted: bool,
    created_at: TimestampMs,
}

impl From<Row> for StoredTunnel {
    fn from(row: Row) -> Self {
        Self {
            tunnel: Tunnel {
                id: TunnelId::from_raw(row.id),
                name: row.name,
                route: row.route.0,
                ssh_host_id: SshHostId::from_raw(row.ssh_host_id),
                options: row.options.0,
                created_at: row.created_at,
            },
            is_wanted: row.is_wanted,
        }
    }
}

impl Store {
    /// All tunnels, by name. One that cannot be read is left out.
    pub async fn tunnels(&self) -> Result<Vec<StoredTunnel>, StoreError> {
        let rows = sqlx::query("SELECT * FROM tunnels ORDER BY name, id")
            .fetch_all(&self.readers)
            .await
            .map_err(|error| self.failed(error))?;
        let read = |row| Row::from_row(row).inspect_err(|error| left_out("a tunnel", error));
        Ok(rows.iter().flat_map(read).map(StoredTunnel::from).collect())
    }

    /// Stores a tunnel, new or changed; a new one is wanted. `NameTaken` when another one has the name
    /// (compared without regard to case), `Dangling` when its SSH host is not stored.
    pub async fn put_tunnel(&self, tunnel: &Tunnel) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        self.check_tunnel_name(&mut transaction, tunnel).await?;
        let what = format!("the tunnel \"{}\"", tunnel.name);
        self.check_ssh_host(&mut transaction, &tunnel.ssh_host_id, &what).await?;
        sqlx::query(
            "INSERT INTO tunnels (id, name, route, ssh_host_id, options, is_wanted, created_at)
             VALUES (?, ?, ?, ?, ?, 1, ?)
             ON CONFLICT (id) DO UPDATE SET
                 name = excluded.name, route = excluded.route,
                 ssh_host_id = excluded.ssh_host_id, options = excluded.options,
                 created_at = excluded.created_at",
        )
        .bind(tunnel.id.as_str())
        .bind(&tunnel.name)
        .bind(Json(&tunnel.route))
        .bind(tunnel.ssh_host_id.as_str())
        .bind(Json(&tunnel.options))
        .bind(tunnel.created_at)
        .execute(&mut *transaction)
        .await
        .map_err(|error| self.failed(error))?;
        transaction.commit().await.map_err(|error| self.failed(error))
    }

    /// Remembers whether the person wants a tunnel to run. Fine when it is not there.
    pub async fn want_tunnel(&self, id: &TunnelId, is_wanted: bool) -> Result<(), StoreError> {
        sqlx::query("UPDATE tunnels SET is_wanted = ? WHERE id = ?")
            .bind(is_wanted)
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Removes a tunnel with its half hours. Fine when it is not there.
    pub async fn delete_tunnel(&self, id: &TunnelId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM tunnels WHERE id = ?")
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// The half hours of all tunnels from `since` on, oldest first.
    pub async fn tunnel_slots(
        &self,
        since: i64,
    ) -> Result<Vec<(TunnelId, TunnelSlot)>, StoreError> {
        let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
            "SELECT tunnel_id, slot, up_ms, down_ms FROM tunnel_slots WHERE slot >= ?
             ORDER BY slot, tunnel_id",
        )
        .bind(since)
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        let read = |(id, slot, up_ms, down_ms)| {
            (TunnelId::from_raw(id), TunnelSlot { slot, up_ms, down_ms })
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Stores half hours in place of what was known of them, and forgets those before `since`. What is
    /// not a tunnel any more is passed over.
    pub async fn put_tunnel_slots(
        &self,
        slots: &[(TunnelId, TunnelSlot)],
        since: i64,
    ) -> Result<(), StoreError> {
        let failed = |error| self.failed(error);
        let mut transaction = self.begin().await?;
        for (id, slot) in slots {
            sqlx::query(
                "INSERT INTO tunnel_slots (tunnel_id, slot, up_ms, down_ms)
                 SELECT id, ?2, ?3, ?4 FROM tunnels WHERE id = ?1
                 ON CONFLICT (tunnel_id, slot) DO UPDATE SET
                     up_ms = excluded.up_ms, down_ms = excluded.down_ms",
            )
            .bind(id.as_str())
            .bind(slot.slot)
            .bind(slot.up_ms)
            .bind(slot.down_ms)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        }
        sqlx::query("DELETE FROM tunnel_slots WHERE slot < ?")
            .bind(since)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn check_tunnel_name(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        tunnel: &Tunnel,
    ) -> Result<(), StoreError> {
        let taken: Option<String> =
            sqlx::query_scalar("SELECT name FROM tunnels WHERE name = ? AND id <> ?")
                .bind(&tunnel.name)
                .bind(tunnel.id.as_str())
                .fetch_optional(&mut **transaction)
                .await
                .map_err(|error| self.failed(error))?;
        match taken {
            Some(name) => Err(StoreError::NameTaken { name, by: "tunnel" }),
            None => Ok(()),
        }
    }
}
