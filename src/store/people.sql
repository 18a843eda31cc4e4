-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Since version 3: who may do what, and what was done.

-- An agency (perangkat daerah): staff see their own agency's letters.
CREATE TABLE agency (
	id   INTEGER PRIMARY KEY,
	code TEXT    NOT NULL UNIQUE COLLATE NOCASE CHECK (length(code) BETWEEN 1 AND 32),
	name TEXT    NOT NULL
) STRICT;

CREATE TABLE account (
	id        INTEGER PRIMARY KEY,
	login     TEXT    NOT NULL UNIQUE COLLATE NOCASE CHECK (length(login) BETWEEN 1 AND 64),
	role      TEXT    NOT NULL CHECK (role IN ('staff', 'auditor', 'admin')),
	agency    INTEGER NOT NULL REFERENCES agency (id),
	password  TEXT    NOT NULL,   -- argon2id, with its salt and costs
	totp      BLOB    NOT NULL CHECK (length(totp) = 20), -- RFC 6238: the secret
	totp_step INTEGER NOT NULL,   -- the last 30 seconds whose code was used: never again
	disabled  INTEGER NOT NULL CHECK (disabled IN (0, 1)),
	created   INTEGER NOT NULL    -- seconds since 1970, as all times here
) STRICT;

CREATE TRIGGER account_kept BEFORE DELETE ON account
BEGIN
	SELECT RAISE(ABORT, 'an account is disabled, never deleted');
END;

-- Codes for who has lost his telephone; each works once.
CREATE TABLE recovery (
	account INTEGER NOT NULL REFERENCES account (id),
	hash    BLOB    NOT NULL CHECK (length(hash) = 32), -- keyed; 80 random bits
	used    INTEGER,
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- Wrong guesses of who can't be told from others but by account and address, as a
-- keyed hash: the database holds no address.
CREATE TABLE guess (
	who   BLOB    NOT NULL PRIMARY KEY CHECK (length(who) = 32),
	tries INTEGER NOT NULL,
	until INTEGER NOT NULL    -- then all is forgotten
) STRICT, WITHOUT ROWID;

CREATE INDEX guess_until ON guess (until);

CREATE TABLE session (
	hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the token
	account INTEGER NOT NULL REFERENCES account (id),
	created INTEGER NOT NULL,
	seen    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_account ON session (account);

-- Every act: who, what, when, to which letter or account.  No name, no address.
CREATE TABLE act (
	seq     INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	account INTEGER REFERENCES account (id), -- NULL: the command line, or nobody known
	what    TEXT    NOT NULL,
	letter  TEXT,
	object  INTEGER REFERENCES account (id)  -- the account that it was done to
) STRICT;

CREATE TRIGGER act_kept BEFORE DELETE ON act
BEGIN
	SELECT RAISE(ABORT, 'what was done is never forgotten');
END;

CREATE TRIGGER act_fixed BEFORE UPDATE ON act
BEGIN
	SELECT RAISE(ABORT, 'what was done is never changed');
END;
