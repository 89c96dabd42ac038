-- Which files were searched for which sightings, and what was found.

-- Files whose signature was good. All sightings up to `searched_until` were looked for among their keys.
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    export_sha256 BLOB NOT NULL UNIQUE,
    export_bin_bytes INTEGER NOT NULL,
    start_timestamp INTEGER,
    end_timestamp INTEGER,
    region TEXT,
    keys INTEGER NOT NULL,
    revised_keys INTEGER NOT NULL,
    skipped_keys INTEGER NOT NULL,
    verified_by TEXT NOT NULL,
    trust BLOB NOT NULL,
    -- The first and the last interval of its keys; none of a file without keys.
    first_interval INTEGER,
    last_interval INTEGER,
    searched_until INTEGER NOT NULL,
    first_offered INTEGER NOT NULL,
    last_offered INTEGER NOT NULL
) STRICT;

CREATE INDEX files_by_size ON files (export_bin_bytes);

-- The zips in which they came.
CREATE TABLE zips (
    zip_sha256 BLOB PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX zips_by_file ON zips (file);

-- Published keys of which an identifier was heard, each where it came first.
CREATE TABLE matched_keys (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES files,
    number INTEGER NOT NULL,
    key_data BLOB NOT NULL,
    start INTEGER NOT NULL,
    period INTEGER NOT NULL,
    transmission_risk_level INTEGER NOT NULL,
    report_type INTEGER NOT NULL,
    days_since_onset INTEGER,
    variant_of_concern INTEGER NOT NULL,
    UNIQUE (key_data, start, period)
) STRICT;

CREATE INDEX matched_keys_by_file ON matched_keys (file);

-- Sightings whose identifier is that of a key in an interval. Whether one counts is decided when it is asked for.
CREATE TABLE hits (
    key INTEGER NOT NULL REFERENCES matched_keys ON DELETE CASCADE,
    interval INTEGER NOT NULL,
    sighting INTEGER NOT NULL REFERENCES sightings ON DELETE CASCADE,
    PRIMARY KEY (key, interval, sighting)
) STRICT, WITHOUT ROWID;

CREATE INDEX hits_by_sighting ON hits (sighting);

-- When an identifier was first heard, if that sighting is gone and later ones are still here.
CREATE TABLE first_heard (
    key INTEGER NOT NULL REFERENCES matched_keys ON DELETE CASCADE,
    interval INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (key, interval)
) STRICT, WITHOUT ROWID;

-- Keys whose report has changed, of all files: the key itself may match later.
CREATE TABLE revised_keys (
    file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    number INTEGER NOT NULL,
    key_data BLOB NOT NULL,
    start INTEGER NOT NULL,
    period INTEGER NOT NULL,
    transmission_risk_level INTEGER NOT NULL,
    report_type INTEGER NOT NULL,
    days_since_onset INTEGER,
    variant_of_concern INTEGER NOT NULL,
    PRIMARY KEY (file, number)
) STRICT, WITHOUT ROWID;

-- Searches under way: of the file in this zip so many keys were searched. Nothing here is trusted: the signature is
-- checked at the end.
CREATE TABLE unfinished (
    id INTEGER PRIMARY KEY,
    zip_sha256 BLOB NOT NULL UNIQUE,
    -- For the sightings after the one up to the other.
    sightings_after INTEGER NOT NULL,
    sightings_until INTEGER NOT NULL,
    keys INTEGER NOT NULL,
    -- Over those keys, so that they can be told from others.
    keys_sha256 BLOB NOT NULL,
    offered INTEGER NOT NULL
) STRICT;

CREATE TABLE unfinished_hits (
    search INTEGER NOT NULL REFERENCES unfinished ON DELETE CASCADE,
    number INTEGER NOT NULL,
    key_data BLOB NOT NULL,
    start INTEGER NOT NULL,
    period INTEGER NOT NULL,
    transmission_risk_level INTEGER NOT NULL,
    report_type INTEGER NOT NULL,
    days_since_onset INTEGER,
    variant_of_concern INTEGER NOT NULL,
    interval INTEGER NOT NULL,
    sighting INTEGER NOT NULL,
    PRIMARY KEY (search, number, interval, sighting)
) STRICT, WITHOUT ROWID;
