-- What is remembered of workspaces that others made and a person adopted.
CREATE TABLE adoptions (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (connection_id, workspace_id)
) STRICT, WITHOUT ROWID;
