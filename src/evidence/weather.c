/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of the weather: a line that names the format and the time, then a line a
 * host.  Whoever could change it could only mislead about hosts, yet it is read as untrusted.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "caps.h"
#include "conf.h"
#include "io.h"
#include "source.h"
#include "weather.h"
#include "when.h"

#define FORMAT "periksa.weather/1"
#define FIELDS 10
#define NAME   (254 + 8) /* as guard_url.name, NUL included */

static bool
get_count(const char *s, uint32_t *out)
{
	uint32_t v = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || v > (UINT32_MAX - 9) / 10)
			return false;
		v = v * 10 + (uint32_t)(*s - '0');
	}
	*out = v;
	return true;
}

static bool
get_when(const char *s, int64_t *out)
{
	*out = WHEN_NONE;
	return strcmp(s, "-") == 0 || when_parse(s, out);
}

static bool
get_failure(const char *s, enum lookup_outcome *out)
{
	const char *name;
	int o;

	*out = LOOKUP_OPEN;
	if (strcmp(s, "-") == 0)
		return true;
	for (o = 0; o < LOOKUP__MAX; o++)
		if ((name = lookup_outcome_name((enum lookup_outcome)o)) != NULL &&
		    strcmp(name, s) == 0) {
			*out = (enum lookup_outcome)o;
			return true;
		}
	return false;
}

/* Letters, digits, and what an address has beside them. */
static bool
is_name(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len < NAME &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") == len;
}

/* One line: name, times, counts, with one space between. */
static enum rc
get_host(struct weather_host *h, struct arena *a, char *line)
{
	char *f[FIELDS];
	size_t n;

	for (n = 0; n < FIELDS && line != NULL; n++)
		f[n] = strsep(&line, " ");
	if (n < FIELDS || line != NULL || !is_name(f[0]) || !get_when(f[1], &h->answered) ||
	    !get_when(f[2], &h->failed) || !get_failure(f[3], &h->failure) ||
	    !get_count(f[4], &h->failures) || !get_count(f[5], &h->answers_24h) ||
	    !get_count(f[6], &h->failures_24h) || !get_count(f[7], &h->latency_ms) ||
	    !get_when(f[8], &h->retry) || strcmp(f[9], ".") != 0)
		return RC_FORMAT;
	h->host = arena_str(a, f[0], strlen(f[0]));
	return h->host != NULL ? RC_OK : RC_NOMEM;
}

enum rc
weather_parse(struct weather *out, struct arena *a, const char *text, size_t len)
{
	char *copy, *line, *first;
	enum rc rc = RC_OK;

	memset(out, 0, sizeof(*out));
	if (len == 0 || len > CAP_WEATHER || text[len - 1] != '\n' ||
	    memchr(text, '\0', len) != NULL)
		return RC_FORMAT;
	/* without its last line's end, so that no empty line follows it */
	if ((copy = arena_str(a, text, len - 1)) == NULL ||
	    (out->hosts = arena_array(a, CAP_HOSTS, sizeof(*out->hosts))) == NULL)
		return RC_NOMEM;
	line = strsep(&copy, "\n");
	first = strsep(&line, " ");
	if (strcmp(first, FORMAT) != 0 || line == NULL || !when_parse(line, &out->written))
		return RC_FORMAT;
	while (rc == RC_OK && (line = strsep(&copy, "\n")) != NULL) {
		rc = out->n < CAP_HOSTS ? get_host(&out->hosts[out->n], a, line) : RC_FORMAT;
		out->n++;
	}
	if (rc != RC_OK)
		memset(out, 0, sizeof(*out));
	return rc;
}

enum rc
weather_read(struct weather *out, struct arena *a, const char *path)
{
	struct source src;
	char *text;
	enum rc rc;
	int fd;

	memset(out, 0, sizeof(*out));
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if ((rc = source_open(&src, fd, 0, UINT64_MAX)) == RC_OK) {
		if (src.len > CAP_WEATHER)
			rc = RC_FORMAT;
		else if ((text = arena_alloc(a, src.len)) == NULL)
			rc = RC_NOMEM;
		else if ((rc = source_read(&src, 0, text, src.len)) == RC_OK)
			rc = weather_parse(out, a, text, src.len);
		source_close(&src);
	}
	io_close(&fd);
	return rc;
}

static const char *
put_when(int64_t t, char out[WHEN_TEXT])
{
	return t == WHEN_NONE ? "-" : when_format(t, out);
}

static enum rc
put_host(struct buf *b, const struct weather_host *h)
{
	char answered[WHEN_TEXT], failed[WHEN_TEXT], retry[WHEN_TEXT];
	const char *failure = lookup_outcome_name(h->failure);

	if (!is_name(h->host))
		return RC_FORMAT;
	buf_printf(b, "%s %s %s %s %u %u %u %u %s .\n", h->host, put_when(h->answered, answered),
	    put_when(h->failed, failed), failure != NULL ? failure : "-", h->failures,
	    h->answers_24h, h->failures_24h, h->latency_ms, put_when(h->retry, retry));
	return RC_OK;
}

enum rc
weather_format(const struct weather *w, struct buf *b)
{
	char written[WHEN_TEXT];
	enum rc rc = RC_OK;
	size_t i;

	if (w->n > CAP_HOSTS)
		return RC_TOOBIG;
	buf_printf(b, "%s %s\n", FORMAT, when_format(w->written, written));
	for (i = 0; rc == RC_OK && i < w->n; i++)
		rc = put_host(b, &w->hosts[i]);
	return rc != RC_OK ? rc : buf_rc(b);
}

enum rc
weather_write(const struct weather *w, int dir, const char *name)
{
	char beside[NAME_MAX + 1];
	struct buf b;
	int fd = -1, len;
	enum rc rc;

	buf_init(&b, CAP_WEATHER);
	if ((rc = weather_format(w, &b)) != RC_OK)
		goto out;
	rc = RC_IO;
	len = snprintf(beside, sizeof(beside), "%s.new", name);
	if (len < 0 || (size_t)len >= sizeof(beside))
		goto out;
	fd = openat(dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd == -1 || (rc = io_write_full(fd, b.p, b.len)) != RC_OK)
		goto out;
	rc = renameat(dir, beside, dir, name) == 0 ? RC_OK : RC_IO;
out:
	io_close(&fd);
	buf_clear(&b);
	return rc;
}
