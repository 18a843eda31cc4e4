/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in words: month names, zone and decimal point come from the texts. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "when.h"
#include "words.h"

/* Western Indonesia Time, which has no summer time; "time.zone" names it. */
#define ZONE_SECONDS (7 * 3600)

static const char *
word(const struct texts *t, const char *key)
{
	const char *s = texts_get(t, key);

	return s != NULL ? s : "";
}

void
words_time(struct buf *b, const struct texts *t, int64_t when)
{
	char key[24];
	struct tm tm;
	time_t local;

	if (when == WHEN_NONE || when > INT64_MAX - ZONE_SECONDS)
		return;
	local = (time_t)(when + ZONE_SECONDS);
	if (gmtime_r(&local, &tm) == NULL)
		return;
	snprintf(key, sizeof(key), "month.%d", tm.tm_mon + 1);
	buf_printf(b, "%d %s %lld, %02d%s%02d%s%02d %s", tm.tm_mday, word(t, key),
	    tm.tm_year + 1900LL, tm.tm_hour, word(t, "time.separator"), tm.tm_min,
	    word(t, "time.separator"), tm.tm_sec, word(t, "time.zone"));
}

void
words_day(struct buf *b, const struct texts *t, const char *day)
{
	char key[24];
	struct tm tm;
	time_t when;
	int64_t at;

	if (strnlen(day, 11) != 10 || !when_parse(day, &at))
		return;
	when = (time_t)at;
	if (gmtime_r(&when, &tm) == NULL)
		return;
	snprintf(key, sizeof(key), "month.%d", tm.tm_mon + 1);
	buf_printf(b, "%d %s %lld", tm.tm_mday, word(t, key), tm.tm_year + 1900LL);
}

void
words_age(struct buf *b, const struct texts *t, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		const char *one, *more;
	} units[] = {{86400, "age.day", "age.days"}, {3600, "age.hour", "age.hours"},
	    {60, "age.minute", "age.minutes"}, {1, "age.second", "age.seconds"}};
	uint64_t n;
	size_t i = 0;

	while (i < 3 && seconds < units[i].seconds)
		i++;
	n = seconds / units[i].seconds;
	words_number(b, t, n);
	buf_printf(b, " %s %s", word(t, n == 1 ? units[i].one : units[i].more), word(t, "age.ago"));
}

void
words_number(struct buf *b, const struct texts *t, uint64_t n)
{
	char digits[24];
	int i, len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_str(b, word(t, "number.group"));
		buf_u8(b, (uint8_t)digits[i]);
	}
}

void
words_size(struct buf *b, const struct texts *t, uint64_t bytes)
{
	const char *unit = word(t, "size.kb");
	uint64_t tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024;

	if (bytes < 1024) {
		buf_printf(b, "%llu %s", (unsigned long long)bytes, word(t, "size.bytes"));
		return;
	}
	if (tenths >= 10240) {
		tenths /= 1024;
		unit = word(t, "size.mb");
	}
	buf_printf(b, "%llu", (unsigned long long)(tenths / 10));
	if (tenths < 1000 && tenths % 10 != 0)
		buf_printf(b, "%s%llu", word(t, "number.point"), (unsigned long long)(tenths % 10));
	buf_printf(b, " %s", unit);
}
