/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper's line about the anchors: "HEX demonstration|real recorded|unrecorded MILLISECONDS".
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "caps.h"
#include "io.h"
#include "web.h"

#define FRESH_MS     1000 /* a reload need not be seen sooner */
#define LINE_MAX_LEN 128

static bool
hex(const char *s, uint8_t out[32])
{
	static const char digits[] = "0123456789abcdef";
	const char *d;
	size_t i;

	for (i = 0; i < 64; i++) {
		if (s[i] == '\0' || (d = strchr(digits, s[i])) == NULL)
			return false;
		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (uint8_t)(d - digits));
	}
	return s[64] == ' ';
}

/* The word that s begins with is yes (true), no (false) or neither. */
static bool
either(const char **s, const char *yes, const char *no, char end, bool *out)
{
	size_t n = strcspn(*s, " \n");

	*out = n == strlen(yes) && memcmp(*s, yes, n) == 0;
	if ((!*out && (n != strlen(no) || memcmp(*s, no, n) != 0)) || (*s)[n] != end)
		return false;
	*s += n + 1;
	return true;
}

/* The number at the end of the line. */
static bool
number(const char *s, uint32_t *out)
{
	unsigned long n;
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	n = strtoul(s, &end, 10);
	*out = n < CAP_FETCH_WAIT_MS ? (uint32_t)n : CAP_FETCH_WAIT_MS;
	return strcmp(end, "\n") == 0;
}

static bool
parse(const char *line, struct web_trust *t, bool *demonstration)
{
	const char *s = line;

	memset(t, 0, sizeof(*t));
	*demonstration = false;
	if (!hex(s, t->id))
		return false;
	s += 65;
	return either(&s, "demonstration", "real", ' ', demonstration) &&
	       either(&s, "recorded", "unrecorded", ' ', &t->recorded) &&
	       number(s, &t->deadline_ms);
}

static void
look(struct web_trust *t)
{
	char line[LINE_MAX_LEN + 1] = "";
	bool demonstration = false;
	ssize_t n;
	int fd;

	memset(t, 0, sizeof(*t));
	if ((fd = open(web.trust_path, O_RDONLY | O_CLOEXEC)) != -1) {
		n = read(fd, line, LINE_MAX_LEN);
		line[n > 0 ? n : 0] = '\0';
		t->loaded = parse(line, t, &demonstration);
	}
	io_close(&fd);
	if (!t->loaded)
		memset(t, 0, sizeof(*t));
	web.site.demonstration = t->loaded && demonstration;
}

static struct web_trust last;
static long long until;

const struct web_trust *
web_trust_now(void)
{
	look(&last);
	until = io_now_ms() + FRESH_MS;
	return &last;
}

const struct web_trust *
web_trust(void)
{
	return last.loaded && io_now_ms() < until ? &last : web_trust_now();
}
