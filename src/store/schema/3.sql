-- What a restored backup says and cannot prove.

-- Files that were searched there, and were not offered here since. Nothing that was found in them counts.
CREATE TABLE awaited_files (
    export_sha256 BLOB PRIMARY KEY,
    start_timestamp INTEGER,
    end_timestamp INTEGER,
    region TEXT,
    matched_keys INTEGER NOT NULL,
    last_offered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When an identifier was first heard there, if that sighting is gone. No match comes of it: it makes replays of later
-- sightings.
CREATE TABLE restored_first_heard (
    rpi BLOB NOT NULL,
    interval INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (rpi, interval)
) STRICT, WITHOUT ROWID;
