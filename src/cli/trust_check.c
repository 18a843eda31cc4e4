/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa trust check: the folder against its list, its history and the calendar. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "json.h"
#include "trust_order.h"
#include "when.h"

#define DAY ((int64_t)24 * 3600)

struct findings {
	const struct trust_order *order;
	struct trust_folder *folder;
	struct buf out;
	size_t wrong;
};

/* One line about a file, or about the whole set (NULL). */
static void __attribute__((format(printf, 4, 5)))
say(struct findings *s, bool wrong, const char *file, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->wrong += wrong;
	if (!s->order->json) {
		buf_printf(&s->out, "%-5s  %s%s%s\n", wrong ? "WRONG" : "note",
		    file != NULL ? file : "", file != NULL ? ": " : "", text);
		return;
	}
	buf_printf(
	    &s->out, "{\"kind\":\"finding\",\"wrong\":%s,\"file\":", wrong ? "true" : "false");
	if (file != NULL)
		json_text(&s->out, file);
	else
		buf_str(&s->out, "null");
	buf_str(&s->out, ",\"text\":");
	json_text(&s->out, text);
	buf_str(&s->out, "}\n");
}

/* What loading had to say: each line is a certificate that is not trusted. */
static void
check_load(struct findings *s)
{
	const char *p = buf_text(&s->folder->log);
	int len;

	for (; *p != '\0'; p += len + (p[len] == '\n')) {
		len = (int)strcspn(p, "\n");
		if (strncmp(p, "trust: ", 7) == 0)
			say(s, true, NULL, "%.*s", len - 7, p + 7);
		else
			say(s, true, NULL, "%.*s", len, p);
	}
	if (s->folder->trust == NULL)
		say(s, true, NULL, "no anchor is loaded: no letter can be confirmed");
}

/* --- the history --- */

static const struct trust_entry *
entry_of(const struct trust_conf *c, const uint8_t sha256[32])
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (memcmp(c->v[i].sha256, sha256, 32) == 0)
			return &c->v[i];
	return NULL;
}

static bool
is_there(const struct trust_line *line)
{
	return line != NULL && line->event != TRUST_REMOVED;
}

static void
check_certificates(struct findings *s)
{
	const struct trust_history *h = s->folder->history;
	const struct trust_conf *c = s->folder->conf;
	const struct trust_line *line;
	size_t i;

	for (i = 0; i < c->n; i++) {
		line = trust_history_find(h, c->v[i].sha256);
		if (line == NULL)
			say(s, true, c->v[i].file, "listed, but its history doesn't know it");
		else if (!is_there(line))
			say(s, true, c->v[i].file, "listed, but it was removed: %s", line->why);
	}
	for (i = 0; i < h->n; i++)
		if (h->v[i].event != TRUST_LISTED && is_there(&h->v[i]) &&
		    trust_history_find(h, h->v[i].sha256) == &h->v[i] &&
		    entry_of(c, h->v[i].sha256) == NULL)
			say(s, true, NULL, "%s: in the history, but listed no more", h->v[i].name);
}

static void
check_history(struct findings *s)
{
	const struct trust_folder *f = s->folder;

	if (f->text == NULL) {
		say(s, false, NULL,
		    "no " TRUST_CONF ": every certificate here is an anchor for everything, and "
		    "there is no record");
		return;
	}
	if (!f->has_history || (f->history->n == 0 && f->history->broken == 0)) {
		say(s, true, NULL,
		    "not recorded: `periksa trust check --record --approved-by NAME` begins a "
		    "history");
		return;
	}
	if (f->history->broken != 0)
		say(s, true, TRUST_HISTORY,
		    "line %zu is not as it was written: edited, cut, or another's",
		    f->history->broken);
	check_certificates(s);
	if (f->trust != NULL && f->trust->recorded == TRUST_RECORD_DIFFERS)
		say(s, true, NULL,
		    "the anchors, their purposes or dates are not those that were recorded last");
}

/* --- the calendar --- */

static int64_t
ends(const struct trust_folder *f, const struct trust_entry *e)
{
	int64_t end = trust_entry_end(e), own = WHEN_NONE;
	size_t i;

	for (i = 0; f->trust != NULL && i < f->trust->anchors.n; i++)
		if (memcmp(f->trust->anchors.v[i].cert->sha256, e->sha256, 32) == 0)
			own = f->trust->anchors.v[i].cert->not_after;
	for (i = 0; f->trust != NULL && i < f->trust->nhelpers; i++)
		if (memcmp(f->trust->helpers[i]->sha256, e->sha256, 32) == 0)
			own = f->trust->helpers[i]->not_after;
	return end == WHEN_NONE || (own != WHEN_NONE && own < end) ? own : end;
}

static void
check_dates(struct findings *s, const struct trust_entry *e)
{
	int64_t end = ends(s->folder, e), now = s->order->now;
	char text[WHEN_TEXT];

	when_format(end, text);
	if (e->from != WHEN_NONE && e->from > now)
		say(s, false, e->file, "is not trusted before %s", when_format(e->from, text));
	else if (end != WHEN_NONE && end <= now)
		say(s, false, e->file, "ended on %s: only what is proven to be older counts", text);
	else if (end != WHEN_NONE && end - now < TRUST_SOON)
		say(s, false, e->file, "ends on %s, in %" PRId64 " days", text, (end - now) / DAY);
}

/* A trust list is only as good as its last reading: the next one was promised for a day. */
static void
check_lists(struct findings *s)
{
	const struct trust_history *h = s->folder->history;
	char text[WHEN_TEXT];
	const char *next;
	int64_t until;
	size_t i, j;

	for (i = 0; i < h->n; i++) {
		if (h->v[i].event != TRUST_LISTED)
			continue;
		for (j = i + 1; j < h->n; j++)
			if (h->v[j].event == TRUST_LISTED &&
			    strcmp(h->v[j].name, h->v[i].name) == 0)
				break;
		if (j < h->n || (next = strstr(h->v[i].why, TRUST_NEXT)) == NULL)
			continue; /* read again since */
		(void)snprintf(text, sizeof(text), "%.20s", next + strlen(TRUST_NEXT));
		if (when_parse(text, &until) && until <= s->order->now)
			say(s, false, NULL,
			    "the trust list %s was to be renewed by %s: import it again",
			    h->v[i].name, text);
	}
}

static void
check_entries(struct findings *s)
{
	const struct trust_conf *c = s->folder->conf;
	size_t i;

	for (i = 0; i < c->n; i++) {
		check_dates(s, &c->v[i]);
		if (c->v[i].approved == NULL || strncmp(c->v[i].approved, "to be ", 6) == 0)
			say(s, false, c->v[i].file, "nobody has approved it yet");
		if (c->v[i].source == NULL)
			say(s, false, c->v[i].file, "does not say where it comes from");
	}
	check_lists(s);
	if (faccessat(s->folder->fd, ".periksa.new", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		say(s, false, NULL, "a change broke off; the next one clears what it left");
}

/* --- beginning a history --- */

static void
record_line(const struct trust_order *o, struct trust_line *line, const uint8_t sha256[32],
    enum trust_event event, const char *name)
{
	memset(line, 0, sizeof(*line));
	line->at = o->now;
	line->event = event;
	memcpy(line->sha256, sha256, 32);
	line->name = name;
	line->who = o->approved_by;
	line->why = event == TRUST_REMOVED ? "was gone when the set was recorded"
					   : "was there when the set was recorded";
}

static int
record_set(const struct trust_order *o, struct trust_folder *f)
{
	const struct trust_history *h = f->history;
	struct trust_line *v;
	size_t i, n = 0;
	enum rc rc;

	if ((v = arena_array(f->arena, f->conf->n + h->n, sizeof(*v))) == NULL)
		return cli_fail("trust: %s", rc_str(RC_NOMEM));
	for (i = 0; i < h->n; i++)
		if (h->v[i].event != TRUST_LISTED && is_there(&h->v[i]) &&
		    trust_history_find(h, h->v[i].sha256) == &h->v[i] &&
		    entry_of(f->conf, h->v[i].sha256) == NULL)
			record_line(o, &v[n++], h->v[i].sha256, TRUST_REMOVED, h->v[i].name);
	for (i = 0; i < f->conf->n; i++)
		record_line(o, &v[n++], f->conf->v[i].sha256, TRUST_RECORDED,
		    f->conf->v[i].name != NULL ? f->conf->v[i].name : f->conf->v[i].file);
	if ((rc = trust_folder_record(f, v, n)) != RC_OK)
		return cli_fail("trust: " TRUST_HISTORY ": %s", rc_str(rc));
	return CLI_OK;
}

static int
record(const struct trust_order *o, struct trust_folder *f)
{
	if (o->approved_by == NULL)
		return cli_usage("trust", "trust check --record: --approved-by is needed");
	if (f->text == NULL)
		return cli_fail("trust: %s has no " TRUST_CONF ", and needs no record", f->path);
	if (f->history->broken != 0)
		return cli_fail("trust: " TRUST_HISTORY " is broken at line %zu: find out why, and "
				"keep it somewhere else",
		    f->history->broken);
	if (f->trust == NULL)
		return cli_fail("trust: %s has no anchor to be recorded", f->path);
	return record_set(o, f);
}

int
trust_check(void *order)
{
	const struct trust_order *o = order;
	struct trust_folder *f = o->folder;
	struct findings s = {.order = o, .folder = f};
	int status;
	enum rc rc;

	if (o->approved_by != NULL && !o->record)
		return cli_usage("trust", "trust check: --approved-by goes with --record");
	if (o->record && (status = record(o, f)) != CLI_OK)
		return status;
	buf_init(&s.out, CAP_TRUST_FILE);
	check_load(&s);
	check_history(&s);
	check_entries(&s);
	if (!o->json && f->trust != NULL) {
		buf_str(&s.out, "set    ");
		buf_hex(&s.out, f->trust->id, 32);
		buf_printf(&s.out, ": %s\n", trust_record_text(f->trust->recorded));
	} else if (f->trust != NULL) {
		buf_str(&s.out, "{\"kind\":\"set\",\"id\":\"");
		buf_hex(&s.out, f->trust->id, 32);
		buf_str(&s.out, "\",\"record\":");
		json_text(&s.out, trust_record_text(f->trust->recorded));
		buf_str(&s.out, "}\n");
	}
	if ((rc = buf_rc(&s.out)) == RC_OK)
		(void)fwrite(s.out.p, 1, s.out.len, stdout);
	buf_clear(&s.out);
	if (rc != RC_OK)
		return cli_fail("trust: %s", rc_str(rc));
	return cli_done(s.wrong == 0 ? CLI_OK : CLI_NOT_VALID);
}
