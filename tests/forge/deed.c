/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters by order: the words and scripts that the tables are written in. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deed.h"

/* Where things stand on page 1, as texts of four numbers. */
struct places {
	const char *amount, *tag;
};

/* Numbers of a text; how many there are. */
static size_t
numbers(const char *text, double *out, size_t most)
{
	char *end;
	size_t n;

	for (n = 0; n < most; n++, text = end) {
		out[n] = strtod(text, &end);
		if (end == text)
			break;
	}
	return n;
}

#define SLOT_WIDTH  150
#define SLOT_HEIGHT 43

static const char *
build(void)
{
	const char *dir = getenv("BUILD"); /* NOLINT(concurrency-mt-unsafe): one thread */

	return dir != NULL ? dir : "build";
}

void
deed_letter(struct forge *f, struct letter *l, const char *office)
{
	static const char *const ours[] = {"classic", "stream", "hybrid"};
	char path[512];
	int i;

	for (i = 0; i < 3; i++)
		if (strcmp(office, ours[i]) == 0) {
			letter_init(l, f->m, (enum letter_form)i, &forge_text, 0);
			return;
		}
	snprintf(path, sizeof(path), "%s/office/%s.pdf", build(), office);
	paper_file(l, f->m, path);
}

/* --- signing --- */

struct desk {
	struct forge *f;
	struct paper *p;
	struct paper_order next;
	unsigned slot, signatures, stamps;
	int64_t now;
	const struct places *places;
};

static bool
after(const char *word, const char *prefix, const char **rest)
{
	size_t len = strlen(prefix);

	*rest = word + len;
	return strncmp(word, prefix, len) == 0;
}

/* Places below the letter's text: three in a row. */
static void
slot(struct desk *d, double r[4])
{
	unsigned row = d->slot / 3;

	r[0] = 50 + 165.0 * (d->slot % 3);
	r[1] = 230 - 60.0 * row;
	r[2] = r[0] + SLOT_WIDTH;
	r[3] = r[1] + SLOT_HEIGHT;
	d->slot++;
}

/* Officials of the agency, by turns; other keys make other persons. */
static const struct pki_cert *
official(struct desk *d, enum maker_key kind)
{
	static const char *const names[] = {
	    "Dewi Lestari Contoh", "Agus Wijaya Contoh", "Rina Kartika Contoh"};
	struct pki_cert *c = arena_alloc(d->f->m->arena, sizeof(*c));

	if (c == NULL)
		return &d->f->signer;
	agency_admit(&d->f->agency, c, maker_key(d->f->m, kind), names[d->signatures % 3],
	    FORGE_AT - 365 * FORGE_DAY, FORGE_AT + 365 * FORGE_DAY);
	return c;
}

static void
sign(struct desk *d, enum agency_level level)
{
	struct forge *f = d->f;
	struct paper_order *o = &d->next;

	o->level = level;
	o->at = d->now;
	d->now += 3600;
	if (o->signer == NULL)
		o->signer = d->signatures % 3 == 0   ? &f->signer
			    : d->signatures % 3 == 1 ? &f->other
						     : official(d, MAKER_P256);
	d->signatures++;
	if (o->field == NULL)
		o->field = arena_printf(f->m->arena, "TandaTangan%u", d->signatures);
	paper_sign(d->p, o->signer == &f->impostor ? &f->evil : &f->agency, o);
	memset(o, 0, sizeof(*o));
}

/* What the next one signs with. */
static bool
with(struct desk *d, const char *word)
{
	static const struct {
		const char *word, *digest;
		enum maker_key key;
		enum pki_scheme scheme;
	} keys[] = {
	    {"rsa", NULL, MAKER_RSA, PKI_DEFAULT},
	    {"pss", NULL, MAKER_RSA, PKI_PSS},
	    {"p384", "SHA384", MAKER_P384, PKI_DEFAULT},
	    {"brainpool", NULL, MAKER_BRAINPOOL, PKI_DEFAULT},
	    {"ed", "SHA512", MAKER_ED25519, PKI_DEFAULT},
	};
	size_t i;

	if (strcmp(word, "sha512") == 0) {
		d->next.digest = "SHA512";
		return true;
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(word, keys[i].word) == 0) {
			d->next.signer = official(d, keys[i].key);
			d->next.digest = keys[i].digest;
			d->next.scheme = keys[i].scheme;
			return true;
		}
	return false;
}

static const char *
lock_of(struct desk *d, const char *name)
{
	if (strcmp(name, "all") == 0)
		return "/Action /All";
	return arena_printf(d->f->m->arena, "/Action /Include /Fields [(%s)]", name);
}

/* Stamps that lie on something. */
static bool
place(struct desk *d, const char *word, double r[4])
{
	bool tag = strcmp(word, "tag") == 0;
	const char *from = tag ? d->places->tag : d->places->amount;

	if (strcmp(word, "all-over") == 0) {
		memcpy(r, (const double[4]){0, 0, 595, 842}, 4 * sizeof(*r));
		return true;
	}
	if (!tag && strcmp(word, "over") != 0 && strcmp(word, "digit") != 0)
		return false;
	if (numbers(from, r, 4) != 4)
		return false;
	if (tag) {
		r[1] -= 45;
		r[2] += 140;
	} else if (word[0] == 'd') {
		r[2] = r[0] + (r[2] - r[0]) / 10;
	}
	return true;
}

/* How the next one signs. */
static bool
manner(struct desk *d, const char *word)
{
	struct paper_order *o = &d->next;
	const char *rest;

	if (strcmp(word, "visible") == 0) {
		o->shown = "Ditandatangani secara elektronik";
		if (o->field == NULL)
			slot(d, o->rect);
	} else if (place(d, word, o->rect)) {
		o->shown = "Rp 92.500.000";
	} else if (strcmp(word, "inverted") == 0) {
		double x = o->rect[0], y = o->rect[1];

		o->rect[0] = o->rect[2];
		o->rect[1] = o->rect[3];
		o->rect[2] = x;
		o->rect[3] = y;
	} else if (after(word, "onto:", &rest)) {
		o->page = (unsigned)(*rest - '0');
	} else if (word[0] == 'P' && word[1] >= '1' && word[1] <= '3' && word[2] == '\0') {
		o->docmdp = word[1] - '0';
	} else if (strcmp(word, "pkcs7") == 0) {
		o->sub_filter = "adbe.pkcs7.detached";
	} else if (strcmp(word, "impostor") == 0) {
		o->signer = &d->f->impostor;
	} else if (strcmp(word, "unproven") == 0) {
		o->no_stamp = true;
	} else if (after(word, "into:", &rest)) {
		o->field = arena_printf(d->f->m->arena, "%s", rest);
	} else if (after(word, "lock:", &rest)) {
		o->lock =
		    arena_printf(d->f->m->arena, "<< /Type /SigFieldLock %s >>", lock_of(d, rest));
	} else if (after(word, "fieldmdp:", &rest)) {
		o->fieldmdp = lock_of(d, rest);
	} else {
		return false;
	}
	return true;
}

static unsigned
style_of(const char *word)
{
	static const struct {
		const char *word;
		unsigned style;
	} styles[] = {
	    {"kids", PAPER_KIDS},
	    {"flate", PAPER_FLATE},
	    {"dated", PAPER_DATED},
	    {"extended", PAPER_EXTENSIONS},
	    {"indirect", PAPER_INDIRECT},
	    {"faced", PAPER_FACE},
	    {"pageless", PAPER_NO_PAGE},
	    {"defaults", PAPER_DEFAULTS},
	    {"packed", PAPER_PACKED},
	};
	size_t i;

	for (i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (strcmp(word, styles[i].word) == 0)
			return styles[i].style;
	return UINT_MAX; /* "as:all" */
}

/* A note that is there before anybody signs. */
static void
note(struct paper *p)
{
	char path[32];
	unsigned number;

	paper_update(p);
	number = paper_put(p, 0,
	    "<< /Type /Annot /Subtype /Text /Rect [500 780 520 800] /Contents (Lihat) /F 4 >>");
	snprintf(path, sizeof(path), "#%u/Annots", sight_page(p->sight, 1));
	paper_set(p, path, "[%u 0 R]", number);
	paper_update_end(p);
}

/* What is not signing. */
static bool
errand(struct desk *d, char *word)
{
	static const double none[4] = {0, 0, 0, 0};
	const char *rest;
	char *value;
	double r[4];

	if (after(word, "field:", &rest)) {
		slot(d, r);
		paper_add_signature_field(d->p, rest, 1, r, NULL);
	} else if (after(word, "fields:", &rest)) {
		paper_add_signature_field(d->p, rest, 1, none, NULL);
	} else if (after(word, "text:", &rest)) {
		slot(d, r);
		paper_add_text_field(d->p, rest, 1, r, "-", NULL);
	} else if (after(word, "fill:", &rest)) {
		value = strchr(word, '=');
		if (value == NULL)
			return false;
		*value = '\0';
		paper_fill(d->p, rest, value + 1);
	} else if (strcmp(word, "stamp") == 0) {
		paper_stamp(d->p, &d->f->agency,
		    arena_printf(d->f->m->arena, "StempelWaktu%u", ++d->stamps), d->now);
		d->now += 3600;
	} else if (after(word, "field-over:", &rest)) {
		place(d, "over", r);
		paper_add_signature_field(d->p, rest, 1, r, NULL);
	} else if (after(word, "box:", &rest)) {
		slot(d, r);
		r[2] = r[0] + 12;
		r[3] = r[1] + 12;
		paper_add_box(d->p, rest, 1, r);
	} else if (after(word, "tick:", &rest)) {
		paper_tick(d->p, rest);
	} else if (after(word, "as:", &rest)) {
		d->p->style |= style_of(rest);
	} else if (strcmp(word, "note") == 0) {
		note(d->p);
	} else if (strcmp(word, "dss") == 0) {
		paper_dss(d->p, &d->f->agency, &d->f->signer, d->now);
		d->now += 3600;
	} else {
		return false;
	}
	return true;
}

static void
sign_all(struct forge *f, struct paper *p, const char *how, const struct places *places)
{
	static const char *const levels[] = {"B", "T", "LT", "LTA"};
	struct desk d = {.f = f, .p = p, .now = FORGE_SIGNED, .places = places};
	char *next = arena_printf(f->m->arena, "%s", how), *word;
	size_t i;

	while ((word = strsep(&next, " ")) != NULL) {
		if (*word == '\0')
			continue;
		for (i = 0; i < 4 && strcmp(word, levels[i]) != 0; i++)
			;
		if (i < 4)
			sign(&d, (enum agency_level)i);
		else if (!with(&d, word) && !manner(&d, word) && !errand(&d, word)) {
			fprintf(stderr, "# no such word: %s\n", word);
			maker_fail(f->m, RC_FORMAT);
		}
	}
}

void
deed_sign(struct forge *f, struct paper *p, const char *how)
{
	sign_all(f, p, how, &(struct places){"70 600 170 660", "70 500 80 512"});
}

/* --- editing --- */

struct script {
	struct paper *p;
	unsigned made[16], n;
	bool open; /* an update is being written */
	const char *amount;
};

/* $N of a signature's field or value, by the names that deed_sign() gives. */
static unsigned
signature(struct paper *p, char what, unsigned i)
{
	char name[32], path[32];
	unsigned field;

	snprintf(name, sizeof(name), "TandaTangan%u", i);
	field = sight_field(p->sight, name);
	snprintf(path, sizeof(path), "#%u/V", field);
	return what == 'F' ? field : sight_number(p->sight, path);
}

/* $N of a page: the page, its content, its first font or its first picture. */
static unsigned
part(struct paper *p, char what, unsigned i)
{
	unsigned page = sight_page(p->sight, i);
	char path[64];

	snprintf(path, sizeof(path), "#%u/%s", page,
	    what == 'C'   ? "Contents"
	    : what == 'T' ? "Resources/Font"
			  : "Resources/XObject");
	if (what == 'P')
		return page;
	return what == 'C' ? sight_number(p->sight, path) : sight_first(p->sight, path);
}

/* The text with what $ stands for in it. */
static char *
expand(struct script *s, const char *text)
{
	struct buf b;
	char *out;
	unsigned i;

	buf_init(&b, 4u << 20);
	for (; *text != '\0'; text++) {
		if (*text != '$' || text[1] == '\0') {
			buf_u8(&b, (uint8_t)*text);
			continue;
		}
		text++;
		i = text[1] >= '0' && text[1] <= '9' ? (unsigned)(text[1] - '0') : 0;
		if (*text >= '1' && *text <= '9') {
			buf_printf(&b, "%u", s->made[*text - '0']);
		} else if (strchr("PCTX", *text) != NULL) {
			buf_printf(&b, "%u", part(s->p, *text, i));
			text++;
		} else if (strchr("FV", *text) != NULL) {
			buf_printf(&b, "%u", signature(s->p, *text, i));
			text++;
		} else if (*text == 'A') {
			buf_str(&b, s->amount);
		} else if (*text == 'R') {
			buf_printf(&b, "%u", sight_number(s->p->sight, "Root"));
		} else if (*text == 'E') {
			buf_printf(&b, "%zu", s->p->l->out.len);
		} else if (*text == 'S') {
			buf_printf(&b, "%ju", (uintmax_t)s->p->l->startxref);
		} else if (*text == 'Z') {
			buf_printf(&b, "%u", s->p->l->size);
		} else if (*text == 'n') {
			buf_u8(&b, '\n');
		}
	}
	out = arena_printf(s->p->l->m->arena, "%s", buf_text(&b));
	buf_clear(&b);
	return out;
}

static void
line(struct script *s, char *text)
{
	struct paper *p = s->p;
	const char *rest = text;
	char *end;

	if (strcmp(text, "--") == 0 || after(text, "raw ", &rest)) {
		if (s->open)
			paper_update_end(p);
		s->open = false;
		if (text[0] == 'r')
			buf_str(&p->l->out, expand(s, rest));
		return;
	}
	if (!s->open)
		paper_update(p);
	s->open = true;
	if (after(text, "obj ", &rest)) {
		s->n++;
		s->made[s->n] = p->l->size;
		paper_put(p, 0, expand(s, rest));
	} else if (after(text, "stream ", &rest) && (end = strchr(text, '|')) != NULL) {
		*end++ = '\0';
		s->n++;
		s->made[s->n] = p->l->size;
		end = expand(s, end);
		paper_put_stream(p, 0, expand(s, rest), end, strlen(end));
	} else if (after(text, "set ", &rest) && (end = strchr(text + 4, ' ')) != NULL) {
		*end++ = '\0';
		paper_set(p, expand(s, rest), "%s", expand(s, end));
	} else if (after(text, "unset ", &rest)) {
		paper_unset(p, expand(s, rest));
	} else if (after(text, "again ", &rest)) {
		unsigned number = (unsigned)strtoul(expand(s, rest), NULL, 10);

		rest = strchr(expand(s, rest), ' ');
		paper_put(p, number, rest != NULL ? rest + 1 : "null");
	} else if (after(text, "free ", &rest) && p->l->nentries < LETTER_ENTRIES) {
		p->l->entries[p->l->nentries++] = (struct letter_entry){
		    .number = (unsigned)strtoul(expand(s, rest), NULL, 10), .free = true};
	} else if (strcmp(text, "nothing") != 0) {
		fprintf(stderr, "# no such line: %s\n", text);
		maker_fail(p->l->m, RC_FORMAT);
	}
}

static void
edit(struct script *s, const char *script)
{
	struct paper *p = s->p;
	char *lines = arena_printf(p->l->m->arena, "%s", script), *next, *at;

	for (at = lines; at != NULL && p->sight != NULL; at = next) {
		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		line(s, at);
	}
	if (s->open && p->sight != NULL)
		paper_update_end(p);
	s->open = false;
}

/* --- the whole --- */

/* Where tests/office/make says that things are; where it can't see, they are where
 * Ghostscript drew them. */
static void
find_places(struct maker *m, const char *office, struct places *out)
{
	char path[512], row[256];
	double r[8];
	FILE *f;

	*out = (struct places){"218 492 330 508", "340 340 348 352"}; /* on ours */
	snprintf(path, sizeof(path), "%s/office/letters.tsv", build());
	f = fopen(path, "re");
	while (f != NULL && fgets(row, sizeof(row), f) != NULL) {
		size_t len = strcspn(row, "\t");

		if (strlen(office) != len || strncmp(row, office, len) != 0 ||
		    numbers(row + len, r, 8) != 8)
			continue;
		*out = (struct places){"89 637 145 649", "72 566 79 578"};
		if (r[2] > 0)
			*out = (struct places){
			    arena_printf(m->arena, "%g %g %g %g", r[0], r[1], r[2], r[3]),
			    arena_printf(m->arena, "%g %g %g %g", r[4], r[5], r[6], r[7])};
	}
	if (f != NULL)
		fclose(f);
}

void
deed_make(struct forge *f, struct letter *l, const struct deed *d)
{
	struct paper p;
	struct places places;
	struct script script = {.p = &p};

	find_places(f->m, d->office, &places);
	script.amount = places.amount;
	deed_letter(f, l, d->office);
	paper_open(&p, l);
	if (d->before != NULL)
		edit(&script, d->before);
	sign_all(f, &p, d->how, &places);
	if (d->edit != NULL)
		edit(&script, d->edit);
	paper_close(&p);
	if (d->hand != NULL && letter_rc(l) == RC_OK)
		d->hand(f, l);
}

static bool
fits(const struct deed *d, const struct report *r)
{
	bool change = d->change == CHANGE__MAX, reason = d->reason == CHECK__NONE;
	size_t i, k;

	if (d->conclusion == CONCLUSION__MAX ? r->conclusion == CONCLUSION_VALID
					     : r->conclusion != d->conclusion)
		return false;
	if (r->nsigs == 0)
		return d->no_sig;
	for (i = 0; i < r->nsigs; i++) {
		const struct report_sig *s = &r->sigs[i];

		for (k = 0; k < s->nchanges; k++)
			change |= s->changes[k].kind == d->change;
		if (r->conclusion == CONCLUSION_VALID && s->kind == KIND_SIGNATURE &&
		    (s->strict.ind != IND_PASSED || s->integrity != INTEGRITY_INTACT ||
			s->coverage == COVERAGE_UNCLEAR || !s->modification_allowed))
			return false;
	}
	for (i = 0; i < r->nreasons; i++)
		reason |= r->reasons[i] == d->reason;
	for (i = 0; i < r->nchecks; i++)
		reason |= r->checks[i].id == d->reason && r->checks[i].result != RESULT_OK &&
			  r->checks[i].result != RESULT_NOT_APPLICABLE;
	return change && reason && (d->level == LEVEL__MAX || r->sigs[0].level == d->level);
}

static void
show(const struct deed *d, const struct report *r)
{
	size_t i, k;

	forge_show(d->name, r);
	for (i = 0; i < r->nsigs; i++)
		for (k = 0; k < r->sigs[i].nchanges; k++) {
			const struct report_change *c = &r->sigs[i].changes[k];

			fprintf(stderr, "#   %zu: r%u %s %s%s %s %s\n", i, c->revision,
			    modification_name(c->level), change_code(c->kind),
			    c->allowed ? "" : " (forbidden)",
			    c->place.path != NULL ? c->place.path : "-",
			    c->field != NULL ? c->field : "");
		}
	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].result == RESULT_FAIL || r->checks[i].result == RESULT_UNKNOWN)
			fprintf(stderr, "#   %s\n", check_name(r->checks[i].id));
}

static void
keep(const struct deed *d, const struct letter *l)
{
	const char *dir = getenv("DEED_KEEP"); /* NOLINT(concurrency-mt-unsafe): one thread */
	char path[512], *c;
	FILE *f;

	if (dir == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%s.pdf", dir, d->name);
	for (c = path + strlen(dir) + 1; *c != '\0'; c++)
		if (*c == '/' || *c == ' ')
			*c = '_';
	f = fopen(path, "we");
	if (f == NULL)
		return;
	fwrite(l->out.p, 1, l->out.len, f);
	fclose(f);
}

bool
deed_check(struct forge *f, struct easel *easel, const struct deed *d)
{
	struct painter painter;
	struct report *r = NULL;
	struct letter l;
	bool ok = false;

	memset(&l, 0, sizeof(l));
	deed_make(f, &l, d);
	if (letter_rc(&l) != RC_OK) {
		fprintf(stderr, "# %s: not made: %s\n", d->name, rc_str(letter_rc(&l)));
		f->m->rc = RC_OK; /* the next one may be made all the same */
		goto out;
	}
	painter = easel_put(easel, l.out.p, l.out.len);
	r = forge_verify_drawn(f->trust, l.out.p, l.out.len, "nasional", FORGE_AT, &painter);
	if (r == NULL)
		goto out;
	ok = fits(d, r);
	if (!ok) {
		show(d, r);
		keep(d, &l);
	}
out:
	report_free(r);
	letter_clear(&l);
	return ok;
}
