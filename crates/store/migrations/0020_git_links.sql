-- What ties a workspace to a folder of this computer. The name is kept because a rebuilt workspace has
-- another id.
CREATE TABLE git_links (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL,
    workspace_name TEXT NOT NULL,
    link TEXT NOT NULL,
    PRIMARY KEY (connection_id, workspace_id)
) STRICT, WITHOUT ROWID;
