-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Since version 4: signed letters and what later checks of them said, what agencies
-- print below their letters, and orders for many letters at once.

-- A letter that was registered with its signed file, and where it stands now.
CREATE TABLE registration (
	letter      INTEGER PRIMARY KEY REFERENCES letter (seq),
	at          INTEGER NOT NULL,   -- seconds since 1970, as all times here
	account     INTEGER REFERENCES account (id), -- NULL: the command line
	differences TEXT    NOT NULL,   -- words: what spoke against it; '' if nothing did
	reason      TEXT    NOT NULL,   -- why it was registered all the same
	kept        INTEGER NOT NULL CHECK (kept IN (0, 1)), -- its file is in the vault
	checked     INTEGER NOT NULL,   -- when it was looked at last; 0: never
	verdict     TEXT,               -- what was said then; NULL: never
	pending     INTEGER NOT NULL CHECK (pending IN (0, 1)), -- it lacks data about revocation only
	caveat      TEXT    NOT NULL CHECK (caveat IN ('', 'notes', 'practice')), -- of the verdict
	CHECK ((differences = '') = (reason = '')),
	CHECK ((checked = 0) = (verdict IS NULL))
) STRICT;

CREATE INDEX registration_due ON registration (kept, checked);
CREATE INDEX registration_pending ON registration (letter) WHERE pending = 1;
CREATE INDEX registration_alert ON registration (letter) WHERE pending = 0 AND verdict <> 'VALID';

-- What version 3 has registered was never looked at since.
INSERT INTO registration SELECT l.seq, e.at, e.account, '', '', 0, 0, NULL, 0, ''
	FROM letter l JOIN letter_event e ON e.letter = l.id AND e.what = 'signed';

-- What a check said, if it differs in anything from the one before.
CREATE TABLE letter_check (
	seq            INTEGER PRIMARY KEY,
	letter         INTEGER NOT NULL REFERENCES registration (letter),
	at             INTEGER NOT NULL,
	conclusion     TEXT    NOT NULL,
	reasons        TEXT    NOT NULL,   -- codes joined by a space, the first matters most
	policy         TEXT,
	policy_version TEXT,
	trust          BLOB    CHECK (length(trust) = 32), -- SHA-256 of the anchor set
	pending        INTEGER NOT NULL CHECK (pending IN (0, 1))
) STRICT;

CREATE INDEX letter_check_letter ON letter_check (letter, seq);

-- The latest report on its file.
CREATE TABLE letter_report (
	letter INTEGER PRIMARY KEY REFERENCES registration (letter),
	at     INTEGER NOT NULL,
	wire   BLOB    NOT NULL    -- as verify/wire.h has it
) STRICT;

-- Its magic and version: what another version of the program wrote is made anew.
CREATE INDEX letter_report_header ON letter_report (substr(wire, 1, 8));

CREATE TRIGGER letter_file_once BEFORE UPDATE OF sha256 ON letter
WHEN NEW.sha256 IS NOT OLD.sha256
    AND EXISTS (SELECT 1 FROM letter WHERE sha256 = NEW.sha256 AND seq <> NEW.seq)
BEGIN
	SELECT RAISE(ABORT, 'a file is one letter');
END;

CREATE TRIGGER registration_signed BEFORE INSERT ON registration
WHEN NOT EXISTS (SELECT 1 FROM letter WHERE seq = NEW.letter AND sha256 IS NOT NULL)
BEGIN
	SELECT RAISE(ABORT, 'a letter is registered with its file');
END;

CREATE TRIGGER registration_kept BEFORE DELETE ON registration
BEGIN
	SELECT RAISE(ABORT, 'a registration is never taken back');
END;

CREATE TRIGGER registration_fixed
BEFORE UPDATE OF letter, at, account, differences, reason ON registration
BEGIN
	SELECT RAISE(ABORT, 'who registered what and why is never changed');
END;

CREATE TRIGGER letter_check_kept BEFORE DELETE ON letter_check
BEGIN
	SELECT RAISE(ABORT, 'what a check said is never forgotten');
END;

CREATE TRIGGER letter_check_fixed BEFORE UPDATE ON letter_check
BEGIN
	SELECT RAISE(ABORT, 'what a check said is never changed');
END;

CREATE TRIGGER letter_report_kept BEFORE DELETE ON letter_report
BEGIN
	SELECT RAISE(ABORT, 'a report gives way to a later one only');
END;

-- What an agency prints below its letters, version by version.  A logo that stays is not
-- stored again.
CREATE TABLE letterhead_logo (
	id    INTEGER PRIMARY KEY,
	image BLOB    NOT NULL    -- PNG, JPEG or SVG
) STRICT;

CREATE TABLE letterhead (
	agency  INTEGER NOT NULL REFERENCES agency (id),
	version INTEGER NOT NULL CHECK (version > 0),
	at      INTEGER NOT NULL,
	account INTEGER REFERENCES account (id), -- NULL: the command line
	wording TEXT    NOT NULL,   -- a name of templates/paper/wordings.conf, or ''
	text    TEXT    NOT NULL,   -- its own words, or ''
	logo    INTEGER REFERENCES letterhead_logo (id),
	CHECK (wording <> '' OR text <> ''),
	PRIMARY KEY (agency, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER letterhead_logo_kept BEFORE DELETE ON letterhead_logo
BEGIN
	SELECT RAISE(ABORT, 'what was printed is never forgotten');
END;

CREATE TRIGGER letterhead_logo_fixed BEFORE UPDATE ON letterhead_logo
BEGIN
	SELECT RAISE(ABORT, 'what was printed is never changed');
END;

CREATE TRIGGER letterhead_kept BEFORE DELETE ON letterhead
BEGIN
	SELECT RAISE(ABORT, 'what was printed is never forgotten');
END;

CREATE TRIGGER letterhead_fixed BEFORE UPDATE ON letterhead
BEGIN
	SELECT RAISE(ABORT, 'what was printed is never changed');
END;

-- An order for many letters; forgotten some days after it has ended.
CREATE TABLE batch (
	seq     INTEGER PRIMARY KEY,
	id      TEXT    NOT NULL UNIQUE CHECK (length(id) = 26),
	account INTEGER REFERENCES account (id), -- NULL: the command line
	agency  INTEGER NOT NULL REFERENCES agency (id),
	kind    TEXT    NOT NULL CHECK (kind IN ('footers', 'stamped')),
	state   TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
	at      INTEGER NOT NULL,
	ended   INTEGER NOT NULL,   -- 0: not yet
	total   INTEGER NOT NULL,   -- rows
	done    INTEGER NOT NULL,
	failed  INTEGER NOT NULL,
	format  TEXT    NOT NULL CHECK (format IN ('', 'png', 'svg', 'pdf')),
	dpi     INTEGER NOT NULL,
	first   INTEGER NOT NULL,   -- pages that get the footer, as paperwork.h counts them
	last    INTEGER NOT NULL,
	wording TEXT    NOT NULL,   -- a name of templates/paper/wordings.conf; '': the agency's
	take    INTEGER NOT NULL,   -- how often it was begun
	lease   INTEGER NOT NULL,   -- running: until then it is whoever took it last who works on it
	CHECK ((ended = 0) = (state IN ('queued', 'running')))
) STRICT;

CREATE INDEX batch_open ON batch (account) WHERE ended = 0;
