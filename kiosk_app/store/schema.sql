-- The tablet's memory. `event` is the truth and only grows; the rest is what it needs to go on, or can be got again.

CREATE TABLE setting (            -- one value per name: identity, keys of the device, last proofs
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event (              -- the log of this device, in its order
    seq   INTEGER PRIMARY KEY,
    hash  BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    kind  INTEGER NOT NULL,
    rid   BLOB,
    wall  INTEGER NOT NULL,
    sign1 BLOB NOT NULL,
    body  BLOB                    -- NULL once purged
) STRICT;
CREATE INDEX event_of_request ON event (rid, kind) WHERE rid IS NOT NULL;
CREATE INDEX event_of_kind ON event (kind, seq);
CREATE INDEX event_with_body ON event (seq) WHERE body IS NOT NULL AND kind NOT IN (6, 7, 8, 9, 10, 11, 13); -- to purge

CREATE TRIGGER event_is_never_changed BEFORE UPDATE OF seq, hash, kind, rid, wall, sign1 ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_body_is_only_purged BEFORE UPDATE OF body ON event WHEN NEW.body IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a body is only purged'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TABLE receipt (            -- verified proofs that the centre has the log up to `seq`
    epoch       BLOB NOT NULL,    -- of the ledger that proves it: another one may not have these events
    seq         INTEGER NOT NULL,
    level       INTEGER NOT NULL, -- 1 received, 2 durable
    checkpoint  BLOB NOT NULL,
    proof       BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    proved_at   INTEGER,          -- by proved time, NULL when the answer carried none: it then starts no term
    PRIMARY KEY (epoch, seq, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE sent (               -- the last bundles sealed: an answer to any of them is accepted
    position  INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE,
    hash      BLOB NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,   -- first_seq - 1 for a poll
    bytes     INTEGER NOT NULL,
    sealed_ms INTEGER NOT NULL,   -- wall clock, milliseconds
    tree_size INTEGER NOT NULL,   -- of the checkpoint that it named
    epoch     BLOB NOT NULL,      -- of the ledger that it spoke to; empty before the first answer
    answered  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE alarm (              -- what the centre signed and cannot both be true; restored ledgers
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    code     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    epoch    BLOB NOT NULL,
    held     BLOB NOT NULL,       -- the signed checkpoint that this tablet held
    shown    BLOB NOT NULL        -- the signed checkpoint that contradicts it; the new epoch when restored
) STRICT;
CREATE TRIGGER alarm_is_never_changed BEFORE UPDATE ON alarm
BEGIN SELECT RAISE(ABORT, 'an alarm is never changed'); END;
CREATE TRIGGER alarm_is_never_deleted BEFORE DELETE ON alarm
BEGIN SELECT RAISE(ABORT, 'an alarm is never deleted'); END;

CREATE TABLE lease (              -- references leased by the centre, taken in their order
    position  INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE,
    lot       INTEGER NOT NULL,
    taken_by  INTEGER REFERENCES event (seq)
) STRICT;
CREATE INDEX lease_free ON lease (position) WHERE taken_by IS NULL;

CREATE TABLE request (            -- requests filed elsewhere that this brigade may see: by look-up, by QR
    rid       BLOB PRIMARY KEY,
    reference TEXT,
    sign1     BLOB NOT NULL,
    body      BLOB NOT NULL,
    source    INTEGER NOT NULL,
    got_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX request_of_reference ON request (reference) WHERE reference IS NOT NULL;

CREATE TABLE request_state (      -- what the centre says of a request
    rid   BLOB PRIMARY KEY,
    state INTEGER NOT NULL,
    code  TEXT,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE epoch_key (          -- private keys that open the QR of receipts
    kid     BLOB PRIMARY KEY,
    number  INTEGER NOT NULL,
    private BLOB NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE locked_copy (        -- requests that only their reference and birth date open; rows name nobody
    tag          BLOB PRIMARY KEY CHECK (length(tag) = 16),
    ct           BLOB NOT NULL,
    delete_after INTEGER NOT NULL
) STRICT;
CREATE INDEX locked_copy_by_end ON locked_copy (delete_after);

CREATE TABLE officer (            -- officers enrolled here; the private key is wrapped by their slot
    kid        BLOB PRIMARY KEY,
    slot_id    BLOB NOT NULL,
    cose_key   BLOB NOT NULL,
    wrapped    BLOB NOT NULL,
    enrolment  BLOB,              -- NULL until the supervisor has signed
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE miss (               -- look-ups that found nothing, per officer: 20 in an hour lock
    officer BLOB NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX miss_of_officer ON miss (officer, at);

CREATE TABLE target (             -- the last verified signed tables
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE later_entry (        -- news of the centre that only a later version of the program reads
    number INTEGER PRIMARY KEY,   -- in the inbox: it counts as applied
    type   INTEGER NOT NULL,
    value  BLOB NOT NULL,
    got_at INTEGER NOT NULL
) STRICT;

CREATE TABLE act_to_confirm (     -- acts of a given-up log, to do again with the person there
    rid       BLOB PRIMARY KEY,
    reference TEXT,
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE set_aside (          -- foreign bytes that were refused, for the support: a code, never retried
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    name     TEXT NOT NULL,
    code     TEXT NOT NULL
) STRICT;
