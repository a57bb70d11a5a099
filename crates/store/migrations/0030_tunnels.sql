CREATE TABLE tunnels (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    -- JSON.
    route TEXT NOT NULL,
    ssh_host_id TEXT NOT NULL REFERENCES ssh_hosts (id) ON DELETE RESTRICT,
    -- JSON.
    options TEXT NOT NULL,
    -- 0 once the person stopped it, until it is started again.
    is_wanted INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX tunnels_by_ssh_host ON tunnels (ssh_host_id);

-- How long each tunnel was up and down in each half hour since 1970; the newest day.
CREATE TABLE tunnel_slots (
    tunnel_id TEXT NOT NULL REFERENCES tunnels (id) ON DELETE CASCADE,
    slot INTEGER NOT NULL,
    up_ms INTEGER NOT NULL,
    down_ms INTEGER NOT NULL,
    PRIMARY KEY (tunnel_id, slot)
) STRICT, WITHOUT ROWID;
