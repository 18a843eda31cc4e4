/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host's state in one word: what a citizen wants to know of it. */
#include <stdio.h>

#include "json.h"
#include "sky.h"
#include "when.h"
#include "words.h"

#define SLOW_MS 1500 /* of the four seconds that a document waits */

enum state { STATE_ANSWERS, STATE_SLOW, STATE_USELESS, STATE_SILENT, STATE__MAX };

static const char *const names[STATE__MAX] = {"answers", "slow", "useless", "silent"};
static const char *const tones[STATE__MAX] = {"ok", "warning", "unknown", "unknown"};

static bool
said_something(enum lookup_outcome o)
{
	return o == LOOKUP_UNKNOWN || o == LOOKUP_NONSENSE || o == LOOKUP_UNAUTHENTIC ||
	       o == LOOKUP_STALE || o == LOOKUP_TOO_LARGE;
}

static enum state
state_of(const struct sky_host *h)
{
	if (h->failures > 0)
		return said_something(h->failure) ? STATE_USELESS : STATE_SILENT;
	return h->latency_ms > SLOW_MS ? STATE_SLOW : STATE_ANSWERS;
}

static const char *
word(const struct texts *t, const char *family, const char *member, const char *end)
{
	char key[64];
	const char *s;

	snprintf(key, sizeof(key), "%s.%s%s", family, member, end);
	s = texts_get(t, key);
	return s != NULL ? s : "";
}

const char *
sky_missing(const struct texts *t, char *key, size_t key_len)
{
	static const char *const ends[] = {"", "_never"};
	size_t i, k;

	for (i = 0; i < STATE__MAX; i++)
		for (k = 0; k < 2; k++) {
			/* Only who fails has perhaps never answered. */
			if (k == 1 && i != STATE_USELESS && i != STATE_SILENT)
				continue;
			snprintf(key, key_len, "sky.%s%s", names[i], ends[k]);
			if (texts_get(t, key) == NULL)
				return key;
		}
	return NULL;
}

/* "20 November 2026, 14.05.00 WIB (3 menit lalu)" */
static void
moment(struct fields *f, const struct texts *t, const char *key, int64_t when, int64_t now)
{
	struct buf b;

	if (when == WHEN_NONE)
		return;
	buf_init(&b, 512);
	words_time(&b, t, when);
	if (when <= now) {
		buf_str(&b, " (");
		words_age(&b, t, (uint64_t)(now - when));
		buf_u8(&b, ')');
	}
	fields_text(f, key, buf_text(&b));
	buf_clear(&b);
}

static void
count(struct fields *f, const struct texts *t, const char *key, uint32_t n)
{
	struct buf b;

	buf_init(&b, 64);
	words_number(&b, t, n);
	fields_text(f, key, buf_text(&b));
	buf_clear(&b);
}

static void
one(struct fields *f, const struct texts *t, const struct sky_host *h, int64_t now)
{
	enum state s = state_of(h);
	bool failing = s == STATE_USELESS || s == STATE_SILENT;
	const char *failure = lookup_outcome_name(h->failure);
	struct buf since;

	fields_text(f, "host", h->host);
	fields_text(f, "state", names[s]);
	fields_text(f, "host_look", tones[s]);
	buf_init(&since, 512);
	buf_str(
	    &since, word(t, "sky", names[s], failing && h->answered == WHEN_NONE ? "_never" : ""));
	if (failing && h->answered != WHEN_NONE) {
		buf_u8(&since, ' ');
		words_time(&since, t, h->answered);
	}
	fields_text(f, "state_words", buf_text(&since));
	buf_clear(&since);
	fields_flag(f, "has_failure", failing && failure != NULL);
	if (failure != NULL)
		fields_text(f, "failure", word(t, "outcome", failure, ""));
	fields_flag(f, "has_answered", h->answered != WHEN_NONE);
	moment(f, t, "answered", h->answered, now);
	fields_flag(f, "has_failed", h->failed != WHEN_NONE);
	moment(f, t, "failed", h->failed, now);
	fields_flag(f, "has_latency", h->latency_ms != 0);
	count(f, t, "latency", h->latency_ms);
	count(f, t, "answers", h->answers_24h);
	count(f, t, "failures", h->failures_24h);
	fields_flag(f, "has_retry", h->retry != WHEN_NONE && h->retry > now);
	if (h->retry > now)
		moment(f, t, "retry", h->retry, now);
}

void
sky_fields(struct fields *f, const struct texts *t, const struct sky *s)
{
	size_t i;

	fields_flag(f, "online", s->online);
	fields_flag(f, "unknown", s->online && !s->known);
	fields_flag(f, "nobody", s->online && s->known && s->n == 0);
	fields_flag(f, "has_hosts", s->n > 0);
	moment(f, t, "now", s->now, WHEN_NONE);
	for (i = 0; i < s->n; i++)
		one(fields_item(f, "hosts"), t, &s->hosts[i], s->now);
}

/* --- JSON --- */

static void
json_when(struct buf *b, const char *key, int64_t when)
{
	char text[WHEN_TEXT];

	if (when == WHEN_NONE)
		buf_printf(b, ",\"%s\":null", key);
	else
		buf_printf(b, ",\"%s\":\"%s\"", key, when_format(when, text));
}

static void
json_one(struct buf *b, const struct sky_host *h, int64_t now)
{
	enum state s = state_of(h);
	const char *failure = lookup_outcome_name(h->failure);

	buf_str(b, "{\"host\":");
	json_text(b, h->host);
	buf_printf(b, ",\"state\":\"%s\"", names[s]);
	json_when(b, "answered_at", h->answered);
	if (h->answered != WHEN_NONE && h->answered <= now)
		buf_printf(b, ",\"age_seconds\":%llu", (unsigned long long)(now - h->answered));
	else
		buf_str(b, ",\"age_seconds\":null");
	if (h->latency_ms != 0)
		buf_printf(b, ",\"latency_ms\":%u", h->latency_ms);
	else
		buf_str(b, ",\"latency_ms\":null");
	json_when(b, "failed_at", h->failed);
	if (failure != NULL && h->failed != WHEN_NONE)
		buf_printf(b, ",\"failure\":\"%s\"", failure);
	else
		buf_str(b, ",\"failure\":null");
	buf_printf(b, ",\"failures\":%u,\"answers_24h\":%u,\"failures_24h\":%u", h->failures,
	    h->answers_24h, h->failures_24h);
	json_when(b, "retry_at", h->retry > now ? h->retry : WHEN_NONE);
	buf_u8(b, '}');
}

void
sky_json(struct buf *b, const struct sky *s)
{
	size_t i;

	buf_str(b, "{\"schema\":\"periksa.status/1\"");
	json_when(b, "at", s->now);
	buf_printf(b, ",\"online\":%s,\"known\":%s,\"hosts\":[", s->online ? "true" : "false",
	    s->known ? "true" : "false");
	for (i = 0; i < s->n; i++) {
		if (i > 0)
			buf_u8(b, ',');
		json_one(b, &s->hosts[i], s->now);
	}
	buf_str(b, "]}");
}
