-- The journal of cardata-bridge, version 1. docs/journal.md explains it and has queries to start from.
-- Times are microseconds since 1970-01-01T00:00:00Z. Look into it while the bridge runs, but do not write.

-- Everything received, byte for byte. All other tables can be worked out from this one.
CREATE TABLE messages (
  number        INTEGER PRIMARY KEY, -- in the order received, without gaps
  received      INTEGER NOT NULL,
  received_max  INTEGER NOT NULL,    -- the latest time of receipt up to here; a clock can be set back
  source        TEXT    NOT NULL,    -- stream, rest, replay, ...
  account       TEXT    NOT NULL,
  topic         TEXT    NOT NULL,
  sinks         TEXT,                -- only for these sinks, comma separated; null: for all
  points_before INTEGER NOT NULL,    -- data points before this message, without duplicates
  events_before INTEGER NOT NULL,    -- data points before this message, with duplicates
  points        BLOB    NOT NULL,    -- its data points in compact form
  payload       BLOB    NOT NULL     -- its bytes as they came
);

-- Vehicles, descriptors, units and other words that occur often, by number.
CREATE TABLE names (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

-- The history: each data point, duplicates left out. Written a moment after the message. See the view history.
CREATE TABLE points (
  vehicle   INTEGER NOT NULL,        -- names.id of the VIN
  key       INTEGER NOT NULL,        -- names.id of the descriptor
  timestamp INTEGER NOT NULL,        -- the car's time
  number    INTEGER NOT NULL,        -- messages.number
  place     INTEGER NOT NULL,        -- 0 for the first data point of its message
  kind      INTEGER NOT NULL,        -- 0 not available, 1 true or false, 2 integer, 3 real, 4 decimal, 5 text, 6 JSON
  value,
  unit      INTEGER,                 -- names.id
  source    INTEGER,                 -- names.id; null: has no number, it stands in its message
  received  INTEGER NOT NULL,        -- here again, as a year of one key would read each of its messages
  PRIMARY KEY (vehicle, key, timestamp, number, place)
) WITHOUT ROWID;

-- The newest value of each descriptor of each vehicle, by the car's time. See the view newest_values.
CREATE TABLE newest (
  vehicle   INTEGER NOT NULL,
  key       INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  point     BLOB    NOT NULL,        -- the data point in compact form
  timestamp INTEGER NOT NULL,
  received  INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  value,
  unit      INTEGER,
  PRIMARY KEY (vehicle, key)
) WITHOUT ROWID;

-- How far each sink has read.
CREATE TABLE positions (
  sink    TEXT PRIMARY KEY,
  message INTEGER NOT NULL,          -- messages.number to be read next
  point   INTEGER NOT NULL,          -- data point in it to be read next
  points  INTEGER NOT NULL,          -- data points before that place
  saved   INTEGER NOT NULL
) WITHOUT ROWID;

-- What the target of a sink refused for good. See the view refused.
CREATE TABLE dead_letters (
  id        INTEGER PRIMARY KEY,
  sink      TEXT    NOT NULL,
  set_aside INTEGER NOT NULL,
  reason    TEXT    NOT NULL,
  received  INTEGER NOT NULL,
  source    TEXT    NOT NULL,
  account   TEXT    NOT NULL,
  topic     TEXT    NOT NULL,
  vin       TEXT,                    -- null for a whole message
  key       TEXT,
  point     BLOB,                    -- the data point in compact form; null for a whole message
  payload   BLOB                     -- the message's bytes; null for a data point
);

-- How far the tables that are worked out from messages have come.
CREATE TABLE progress (
  name   TEXT PRIMARY KEY,           -- history: points and newest
  number INTEGER NOT NULL            -- messages.number to be worked on next
) WITHOUT ROWID;
INSERT INTO progress VALUES ('history', 0);

CREATE VIEW history AS
  SELECT v.name AS vin,
         k.name AS descriptor,
         strftime('%Y-%m-%dT%H:%M:%fZ', p.timestamp / 1e6, 'unixepoch') AS timestamp,
         CASE p.kind WHEN 1 THEN iif(p.value, 'true', 'false') ELSE p.value END AS value,
         u.name AS unit,
         strftime('%Y-%m-%dT%H:%M:%fZ', p.received / 1e6, 'unixepoch') AS received,
         coalesce(s.name, (SELECT m.source FROM messages m WHERE m.number = p.number)) AS source
    FROM points p
    JOIN names v ON v.id = p.vehicle
    JOIN names k ON k.id = p.key
    LEFT JOIN names u ON u.id = p.unit
    LEFT JOIN names s ON s.id = p.source;

CREATE VIEW newest_values AS
  SELECT v.name AS vin,
         k.name AS descriptor,
         strftime('%Y-%m-%dT%H:%M:%fZ', n.timestamp / 1e6, 'unixepoch') AS timestamp,
         CASE n.kind WHEN 1 THEN iif(n.value, 'true', 'false') ELSE n.value END AS value,
         u.name AS unit,
         strftime('%Y-%m-%dT%H:%M:%fZ', n.received / 1e6, 'unixepoch') AS received
    FROM newest n
    JOIN names v ON v.id = n.vehicle
    JOIN names k ON k.id = n.key
    LEFT JOIN names u ON u.id = n.unit;

CREATE VIEW refused AS
  SELECT id, sink,
         strftime('%Y-%m-%dT%H:%M:%fZ', set_aside / 1e6, 'unixepoch') AS set_aside,
         reason, vin, key AS descriptor,
         strftime('%Y-%m-%dT%H:%M:%fZ', received / 1e6, 'unixepoch') AS received,
         source
    FROM dead_letters;
