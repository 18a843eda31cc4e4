/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a spreadsheet says about letters.  libcsv knows quotes and ends of lines; here is known what
 * columns mean.  Whether somebody may have such a letter is the register's.
 */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "caps.h"
#include "prose.h"
#include "roster.h"
#include "when.h"

#define COLUMNS 64          /* of a header */
#define MEMORY  (16u << 20) /* cells as often as they are, and what is made of them */
#define NAME    24          /* characters of a column's name that are looked at */

const char *
bulk_english(enum bulk_word w)
{
	static const char *const words[] = {
#define BULK_WORD(name, english, indonesian) english,
#include "bulk.def"
#undef BULK_WORD
	};

	return w < BULK_WORD__MAX ? words[w] : "";
}

const char *
bulk_indonesian(enum bulk_word w)
{
	static const char *const words[] = {
#define BULK_WORD(name, english, indonesian) indonesian,
#include "bulk.def"
#undef BULK_WORD
	};

	return w < BULK_WORD__MAX ? words[w] : "";
}

enum column {
	COLUMN_ID,
	COLUMN_NUMBER,
	COLUMN_SUBJECT,
	COLUMN_DATE,
	COLUMN_UNIT,
	COLUMN_VISIBILITY,
	COLUMN_FILE,
	COLUMN_SIGNER, /* the first of CAP_SIGNERS */
	COLUMN_KINDS = COLUMN_SIGNER + CAP_SIGNERS,
	COLUMN_IGNORED
};

static const struct {
	const char *name;
	enum column column;
} names[] = {{"id", COLUMN_ID}, {"nomor", COLUMN_NUMBER}, {"nomorsurat", COLUMN_NUMBER},
    {"number", COLUMN_NUMBER}, {"perihal", COLUMN_SUBJECT}, {"hal", COLUMN_SUBJECT},
    {"subject", COLUMN_SUBJECT}, {"tanggal", COLUMN_DATE}, {"tanggalsurat", COLUMN_DATE},
    {"date", COLUMN_DATE}, {"unit", COLUMN_UNIT}, {"unitkerja", COLUMN_UNIT},
    {"visibilitas", COLUMN_VISIBILITY}, {"visibility", COLUMN_VISIBILITY}, {"berkas", COLUMN_FILE},
    {"file", COLUMN_FILE}, {"", COLUMN_IGNORED}, {"no", COLUMN_IGNORED},
    {"keterangan", COLUMN_IGNORED}, {"catatan", COLUMN_IGNORED}, {"note", COLUMN_IGNORED}};

struct parser {
	struct roster *r;
	struct roster_refusal *why;
	enum rc rc; /* not RC_OK: the rest is not looked at */
	bool below; /* of the header */
	unsigned row;
	size_t cap;
	const char *cells[COLUMNS];
	size_t ncells, ncolumns;
	bool more; /* cells than there is room for, with something in them */
	const char *titles[COLUMNS];
	int place[COLUMN_KINDS]; /* a column's place, -1: it is not there */
	enum batch_kind kind;
};

static void
refuse(struct parser *p, enum bulk_word word, unsigned row, const char *column)
{
	size_t len = column != NULL ? strnlen(column, sizeof(p->why->column) - 1) : 0;

	if (p->rc != RC_OK)
		return;
	p->rc = RC_FORMAT;
	p->why->word = word;
	p->why->row = row;
	if (len > 0)
		memcpy(p->why->column, column, len);
	p->why->column[len] = '\0';
}

/* --- the header --- */

static bool
signer_number(const char *s, enum column *out)
{
	unsigned n = 0;

	if (*s < '1' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9' && n <= CAP_SIGNERS; s++)
		n = n * 10 + (unsigned)(*s - '0');
	if (*s != '\0' || n > CAP_SIGNERS)
		return false;
	*out = (enum column)(COLUMN_SIGNER + n - 1);
	return true;
}

/* "Nomor Surat" and "nomor_surat" are nomorsurat. */
static bool
find_column(const char *title, enum column *out)
{
	static const char *const signer[] = {"penandatangan", "signer"};
	char name[NAME];
	size_t i, len = 0;

	for (; *title != '\0'; title++) {
		if (strchr(" \t_-.", *title) != NULL)
			continue;
		if (len == sizeof(name) - 1)
			return false;
		name[len] = *title;
		if (*title >= 'A' && *title <= 'Z')
			name[len] = (char)(*title + ('a' - 'A'));
		len++;
	}
	name[len] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i].name) == 0) {
			*out = names[i].column;
			return true;
		}
	for (i = 0; i < sizeof(signer) / sizeof(signer[0]); i++)
		if (strncmp(name, signer[i], strlen(signer[i])) == 0)
			return signer_number(name + strlen(signer[i]), out);
	return false;
}

/* What it needs: the files, and ids or all that a draft says. */
static void
check_columns(struct parser *p)
{
	static const struct {
		enum column column;
		const char *name;
	} needed[] = {{COLUMN_NUMBER, "nomor"}, {COLUMN_SUBJECT, "perihal"},
	    {COLUMN_DATE, "tanggal"}, {COLUMN_UNIT, "unit"}, {COLUMN_SIGNER, "penandatangan1"}};
	size_t i;

	if (p->kind == BATCH_STAMPED && p->place[COLUMN_FILE] == -1)
		refuse(p, BULK_COLUMN_MISSING, 0, "berkas");
	for (i = 0; p->place[COLUMN_ID] == -1 && i < sizeof(needed) / sizeof(needed[0]); i++)
		if (p->place[needed[i].column] == -1)
			refuse(p, BULK_COLUMN_MISSING, 0, needed[i].name);
}

static void
take_header(struct parser *p)
{
	enum column column;
	size_t i;

	if (p->more) {
		refuse(p, BULK_MANY_COLUMNS, 0, NULL);
		return;
	}
	for (i = 0; i < COLUMN_KINDS; i++)
		p->place[i] = -1;
	p->ncolumns = p->ncells;
	for (i = 0; i < p->ncells; i++) {
		p->titles[i] = p->cells[i];
		if (!find_column(p->cells[i], &column))
			refuse(p, BULK_COLUMN_UNKNOWN, 0, p->cells[i]);
		else if (column == COLUMN_IGNORED)
			continue;
		else if (p->place[column] != -1)
			refuse(p, BULK_COLUMN_TWICE, 0, p->cells[i]);
		else
			p->place[column] = (int)i;
	}
	if (p->rc == RC_OK)
		check_columns(p);
}

/* --- a row --- */

static const char *
cell(const struct parser *p, int column)
{
	int at = p->place[column];

	return at >= 0 && (size_t)at < p->ncells ? p->cells[at] : "";
}

static void
blame(const struct parser *p, struct roster_row *row, enum bulk_word fault, int column)
{
	if (row->fault != BULK_NONE)
		return;
	row->fault = fault;
	row->column = column >= 0 && p->place[column] >= 0 ? p->titles[p->place[column]] : "";
}

static const char *
text(const struct parser *p, struct roster_row *row, int column)
{
	const char *s = cell(p, column);

	if (!prose_ok(s, 1, CAP_LETTER_TEXT))
		blame(p, row, BULK_TEXT, column);
	return s;
}

static bool
is_shaped(const char *s, const char *shape)
{
	for (; *s != '\0' && *shape != '\0'; s++, shape++)
		if (*shape == '9' ? *s < '0' || *s > '9' : *s != *shape)
			return false;
	return *s == *shape;
}

/* As the register has it, "2026-11-01"; a spreadsheet may have made 01/11/2026 of it. */
static const char *
day(const struct parser *p, struct roster_row *row)
{
	const char *s = cell(p, COLUMN_DATE);
	int64_t at;

	if (is_shaped(s, "99/99/9999") || is_shaped(s, "99-99-9999") || is_shaped(s, "99.99.9999"))
		s = arena_printf(p->r->arena, "%.4s-%.2s-%.2s", s + 6, s + 3, s);
	if (s == NULL || !is_shaped(s, "9999-99-99") || !when_parse(s, &at)) {
		blame(p, row, BULK_DATE, COLUMN_DATE);
		return "";
	}
	return s;
}

static enum letter_visibility
visibility(const struct parser *p, struct roster_row *row)
{
	static const struct {
		const char *name;
		enum letter_visibility v;
	} words[] = {{"", LETTER_PUBLIC}, {"publik", LETTER_PUBLIC}, {"public", LETTER_PUBLIC},
	    {"kode", LETTER_CODE}, {"code", LETTER_CODE}, {"fakta", LETTER_FACT},
	    {"fact", LETTER_FACT}};
	const char *s = cell(p, COLUMN_VISIBILITY);
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(s, words[i].name) == 0)
			return words[i].v;
	blame(p, row, BULK_VISIBILITY, COLUMN_VISIBILITY);
	return LETTER_FACT;
}

/* Blanks off both ends, in place. */
static char *
trim(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	for (len = strlen(s); len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t');)
		len--;
	s[len] = '\0';
	return s;
}

/* "KEPALA DINAS|Sari Wulan, S.T.|Pembina (IV/a)"; the rank may be left out. */
static void
signer(const struct parser *p, struct roster_row *row, int column, struct register_signer *out)
{
	const char *s = cell(p, column);
	char *rest = arena_str(p->r->arena, s, strlen(s)), *part[3] = {NULL, NULL, NULL};
	size_t n;

	for (n = 0; rest != NULL && n < 3; n++)
		part[n] = trim(strsep(&rest, "|"));
	if (rest != NULL || n < 2 || !prose_ok(part[0], 1, CAP_LETTER_TEXT) ||
	    !prose_ok(part[1], 1, CAP_LETTER_TEXT) ||
	    (part[2] != NULL && !prose_ok(part[2], 0, CAP_LETTER_TEXT)))
		blame(p, row, BULK_SIGNER, column);
	out->title = part[0] != NULL ? part[0] : "";
	out->name = part[1] != NULL ? part[1] : "";
	out->rank = part[2] != NULL ? part[2] : "";
}

static void
signers(struct parser *p, struct roster_row *row)
{
	struct register_signer *v =
	    arena_array(p->r->arena, CAP_SIGNERS, sizeof(*row->content.signers));
	int i;

	if (v == NULL) {
		p->rc = RC_NOMEM;
		return;
	}
	row->content.signers = v;
	for (i = 0; i < CAP_SIGNERS; i++)
		if (*cell(p, COLUMN_SIGNER + i) != '\0')
			signer(p, row, COLUMN_SIGNER + i, &v[row->content.nsigners++]);
	if (row->content.nsigners == 0)
		blame(p, row, BULK_SIGNER, COLUMN_SIGNER);
}

static void
draft(struct parser *p, struct roster_row *row)
{
	row->content.number = text(p, row, COLUMN_NUMBER);
	row->content.subject = text(p, row, COLUMN_SUBJECT);
	row->content.date = day(p, row);
	row->content.unit = text(p, row, COLUMN_UNIT);
	row->content.visibility = visibility(p, row);
	signers(p, row);
}

static void
take_row(struct parser *p)
{
	const char *id = cell(p, COLUMN_ID);
	struct roster_row *row;
	char *out;
	size_t i;

	if (p->r->n == CAP_BATCH_ROWS) {
		refuse(p, BULK_MANY_ROWS, 0, NULL);
		return;
	}
	if (arena_grow(p->r->arena, &p->r->rows, p->r->n, &p->cap, sizeof(*row)) != RC_OK ||
	    (out = arena_alloc(p->r->arena, CROCKFORD_ID_LEN + 1)) == NULL) {
		p->rc = RC_NOMEM;
		return;
	}
	row = &p->r->rows[p->r->n++];
	*row = (struct roster_row){.row = p->row, .id = out, .file = "", .column = ""};
	for (i = p->ncolumns; i < p->ncells; i++)
		p->more |= *p->cells[i] != '\0';
	if (p->more)
		blame(p, row, BULK_MANY_CELLS, -1);
	if (*id == '\0')
		draft(p, row);
	else if (!crockford_id_read(id, strlen(id), out))
		blame(p, row, BULK_ID, COLUMN_ID);
	if (p->kind == BATCH_STAMPED)
		row->file = text(p, row, COLUMN_FILE);
}

/* --- what libcsv finds --- */

static void
on_cell(void *s, size_t len, void *arg)
{
	struct parser *p = arg;
	char *copy;

	if (p->rc != RC_OK)
		return;
	if (p->ncells == COLUMNS) {
		p->more |= len > 0;
		return;
	}
	if ((copy = arena_str(p->r->arena, s, len)) == NULL)
		p->rc = RC_NOMEM;
	else
		p->cells[p->ncells++] = trim(copy);
}

static void
on_row(int end, void *arg)
{
	struct parser *p = arg;
	bool empty = !p->more;
	size_t i;

	(void)end;
	for (i = 0; i < p->ncells; i++)
		empty &= *p->cells[i] == '\0';
	if (p->rc == RC_OK) {
		if (!p->below && !empty)
			take_header(p);
		else if (!empty)
			take_row(p);
		p->row += p->below;
		p->below |= !empty;
		if (p->row == 0 && p->below)
			p->row = 1;
	}
	p->ncells = 0;
	p->more = false;
}

/* RFC 3629, section 4; no NUL, which would end a cell. */
static bool
is_utf8(const uint8_t *s, size_t len)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	size_t i, more;
	uint32_t c;

	for (i = 0; i < len; i++) {
		if ((c = s[i]) == 0 || (c >= 0x80 && c < 0xc2) || c > 0xf4)
			return false;
		if (c < 0x80)
			continue;
		more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
		if (len - i <= more)
			return false;
		c &= 0x3fu >> more;
		for (size_t k = 1; k <= more; k++) {
			if ((s[i + k] & 0xc0) != 0x80)
				return false;
			c = c << 6 | (s[i + k] & 0x3fu);
		}
		if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
		i += more;
	}
	return true;
}

/* What the header has most of. */
static char
find_delimiter(const uint8_t *s, size_t len)
{
	static const char marks[] = ",;\t";
	size_t counts[3] = {0, 0, 0}, i, k, best = 0;
	bool quoted = false;

	while (len > 0 && (*s == '\r' || *s == '\n')) {
		s++;
		len--;
	}
	for (i = 0; i < len && (quoted || (s[i] != '\n' && s[i] != '\r')); i++) {
		quoted ^= s[i] == '"';
		for (k = 0; !quoted && k < 3; k++)
			counts[k] += s[i] == (uint8_t)marks[k];
	}
	for (k = 1; k < 3; k++)
		if (counts[k] > counts[best])
			best = k;
	return marks[best];
}

/* A tab between cells is no blank at their ends. */
static int
is_blank(unsigned char c)
{
	return c == ' ';
}

static void
parse(struct parser *p, const uint8_t *csv, size_t len)
{
	struct csv_parser csvp;

	if (csv_init(&csvp, CSV_STRICT | CSV_STRICT_FINI) != 0) {
		p->rc = RC_NOMEM;
		return;
	}
	csv_set_delim(&csvp, (unsigned char)p->r->delimiter);
	csv_set_space_func(&csvp, is_blank);
	if (csv_parse(&csvp, csv, len, on_cell, on_row, p) != len ||
	    csv_fini(&csvp, on_cell, on_row, p) != 0) {
		if (csv_error(&csvp) == CSV_EPARSE)
			refuse(p, BULK_QUOTES, p->row, NULL);
		else if (p->rc == RC_OK)
			p->rc = RC_NOMEM;
	}
	csv_free(&csvp);
}

enum rc
roster_read(struct roster **out, const uint8_t *csv, size_t len, enum batch_kind kind,
    struct roster_refusal *why)
{
	struct parser p = {.why = why, .kind = kind};

	*out = NULL;
	memset(why, 0, sizeof(*why));
	if ((p.r = calloc(1, sizeof(*p.r))) == NULL || (p.r->arena = arena_new(MEMORY)) == NULL) {
		free(p.r);
		return RC_NOMEM;
	}
	if (len > CAP_BATCH_CSV)
		refuse(&p, BULK_FILE_LARGE, 0, NULL);
	else if (!is_utf8(csv, len))
		refuse(&p, BULK_NOT_UTF8, 0, NULL);
	if (p.rc == RC_OK) {
		if (len >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0) {
			csv += 3;
			len -= 3;
		}
		p.r->delimiter = find_delimiter(csv, len);
		parse(&p, csv, len);
	}
	if (p.rc == RC_OK && p.r->n == 0)
		refuse(&p, BULK_NO_ROWS, 0, NULL);
	if (p.rc != RC_OK) {
		roster_free(p.r);
		return p.rc;
	}
	*out = p.r;
	return RC_OK;
}

void
roster_free(struct roster *r)
{
	if (r != NULL)
		arena_free(r->arena);
	free(r);
}
