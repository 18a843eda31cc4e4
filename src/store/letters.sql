-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Since version 3: the register of letters.  What a letter says stands in versions that
-- are added and never changed; the letter itself holds where it stands now.
CREATE TABLE letter (
	seq       INTEGER PRIMARY KEY,
	id        TEXT    NOT NULL UNIQUE CHECK (length(id) = 27),
	agency    INTEGER NOT NULL REFERENCES agency (id),
	state     TEXT    NOT NULL CHECK (state IN ('draft', 'issued', 'signed', 'superseded', 'withdrawn')),
	version   INTEGER NOT NULL CHECK (version > 0),   -- of letter_content
	code      TEXT,   -- argon2id of the typed code, if one is asked for
	successor TEXT    REFERENCES letter (id),
	sha256    BLOB    CHECK (length(sha256) = 32),    -- of the signed file
	size      INTEGER,
	CHECK ((state = 'superseded') = (successor IS NOT NULL)),
	CHECK ((sha256 IS NULL) = (size IS NULL))
) STRICT;

CREATE INDEX letter_agency ON letter (agency, state);
CREATE INDEX letter_sha256 ON letter (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE letter_content (
	letter     TEXT    NOT NULL REFERENCES letter (id),
	version    INTEGER NOT NULL,
	number     TEXT    NOT NULL,   -- nomor surat
	subject    TEXT    NOT NULL,   -- perihal
	date       TEXT    NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
	unit       TEXT    NOT NULL,   -- unit kerja
	visibility TEXT    NOT NULL CHECK (visibility IN ('public', 'code', 'fact')),
	PRIMARY KEY (letter, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE letter_signer (
	letter   TEXT    NOT NULL,
	version  INTEGER NOT NULL,
	position INTEGER NOT NULL CHECK (position > 0),
	title    TEXT    NOT NULL,   -- jabatan
	name     TEXT    NOT NULL,
	rank     TEXT    NOT NULL,   -- pangkat (golongan); '' if there is none
	PRIMARY KEY (letter, version, position),
	FOREIGN KEY (letter, version) REFERENCES letter_content (letter, version)
) STRICT, WITHOUT ROWID;

-- Everything that happened to a letter.
CREATE TABLE letter_event (
	seq       INTEGER PRIMARY KEY,
	letter    TEXT    NOT NULL REFERENCES letter (id),
	at        INTEGER NOT NULL,   -- seconds since 1970
	account   INTEGER REFERENCES account (id), -- NULL: the command line
	what      TEXT    NOT NULL CHECK (what IN
	    ('drafted', 'edited', 'issued', 'signed', 'superseded', 'withdrawn')),
	version   INTEGER NOT NULL,   -- of the content from then on
	date      TEXT,               -- from which day it is superseded or withdrawn
	reason    TEXT,
	successor TEXT    REFERENCES letter (id)
) STRICT;

CREATE INDEX letter_event_letter ON letter_event (letter, seq);

CREATE TRIGGER letter_kept BEFORE DELETE ON letter
BEGIN
	SELECT RAISE(ABORT, 'a letter is withdrawn, never deleted');
END;

CREATE TRIGGER letter_fixed BEFORE UPDATE OF seq, id, agency ON letter
BEGIN
	SELECT RAISE(ABORT, 'a letter stays where it was registered');
END;

CREATE TRIGGER letter_state BEFORE UPDATE OF state ON letter
WHEN NEW.state || '<' || OLD.state NOT IN ('draft<draft', 'issued<draft', 'withdrawn<draft',
    'signed<issued', 'superseded<issued', 'withdrawn<issued', 'superseded<signed', 'withdrawn<signed')
BEGIN
	SELECT RAISE(ABORT, 'no letter goes from there to here');
END;

-- An edit is a next version of a draft.
CREATE TRIGGER letter_version BEFORE UPDATE OF version ON letter
WHEN NEW.version IS NOT OLD.version
    AND (NEW.version IS NOT OLD.version + 1 OR OLD.state IS NOT 'draft')
BEGIN
	SELECT RAISE(ABORT, 'an issued letter is not edited');
END;

-- The fingerprint comes with the signing, and stays.
CREATE TRIGGER letter_signed BEFORE UPDATE OF sha256, size ON letter
WHEN (NEW.sha256 IS NOT OLD.sha256 OR NEW.size IS NOT OLD.size)
    AND NOT (OLD.state = 'issued' AND NEW.state = 'signed')
BEGIN
	SELECT RAISE(ABORT, 'the signed file is never exchanged');
END;

CREATE TRIGGER letter_successor BEFORE UPDATE OF successor ON letter
WHEN OLD.successor IS NOT NULL AND NEW.successor IS NOT OLD.successor
BEGIN
	SELECT RAISE(ABORT, 'a letter is superseded once');
END;

CREATE TRIGGER letter_content_kept BEFORE DELETE ON letter_content
BEGIN
	SELECT RAISE(ABORT, 'what a letter said is never forgotten');
END;

CREATE TRIGGER letter_content_fixed BEFORE UPDATE ON letter_content
BEGIN
	SELECT RAISE(ABORT, 'what a letter said is never changed');
END;

CREATE TRIGGER letter_signer_kept BEFORE DELETE ON letter_signer
BEGIN
	SELECT RAISE(ABORT, 'who was to sign is never forgotten');
END;

CREATE TRIGGER letter_signer_fixed BEFORE UPDATE ON letter_signer
BEGIN
	SELECT RAISE(ABORT, 'who was to sign is never changed');
END;

-- Nobody is added to a version that stands.
CREATE TRIGGER letter_signer_closed BEFORE INSERT ON letter_signer
WHEN EXISTS (SELECT 1 FROM letter_event WHERE letter = NEW.letter AND version = NEW.version)
BEGIN
	SELECT RAISE(ABORT, 'who was to sign is never changed');
END;

CREATE TRIGGER letter_event_kept BEFORE DELETE ON letter_event
BEGIN
	SELECT RAISE(ABORT, 'history is never shortened');
END;

CREATE TRIGGER letter_event_fixed BEFORE UPDATE ON letter_event
BEGIN
	SELECT RAISE(ABORT, 'history is never changed');
END;
