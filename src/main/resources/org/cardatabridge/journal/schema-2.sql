-- The journal of cardata-bridge, version 2: many values in a row of the history. It is worked out from messages anew.

DROP VIEW history;
DROP TABLE points;

-- The history, duplicates left out: values of one descriptor of one vehicle, within an hour of the car's time and with the
-- same unit and source. Written half a minute after the messages, earlier in a flood. See the view history.
CREATE TABLE series (
  vehicle INTEGER NOT NULL,          -- names.id of the VIN
  key     INTEGER NOT NULL,          -- names.id of the descriptor
  hour    INTEGER NOT NULL,          -- hours since 1970-01-01T00:00:00Z
  last    INTEGER NOT NULL,          -- messages.number of the last message in it
  part    INTEGER NOT NULL,          -- tells rows apart that are otherwise alike
  unit    INTEGER,                   -- names.id; null for none
  source  INTEGER,                   -- names.id; null: has no number, it stands in its message
  points  TEXT    NOT NULL,          -- JSON, in the order received: [[microseconds into the hour, microseconds from then to
                                     -- the receipt, value], ...]; a decimal number is its text, followed by "decimal"
  PRIMARY KEY (vehicle, key, hour, last, part)
) WITHOUT ROWID;

CREATE VIEW history AS
  SELECT v.name AS vin,
         k.name AS descriptor,
         strftime('%Y-%m-%dT%H:%M:%fZ', r.hour * 3600 + (p.value ->> 0) / 1e6, 'unixepoch') AS timestamp,
         CASE json_type(p.value, '$[2]') WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE p.value ->> 2 END AS value,
         u.name AS unit,
         strftime('%Y-%m-%dT%H:%M:%fZ', r.hour * 3600 + ((p.value ->> 0) + (p.value ->> 1)) / 1e6, 'unixepoch') AS received,
         s.name AS source
    FROM series r
    JOIN json_each(r.points) p
    JOIN names v ON v.id = r.vehicle
    JOIN names k ON k.id = r.key
    LEFT JOIN names u ON u.id = r.unit
    LEFT JOIN names s ON s.id = r.source;

UPDATE progress SET number = 0 WHERE name = 'history';
