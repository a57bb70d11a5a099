-- What labs are made from.
CREATE TABLE templates (
    id TEXT PRIMARY KEY NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    -- What was found in it when it was last looked at.
    look TEXT
) STRICT;

-- What is kept of labs beside what their servers say. One that Moorline made has an origin in its body.
CREATE TABLE labs (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    lab_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (connection_id, lab_id)
) STRICT, WITHOUT ROWID;

-- What each connection listed last.
CREATE TABLE lab_lists (
    connection_id TEXT PRIMARY KEY NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    seen_at INTEGER NOT NULL,
    labs TEXT NOT NULL
) STRICT;

-- Jobs that runs gave to servers, until it is known how they end.
CREATE TABLE lab_jobs (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    job TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Sets of configurations that were collected; the files themselves are in a folder.
CREATE TABLE lab_collections (
    run_id TEXT PRIMARY KEY NOT NULL,
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    lab_id TEXT NOT NULL,
    collected_at INTEGER NOT NULL,
    files TEXT NOT NULL
) STRICT;

CREATE INDEX lab_collections_by_lab ON lab_collections (connection_id, lab_id, collected_at);
