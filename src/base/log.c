/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines for the operator, each by one write() so that processes don't mix theirs. */
#define _GNU_SOURCE /* strerror_r() that returns the text */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define LINE 1024

static const char *log_prefix = "periksa";

void
log_name(const char *name)
{
	log_prefix = name;
}

/* Printable ASCII and UTF-8 octets stay; the rest becomes \xNN.  Returns octets put. */
static size_t
escape(char *out, size_t max, const char *s)
{
	size_t n = 0;
	unsigned char c;

	for (; *s != '\0'; s++) {
		c = (unsigned char)*s;
		if (c >= 0x20 && c != 0x7f && c != '\\') {
			if (max - n < 1)
				break;
			out[n++] = (char)c;
		} else {
			if (max - n < 5)
				break;
			n += (size_t)snprintf(out + n, 5, "\\x%02x", c);
		}
	}
	return n;
}

static void __attribute__((format(printf, 3, 0)))
put(const char *level, int err, const char *fmt, va_list ap)
{
	char text[LINE], line[2 * LINE], why[128];
	size_t n;
	ssize_t put_len;

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		return;
	n = (size_t)snprintf(line, LINE / 2, "%s: %s", log_prefix, level);
	n += escape(line + n, sizeof(line) - n - sizeof(why) - 4, text);
	if (err != 0)
		n += (size_t)snprintf(
		    line + n, sizeof(why), ": %s", strerror_r(err, why, sizeof(why)));
	line[n++] = '\n';
	put_len = write(STDERR_FILENO, line, n);
	(void)put_len; /* there is nobody left to tell */
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put("", 0, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	put("warning: ", saved, fmt, ap);
	va_end(ap);
	errno = saved;
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put("warning: ", 0, fmt, ap);
	va_end(ap);
}
