/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams, ISO 32000-2, 7.3.8: where they end, and what their filters give. */
#include <string.h>

#include "caps.h"
#include "crypt.h"
#include "revision.h"
#include "stream.h"

static enum rc
value(struct doc *d, size_t section, const struct obj *o, const struct obj **out)
{
	if (o->type == OBJ_REF && section == NO_VIEW) {
		*out = &obj_null;
		return RC_FORMAT;
	}
	return revision_get(d, section, o, out);
}

enum rc
stream_raw(
    struct doc *d, size_t section, const struct obj *stream, struct pdf_bytes *raw, uint64_t *end)
{
	const struct obj *len;
	struct lex lx;
	struct token t;
	enum rc rc;

	raw->p = NULL;
	raw->len = 0;
	if (stream->type != OBJ_STREAM)
		return RC_FORMAT;
	if ((rc = value(d, section, obj_get(stream, "Length"), &len)) != RC_OK)
		return rc;
	if (len->type != OBJ_INT || len->u.i < 0 || (uint64_t)len->u.i > d->n - stream->u.d.body)
		return RC_FORMAT;
	lex_init(&lx, d->p, d->n, stream->u.d.body + (uint64_t)len->u.i);
	if (lx.pos < lx.len && lx.p[lx.pos] == '\r')
		lx.pos++;
	if (lx.pos < lx.len && lx.p[lx.pos] == '\n')
		lx.pos++;
	if (lx.pos == lx.len || lx.p[lx.pos] != 'e' || lex_next(&lx, &t) != TOK_WORD ||
	    !lex_is_word(&t, "endstream") || lex_next(&lx, &t) != TOK_WORD ||
	    !lex_is_word(&t, "endobj"))
		return RC_FORMAT;
	raw->p = d->p + stream->u.d.body;
	raw->len = (size_t)len->u.i;
	if (end != NULL)
		*end = t.end;
	return RC_OK;
}

static int64_t
param(const struct obj *parms, const char *key, int64_t dflt)
{
	const struct obj *o = obj_get(parms, key);

	return o->type == OBJ_INT ? o->u.i : dflt;
}

static enum rc
flate(struct doc *d, struct pdf_bytes in, const struct obj *parms, struct pdf_bytes *out)
{
	struct predictor pr = {.kind = param(parms, "Predictor", 1),
	    .colors = param(parms, "Colors", 1),
	    .bits = param(parms, "BitsPerComponent", 8),
	    .columns = param(parms, "Columns", 1)};
	struct pdf_bytes plain;
	enum rc rc;

	if ((rc = inflate_bytes(&d->inflater, d->arena, in, &d->budget, &plain)) != RC_OK)
		return rc;
	if (pr.kind == 1) {
		*out = plain;
		return RC_OK;
	}
	return inflate_unpredict(d->arena, plain, &pr, out);
}

static enum rc
filter(struct doc *d, const struct obj *name, const struct obj *parms, struct pdf_bytes in,
    struct pdf_bytes *out)
{
	if (obj_is_name(name, "FlateDecode") || obj_is_name(name, "Fl"))
		return flate(d, in, parms, out);
	if (obj_is_name(name, "ASCIIHexDecode") || obj_is_name(name, "AHx"))
		return inflate_hex(d->arena, in, out);
	if (obj_is_name(name, "ASCII85Decode") || obj_is_name(name, "A85"))
		return inflate_ascii85(d->arena, in, out);
	return name->type == OBJ_NAME ? RC_ABSENT : RC_FORMAT;
}

/* The i-th of an array, or the value itself for i 0. */
static enum rc
nth(struct doc *d, size_t section, const struct obj *o, uint32_t i, const struct obj **out)
{
	if (o->type != OBJ_ARRAY) {
		*out = i == 0 ? o : &obj_null;
		return RC_OK;
	}
	if (i >= o->n) {
		*out = &obj_null;
		return RC_OK;
	}
	return value(d, section, &o->u.items[i], out);
}

/* The crypt filter that a stream names, NULL for none: only the first filter can be one. */
static enum rc
crypt_filter(struct doc *d, size_t section, const struct obj *filters, const struct obj *parms,
    const struct obj **name)
{
	static const struct obj identity = {
	    .type = OBJ_NAME, .u.s = {(const uint8_t *)"Identity", 8}};
	const struct obj *first, *parm;
	enum rc rc;

	*name = NULL;
	if ((rc = nth(d, section, filters, 0, &first)) != RC_OK || !obj_is_name(first, "Crypt"))
		return rc;
	if ((rc = nth(d, section, parms, 0, &parm)) != RC_OK ||
	    (rc = value(d, section, obj_get(parm, "Name"), name)) != RC_OK)
		return rc;
	if ((*name)->type == OBJ_NULL)
		*name = &identity;
	return RC_OK;
}

static enum rc
plain(struct doc *d, size_t section, const struct obj *stream, const struct obj *filters,
    const struct obj *parms, struct pdf_bytes *out, bool *crypt)
{
	const struct obj *name;
	enum rc rc;

	*crypt = false;
	if ((rc = stream_raw(d, section, stream, out, NULL)) != RC_OK || d->crypt == NULL ||
	    section == NO_VIEW)
		return rc;
	if ((rc = crypt_filter(d, section, filters, parms, &name)) != RC_OK)
		return rc;
	*crypt = name != NULL;
	return crypt_stream(d->crypt, d, stream, name, out);
}

static enum rc
filters_of(struct doc *d, size_t section, const struct obj *stream, const struct obj **filters,
    const struct obj **parms)
{
	enum rc rc;

	if ((rc = value(d, section, obj_get(stream, "Filter"), filters)) != RC_OK)
		return rc;
	return value(d, section, obj_get(stream, "DecodeParms"), parms);
}

enum rc
stream_plain(struct doc *d, size_t section, const struct obj *stream, struct pdf_bytes *out)
{
	const struct obj *filters, *parms;
	bool crypt;
	enum rc rc;

	out->p = NULL;
	out->len = 0;
	if (d->crypt == NULL)
		return stream_raw(d, section, stream, out, NULL);
	if ((rc = filters_of(d, section, stream, &filters, &parms)) != RC_OK)
		return rc;
	return plain(d, section, stream, filters, parms, out, &crypt);
}

enum rc
stream_decode(struct doc *d, size_t section, const struct obj *stream, struct pdf_bytes *out)
{
	const struct obj *filters, *parms, *name, *parm;
	struct pdf_bytes data;
	uint32_t i, n;
	bool crypt;
	enum rc rc;

	out->p = NULL;
	out->len = 0;
	if ((rc = filters_of(d, section, stream, &filters, &parms)) != RC_OK ||
	    (rc = plain(d, section, stream, filters, parms, &data, &crypt)) != RC_OK)
		return rc;
	if (obj_get(stream, "F")->type != OBJ_NULL)
		return RC_ABSENT; /* its bytes are in another file */
	n = filters->type == OBJ_NULL ? 0 : filters->type == OBJ_ARRAY ? filters->n : 1;
	if (n > CAP_FILTERS)
		return RC_TOOBIG;
	for (i = crypt; i < n; i++) {
		if ((rc = nth(d, section, filters, i, &name)) != RC_OK ||
		    (rc = nth(d, section, parms, i, &parm)) != RC_OK ||
		    (rc = filter(d, name, parm, data, &data)) != RC_OK)
			return rc;
	}
	if (data.len > CAP_STREAM)
		return RC_TOOBIG;
	*out = data;
	return RC_OK;
}
