-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The database of one portal, version 1 (PRAGMA user_version).  This text is
-- compiled into the program, which runs it on an empty file, and then what later
-- versions added (picture.sql).

-- What this database is: one row, made together with it.
CREATE TABLE instance (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	created  INTEGER NOT NULL,   -- seconds since 1970
	-- Key of the HMAC-SHA256 under which documents are named in the log: who has
	-- only the log can't find out whether a document that he knows is in it.
	hash_key BLOB    NOT NULL CHECK (length(hash_key) = 32),
	probes   INTEGER NOT NULL    -- counted up to see whether a write succeeds
) STRICT;

-- The verification log: one row for each verification, written before it is
-- answered, never changed.  No name, no distinguished name, no file name, no
-- address.
CREATE TABLE verification (
	seq            INTEGER PRIMARY KEY,
	at             INTEGER NOT NULL,   -- milliseconds since 1970
	channel        TEXT    NOT NULL CHECK (channel IN ('page', 'api', 'cli')),
	document       BLOB    CHECK (length(document) = 32), -- keyed; NULL: never hashed
	conclusion     TEXT    NOT NULL,
	reasons        TEXT    NOT NULL,   -- codes joined by a space, the first matters most
	policy         TEXT,
	policy_version TEXT,
	trust          BLOB    CHECK (length(trust) = 32),    -- SHA-256 of the anchor set
	duration       INTEGER NOT NULL,   -- microseconds
	size           INTEGER NOT NULL,   -- bytes
	signatures     INTEGER NOT NULL    -- how many, document timestamps included
) STRICT;

CREATE INDEX verification_at ON verification (at);

CREATE TRIGGER verification_kept BEFORE DELETE ON verification
BEGIN
	SELECT RAISE(ABORT, 'the log is never shortened');
END;

CREATE TRIGGER verification_fixed BEFORE UPDATE ON verification
BEGIN
	SELECT RAISE(ABORT, 'the log is never changed');
END;

-- Results that can be opened again for a short while under an address that
-- nobody can guess.  The names in them go with them (PRAGMA secure_delete).
CREATE TABLE report (
	id      TEXT    NOT NULL UNIQUE CHECK (length(id) = 26),
	expires INTEGER NOT NULL,   -- seconds since 1970
	wire    BLOB    NOT NULL    -- as verify/wire.h has it
) STRICT;

CREATE INDEX report_expires ON report (expires);
