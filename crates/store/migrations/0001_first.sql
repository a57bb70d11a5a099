-- Ids are made by Moorline (UUID version 7 as hex), timestamps are milliseconds since 1970, UTC.
-- Columns named after a list or map hold JSON.

CREATE TABLE ssh_hosts (
    id TEXT PRIMARY KEY NOT NULL,
    user TEXT NOT NULL,
    addresses TEXT NOT NULL,
    auth TEXT NOT NULL
) STRICT;

CREATE TABLE ssh_jumps (
    host_id TEXT NOT NULL REFERENCES ssh_hosts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    jump_id TEXT NOT NULL REFERENCES ssh_hosts (id) ON DELETE RESTRICT,
    PRIMARY KEY (host_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX ssh_jumps_by_jump ON ssh_jumps (jump_id);

CREATE TABLE connections (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    fields TEXT NOT NULL,
    -- References to secrets; the values are never here.
    secrets TEXT NOT NULL,
    ssh_host_id TEXT REFERENCES ssh_hosts (id) ON DELETE RESTRICT,
    connect_at_start INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX connections_by_ssh_host ON connections (ssh_host_id);

-- What each connection listed last.
CREATE TABLE workspace_lists (
    connection_id TEXT PRIMARY KEY NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    seen_at INTEGER NOT NULL,
    workspaces TEXT NOT NULL
) STRICT;

CREATE TABLE favourites (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL,
    PRIMARY KEY (connection_id, workspace_id)
) STRICT, WITHOUT ROWID;

-- Runs outlive their connection: they are history.
CREATE TABLE runs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    log_lines INTEGER NOT NULL DEFAULT 0,
    -- Compressed.
    log_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX runs_by_start ON runs (started_at DESC, seq DESC);
CREATE INDEX runs_by_status ON runs (status, started_at DESC, seq DESC);

CREATE VIRTUAL TABLE run_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER run_words_go_with_their_run AFTER DELETE ON runs
BEGIN
    DELETE FROM run_words WHERE rowid = old.seq;
END;

-- zstd of one JSON object a line.
CREATE TABLE log_chunks (
    run_seq INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    chunk INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    -- Size when unpacked.
    bytes INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run_seq, chunk)
) STRICT;

CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body TEXT NOT NULL
) STRICT;
