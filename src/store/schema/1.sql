-- What a device has heard, and its own keys.

CREATE TABLE store (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    profile TEXT NOT NULL,
    -- The number of the next sighting. No number is given twice: the ledger counts by them.
    next_sighting INTEGER NOT NULL,
    -- What the clock showed at the last purge.
    last_purge INTEGER,
    ring_latest INTEGER,
    ring_elapsed INTEGER NOT NULL
) STRICT;

CREATE TABLE sightings (
    id INTEGER PRIMARY KEY,
    rpi BLOB NOT NULL,
    -- Four bytes; of another length, that length alone.
    aem ANY NOT NULL,
    rssi INTEGER NOT NULL,
    time INTEGER NOT NULL,
    previous_scan INTEGER
) STRICT;

CREATE TABLE own_keys (
    position INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    start INTEGER NOT NULL,
    period INTEGER NOT NULL,
    used_until INTEGER NOT NULL,
    released INTEGER NOT NULL,
    generated_at INTEGER NOT NULL
) STRICT;
