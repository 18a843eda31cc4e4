/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calendar arithmetic without the C library's time zone, clock or locale.
 * Days are counted from the era formula of the proleptic Gregorian calendar.
 */
#include <stdio.h>
#include <string.h>

#include "when.h"

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

int64_t
when_from_utc(int year, int month, int day, int hour, int minute, int second)
{
	int64_t y, era, yoe, doy, doe;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month) || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 60)
		return WHEN_NONE;
	y = month <= 2 ? year - 1 : year;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return (era * 146097 + doe - 719468) * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 +
	       second;
}

/* n decimal digits at *p; -1 unless there are that many. */
static int
digits(const uint8_t **p, size_t *left, size_t n)
{
	int v = 0;
	size_t i;

	if (*left < n)
		return -1;
	for (i = 0; i < n; i++) {
		if ((*p)[i] < '0' || (*p)[i] > '9')
			return -1;
		v = v * 10 + ((*p)[i] - '0');
	}
	*p += n;
	*left -= n;
	return v;
}

static bool
literal(const uint8_t **p, size_t *left, uint8_t c)
{
	if (*left == 0 || **p != c)
		return false;
	(*p)++;
	(*left)--;
	return true;
}

static bool
fraction(const uint8_t **p, size_t *left)
{
	if (!literal(p, left, '.'))
		return true;
	if (digits(p, left, 1) < 0)
		return false;
	while (digits(p, left, 1) >= 0)
		continue;
	return true;
}

/* Z, or +HH:MM with the given separator; seconds east of Greenwich. */
static bool
offset(const uint8_t **p, size_t *left, uint8_t sep, bool sep_needed, int *out)
{
	int sign, h, m = 0;

	*out = 0;
	if (literal(p, left, 'Z'))
		return true;
	if (literal(p, left, '+'))
		sign = 1;
	else if (literal(p, left, '-'))
		sign = -1;
	else
		return false;
	if ((h = digits(p, left, 2)) < 0 || h > 23)
		return false;
	if (literal(p, left, sep) || !sep_needed) {
		if (*left > 0 && (m = digits(p, left, 2)) < 0)
			return false;
	} else
		return false;
	if (m > 59)
		return false;
	*out = sign * (h * 3600 + m * 60);
	return true;
}

bool
when_parse(const char *s, int64_t *out)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t left = strlen(s);
	int y, mo, d, h, mi, se, off;
	int64_t t;

	*out = WHEN_NONE;
	if ((y = digits(&p, &left, 4)) < 0 || !literal(&p, &left, '-') ||
	    (mo = digits(&p, &left, 2)) < 0 || !literal(&p, &left, '-') ||
	    (d = digits(&p, &left, 2)) < 0)
		return false;
	if (left == 0) {
		*out = when_from_utc(y, mo, d, 0, 0, 0);
		return *out != WHEN_NONE;
	}
	if ((!literal(&p, &left, 'T') && !literal(&p, &left, 't') && !literal(&p, &left, ' ')) ||
	    (h = digits(&p, &left, 2)) < 0 || !literal(&p, &left, ':') ||
	    (mi = digits(&p, &left, 2)) < 0 || !literal(&p, &left, ':') ||
	    (se = digits(&p, &left, 2)) < 0 || !fraction(&p, &left) ||
	    !offset(&p, &left, ':', true, &off) || left != 0)
		return false;
	if ((t = when_from_utc(y, mo, d, h, mi, se)) == WHEN_NONE)
		return false;
	*out = t - off;
	return true;
}

bool
when_parse_pdf(const uint8_t *p, size_t len, int64_t *out)
{
	int part[6] = {0, 1, 1, 0, 0, 0}, v, off = 0;
	size_t left = len, i;
	int64_t t;

	*out = WHEN_NONE;
	if (literal(&p, &left, 'D') && !literal(&p, &left, ':'))
		return false;
	if ((part[0] = digits(&p, &left, 4)) < 0)
		return false;
	for (i = 1; i < 6 && left > 0 && *p >= '0' && *p <= '9'; i++) {
		if ((v = digits(&p, &left, 2)) < 0)
			return false;
		part[i] = v;
	}
	if (left > 0) {
		if (!offset(&p, &left, '\'', false, &off))
			return false;
		(void)literal(&p, &left, '\'');
		/* Some writers print Z00'00'. */
		if (left > 0 && (digits(&p, &left, 2) != 0 || !literal(&p, &left, '\'') ||
				    digits(&p, &left, 2) != 0))
			return false;
		(void)literal(&p, &left, '\'');
	}
	if (left != 0)
		return false;
	t = when_from_utc(part[0], part[1], part[2], part[3], part[4], part[5]);
	if (t == WHEN_NONE)
		return false;
	*out = t - off;
	return true;
}

bool
when_parse_asn1(int tag, const uint8_t *p, size_t len, int64_t *out)
{
	size_t left = len;
	int y, mo, d, h, mi, se = 0;

	*out = WHEN_NONE;
	if (tag == 23) {
		if ((y = digits(&p, &left, 2)) < 0)
			return false;
		y += y < 50 ? 2000 : 1900;
	} else if (tag != 24 || (y = digits(&p, &left, 4)) < 0)
		return false;
	if ((mo = digits(&p, &left, 2)) < 0 || (d = digits(&p, &left, 2)) < 0 ||
	    (h = digits(&p, &left, 2)) < 0 || (mi = digits(&p, &left, 2)) < 0)
		return false;
	if (left > 0 && *p != 'Z' && (se = digits(&p, &left, 2)) < 0)
		return false;
	if (tag == 24 && !fraction(&p, &left))
		return false;
	if (!literal(&p, &left, 'Z') || left != 0)
		return false;
	*out = when_from_utc(y, mo, d, h, mi, se);
	return *out != WHEN_NONE;
}

const char *
when_format(int64_t t, char out[WHEN_TEXT])
{
	int64_t days, era, doe, yoe, doy, mp, y, secs;
	int m, d;

	out[0] = '\0';
	/* Years 1 to 9999; everything else has no four-digit year. */
	if (t < -62135596800 || t > 253402300799)
		return out;
	days = (t >= 0 ? t : t - 86399) / 86400;
	secs = t - days * 86400;
	days += 719468;
	era = days / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	d = (int)(doy - (153 * mp + 2) / 5 + 1);
	m = (int)(mp < 10 ? mp + 3 : mp - 9);
	y = yoe + era * 400 + (m <= 2);
	/* The remainders change nothing; they show the compiler how long the text gets. */
	snprintf(out, WHEN_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)y % 10000,
	    (unsigned)m % 100, (unsigned)d % 100, (unsigned)(secs / 3600) % 24,
	    (unsigned)(secs / 60) % 60, (unsigned)secs % 60);
	return out;
}
