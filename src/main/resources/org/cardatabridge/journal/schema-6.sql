-- The journal of cardata-bridge, version 6: which objects of a bucket were read. See docs/highmobility-s3.md.

-- Objects that need not be read again: those of the days that are still open. Names hold an app id of High Mobility.
CREATE TABLE bucket_objects (
  place  TEXT    NOT NULL,           -- bucket, prefix and endpoint
  name   TEXT    NOT NULL,
  etag   TEXT    NOT NULL,           -- another one: the object was written anew
  root   TEXT    NOT NULL,           -- what stands before the date in the name; empty where it has none
  day    INTEGER NOT NULL,           -- days since 1970-01-01: the date in the name, else that of its writing
  at     INTEGER NOT NULL,
  reason TEXT,                       -- why it was set aside; null: all its messages are here
  again  INTEGER,                    -- it is tried again then; null: never
  first  INTEGER,                    -- when it was tried for the first time
  PRIMARY KEY (place, name)
) WITHOUT ROWID;

-- Up to where each root is read: what is older is neither listed nor remembered.
CREATE TABLE bucket_days (
  place TEXT    NOT NULL,
  root  TEXT    NOT NULL,
  day   INTEGER NOT NULL,
  PRIMARY KEY (place, root)
) WITHOUT ROWID;
