-- What the app told the person; the newest few hundred.
CREATE TABLE notices (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    is_read INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
