/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file is only added to; a line that a crash cut off never happened. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "tally.h"

#define LINE     80
#define TEXT_MAX ((CAP_BATCH_ROWS + 2) * LINE)

/* A number, and where it ends; what is none is 0. */
static unsigned long long
number(const char *s, char **end)
{
	*end = (char *)(uintptr_t)s;
	return *s >= '0' && *s <= '9' ? strtoull(s, end, 10) : 0;
}

static bool
take_row(struct tally *t, const char *s)
{
	char *code;
	unsigned long long n = number(s, &code);
	struct tally_row *row;
	size_t len;

	if (n == 0 || n > CAP_BATCH_ROWS || *code != ' ')
		return false;
	s = code + 1;
	if ((len = strcspn(s, " ")) != CROCKFORD_ID_LEN || s[len] != ' ')
		return false;
	row = &t->rows[n];
	if (!crockford_id_read(s, len, row->id))
		return false;
	s += len + 1;
	if ((len = strlen(s)) > REGISTER_CODE_LEN)
		return false;
	memcpy(row->code, s, len + 1);
	t->last = n > t->last ? (unsigned)n : t->last;
	return true;
}

static bool
take_line(struct tally *t, const char *s)
{
	char *end;
	unsigned long long at;

	if (strncmp(s, "csv ", 4) == 0) {
		(void)snprintf(t->csv, sizeof(t->csv), "%s", s + 4);
		return true;
	}
	if (strncmp(s, "row ", 4) == 0)
		return take_row(t, s + 4);
	if (strncmp(s, "run ", 4) != 0 || (at = number(s + 4, &end)) > INT64_MAX || *end != '\0')
		return false;
	t->since = (int64_t)at;
	t->resumed = true;
	return true;
}

/* Whole lines; *len: of all of them. */
static enum rc
take_text(struct tally *t, char *text, size_t *len)
{
	char *line = text, *end;

	*len = 0;
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		if (!take_line(t, line))
			return RC_FORMAT;
		line = end + 1;
		*len = (size_t)(line - text);
	}
	return RC_OK;
}

static enum rc
append(const struct tally *t, const char *line, int len)
{
	if (len < 0 || len >= LINE || io_write_full(t->fd, line, (size_t)len) != RC_OK ||
	    fdatasync(t->fd) == -1)
		return RC_IO;
	return RC_OK;
}

static enum rc
load(struct tally *t)
{
	char *text = malloc(TEXT_MAX + 1);
	size_t len = 0, whole;
	enum rc rc = RC_IO;
	ssize_t n = -1;

	if (text == NULL)
		return RC_NOMEM;
	if (lseek(t->fd, 0, SEEK_SET) == -1)
		goto out;
	while (len < TEXT_MAX && (n = read(t->fd, text + len, TEXT_MAX - len)) > 0)
		len += (size_t)n;
	if (n != 0)
		goto out;
	text[len] = '\0';
	if ((rc = take_text(t, text, &whole)) == RC_OK &&
	    (ftruncate(t->fd, (off_t)whole) == -1 || lseek(t->fd, 0, SEEK_END) == -1))
		rc = RC_IO;
out:
	free(text);
	return rc;
}

static enum rc
begin(struct tally *t, const uint8_t sha256[32])
{
	char line[LINE], csv[sizeof(t->csv)];
	size_t i;

	for (i = 0; i < 32; i++)
		(void)snprintf(csv + 2 * i, 3, "%02x", sha256[i]);
	if (t->csv[0] != '\0')
		return strcmp(t->csv, csv) == 0 ? RC_OK : RC_FORMAT;
	return append(t, line, snprintf(line, sizeof(line), "csv %s\n", csv));
}

enum rc
tally_open(struct tally *t, int fd, const uint8_t sha256[32], int64_t now)
{
	char line[LINE];
	enum rc rc;

	memset(t, 0, sizeof(*t));
	t->fd = fd;
	t->since = now;
	if (fd == -1)
		return RC_OK;
	if ((rc = load(t)) != RC_OK || (rc = begin(t, sha256)) != RC_OK || t->resumed)
		return rc;
	return append(t, line, snprintf(line, sizeof(line), "run %" PRId64 "\n", now));
}

enum rc
tally_add(struct tally *t, unsigned row, const char *id, const char *code)
{
	char line[LINE];

	if (row == 0 || row > CAP_BATCH_ROWS)
		return RC_TOOBIG;
	(void)snprintf(t->rows[row].id, sizeof(t->rows[row].id), "%s", id);
	(void)snprintf(t->rows[row].code, sizeof(t->rows[row].code), "%s", code);
	t->last = row > t->last ? row : t->last;
	if (t->fd == -1)
		return RC_OK;
	return append(t, line, snprintf(line, sizeof(line), "row %u %s %s\n", row, id, code));
}
