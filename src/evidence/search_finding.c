/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search comes to: the host's own words, kept, or why there are none. */
#include <stdlib.h>
#include <string.h>

#include "search_part.h"
#include "when.h"

void
finding_clear(struct finding *f)
{
	free(f->url);
	cache_release(f->entry);
	*f = (struct finding){.asked = WHEN_NONE, .retry = WHEN_NONE};
}

void
finding_set(struct finding *f, enum lookup_outcome o, int64_t asked, int64_t retry, const char *url)
{
	finding_clear(f);
	f->outcome = o;
	f->asked = asked;
	f->retry = retry;
	if (url != NULL && (f->url = strdup(url)) == NULL)
		f->outcome = LOOKUP_NOBODY;
}

void
finding_copy(struct finding *out, const struct finding *in)
{
	*out = (struct finding){.outcome = in->outcome, .asked = in->asked, .retry = in->retry};
	if (in->url != NULL && (out->url = strdup(in->url)) == NULL)
		out->outcome = LOOKUP_NOBODY;
	else if (in->entry != NULL)
		out->entry = cache_hold(in->entry);
}

void
finding_from_entry(struct finding *f, struct cache_entry *e)
{
	finding_set(f, LOOKUP_ANSWERED, e->asked, e->until, e->url);
	f->entry = e; /* transferred */
	if (f->outcome != LOOKUP_ANSWERED)
		finding_clear(f);
}
