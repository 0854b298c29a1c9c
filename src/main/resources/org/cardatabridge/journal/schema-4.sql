-- The journal of cardata-bridge, version 4: what was asked of BMW's REST API. See docs/decisions/018-rest-quota.md.

-- Calls of the REST API. Each is here before it is made and completed after it, so that a kill in between counts.
CREATE TABLE rest_calls (
  id            INTEGER PRIMARY KEY,        -- drawn by lot
  account       TEXT    NOT NULL,
  at            INTEGER NOT NULL,
  purpose       TEXT    NOT NULL,           -- routine, gap, help, request
  method        TEXT    NOT NULL,
  path          TEXT    NOT NULL,           -- VINs shortened, without parameters
  counts        INTEGER NOT NULL DEFAULT 1, -- 0: it never reached BMW
  status        INTEGER,                    -- 0: no answer came; null: not known, or under way
  error_id      TEXT,
  error         TEXT,
  bytes         INTEGER,
  millis        INTEGER,
  blocked_until INTEGER                     -- BMW said that the day's calls are used up: no call before
);

-- What is remembered about an account or one of its vehicles: container ids, when something was fetched.
CREATE TABLE rest_notes (
  account TEXT    NOT NULL,
  vin     TEXT    NOT NULL,                 -- empty for the account
  name    TEXT    NOT NULL,
  text    TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (account, vin, name)
) WITHOUT ROWID;
