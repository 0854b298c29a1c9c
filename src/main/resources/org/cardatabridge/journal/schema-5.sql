-- The journal of cardata-bridge, version 5: how the connections to BMW were. See docs/http.md, "Time line".

-- A row for each state that the stream of an account was in, in the order of id: times follow a clock that may be set back.
CREATE TABLE stream_states (
  id      INTEGER PRIMARY KEY,
  account TEXT    NOT NULL,
  state   TEXT    NOT NULL,          -- live, quiet, connecting, backing-off, refused, quota, login-required, stopped
  at      INTEGER NOT NULL,          -- when it began
  seen    INTEGER NOT NULL,          -- up to when it is known to have lasted; a gap to the next row: no bridge ran
  code    INTEGER,                   -- BMW's MQTT reason code
  text    TEXT                       -- the reason in words
);
