//! Connections: one row each, their names unique whatever the case of their letters.
//!
//! Deliberately not here: values of secret fields, by type.

use std::collections::BTreeMap;

use model::{Connection, ConnectionId, FormValues, Kind, SecretRef, SshHostId, TimestampMs};
use sqlx::types::Json;
use sqlx::{FromRow as _, Sqlite, Transaction};

use crate::{Store, StoreError, error::left_out};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    fields: Json<FormValues>,
    secrets: Json<BTreeMap<String, SecretRef>>,
    ssh_host_id: Option<String>,
    connect_at_start: bool,
    created_at: TimestampMs,
}

impl From<Row> for Connection {
    fn from(row: Row) -> Self {
        Self {
            id: ConnectionId::from_raw(row.id),
            kind: Kind::new(row.kind),
            name: row.name,
            fields: row.fields.0,
            secrets: row.secrets.0,
            ssh_host_id: row.ssh_host_id.map(SshHostId::from_raw),
            connect_at_start: row.connect_at_start,
            created_at: row.created_at,
        }
    }
}

impl Store {
    /// All connections, by name. One that cannot be read is left out.
    pub async fn connections(&self) -> Result<Vec<Connection>, StoreError> {
        let rows = sqlx::query("SELECT * FROM connections ORDER BY name, id")
            .fetch_all(&self.readers)
            .await
            .map_err(|error| self.failed(error))?;
        let read = |row| Row::from_row(row).inspect_err(|error| left_out("a connection", error));
        Ok(rows.iter().flat_map(read).map(Connection::from).collect())
    }

    /// One connection.
    pub async fn get_connection(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<Connection>, StoreError> {
        let row: Option<Row> = sqlx::query_as("SELECT * FROM connections WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(row.map(Connection::from))
    }

    /// Stores a connection, new or changed. `NameTaken` when another one has the name (compared
    /// without regard to case), `Dangling` when its SSH host is not stored.
    pub async fn put_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        self.check_name(&mut transaction, connection).await?;
        if let Some(host_id) = &connection.ssh_host_id {
            let what = format!("the connection \"{}\"", connection.name);
            self.check_ssh_host(&mut transaction, host_id, &what).await?;
        }
        sqlx::query(
            "INSERT INTO connections
                 (id, kind, name, fields, secrets, ssh_host_id, connect_at_start, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 kind = excluded.kind, name = excluded.name, fields = excluded.fields,
                 secrets = excluded.secrets, ssh_host_id = excluded.ssh_host_id,
                 connect_at_start = excluded.connect_at_start, created_at = excluded.created_at",
        )
        .bind(connection.id.as_str())
        .bind(connection.kind.as_str())
        .bind(&connection.name)
        .bind(Json(&connection.fields))
        .bind(Json(&connection.secrets))
        .bind(connection.ssh_host_id.as_ref().map(SshHostId::as_str))
        .bind(connection.connect_at_start)
        .bind(connection.created_at)
        .execute(&mut *transaction)
        .await
        .map_err(|error| self.failed(error))?;
        transaction.commit().await.map_err(|error| self.failed(error))
    }

    /// Removes a connection with its cached workspaces and favourites; runs stay as history. Fine
    /// when it is not there.
    pub async fn delete_connection(&self, id: &ConnectionId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM connections WHERE id = ?")
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    async fn check_name(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        connection: &Connection,
    ) -> Result<(), StoreError> {
        let taken: Option<String> =
            sqlx::query_scalar("SELECT name FROM connections WHERE name = ? AND id <> ?")
                .bind(&connection.name)
                .bind(connection.id.as_str())
                .fetch_optional(&mut **transaction)
                .await
                .map_err(|error| self.failed(error))?;
        match taken {
            Some(name) => Err(StoreError::NameTaken { name, by: "connection" }),
            None => Ok(()),
        }
    }
}
