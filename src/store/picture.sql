-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Since version 2: pictures of pages that look different from what was signed,
-- for the page of the report with which they go.
CREATE TABLE picture (
	report TEXT    NOT NULL REFERENCES report (id) ON DELETE CASCADE,
	page   INTEGER NOT NULL CHECK (page > 0),      -- 1 = first
	kind   TEXT    NOT NULL CHECK (kind IN ('signed', 'now')),
	png    BLOB    NOT NULL,
	PRIMARY KEY (report, page, kind)
) STRICT, WITHOUT ROWID;
