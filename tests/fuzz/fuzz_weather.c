/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A weather that is understood can be written, and read again as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "weather.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(8u << 20);
	struct weather w, again;
	struct buf b;
	size_t i;

	buf_init(&b, 2 * CAP_WEATHER);
	if (a != NULL && weather_parse(&w, a, (const char *)data, len) == RC_OK) {
		if (weather_format(&w, &b) != RC_OK)
			abort();
		if (b.len <= CAP_WEATHER) {
			if (weather_parse(&again, a, (const char *)b.p, b.len) != RC_OK ||
			    again.n != w.n || again.written != w.written)
				abort();
			for (i = 0; i < w.n; i++)
				if (strcmp(w.hosts[i].host, again.hosts[i].host) != 0 ||
				    w.hosts[i].retry != again.hosts[i].retry)
					abort();
		}
	}
	buf_clear(&b);
	arena_free(a);
	return 0;
}
