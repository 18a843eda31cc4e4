/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Splits CRLs by hand.  Entries stay where they are: a walk over them costs a
 * few nanoseconds each, so that an index pays only for a long list that is
 * asked about many certificates.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "crl.h"
#include "part.h"
#include "when.h"

#define INDEX_BYTES   (64u << 10) /* shorter lists are always walked */
#define INDEX_LOOKUPS 4           /* walks before a long list gets an index */

/* The last octets of a serial number, and where its entry begins. */
struct crl_key {
	uint64_t tail;
	uint32_t off;
};

/* The last arc of 2.5.29.x; -1 for other OIDs. */
static int
id_ce(struct der oid)
{
	return oid.len == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d ? oid.p[2] : -1;
}

/* IssuingDistributionPoint (RFC 5280, 5.2.5) */
static bool
parse_idp(struct crl *c, struct der value)
{
	struct der_tlv t;
	struct der seq;
	bool set;

	c->has_idp = true;
	if (!part_body(&value, DER_SEQUENCE, &seq) || value.len != 0)
		return false;
	while (seq.len != 0) {
		if (!der_next(&seq, &t))
			return false;
		if (t.tag == DER_CONTEXT(0)) {
			c->idp_point = t.body;
			continue;
		}
		if (t.tag == DER_CONTEXT_P(3)) {
			c->some_reasons = true;
			continue;
		}
		if (t.body.len != 1)
			return false;
		set = t.body.p[0] != 0;
		if (t.tag == DER_CONTEXT_P(1))
			c->only_user = set;
		else if (t.tag == DER_CONTEXT_P(2))
			c->only_ca = set;
		else if (t.tag == DER_CONTEXT_P(4))
			c->indirect = set;
		else if (t.tag == DER_CONTEXT_P(5))
			c->only_attribute = set;
		else
			return false;
	}
	return true;
}

static bool
parse_aki(struct crl *c, struct der value)
{
	struct der seq;

	if (!part_body(&value, DER_SEQUENCE, &seq) || value.len != 0)
		return false;
	if (der_peek(seq) == DER_CONTEXT_P(0))
		return part_body(&seq, DER_CONTEXT_P(0), &c->aki);
	return true;
}

static bool
parse_extension(struct crl *c, int arc, struct der value, bool critical)
{
	switch (arc) {
	case 20: /* cRLNumber */
		return true;
	case 27:
		c->delta = true;
		return true;
	case 28:
		return !c->has_idp && parse_idp(c, value);
	case 35:
		return parse_aki(c, value);
	case 60:
		return part_time(&value, &c->expired_certs) && value.len == 0;
	default:
		c->unknown_critical |= critical;
		return true;
	}
}

static bool
parse_extensions(struct crl *c, struct der list)
{
	struct extension e;
	uint64_t seen = 0, bit;
	int arc;

	if (!part_sole(list, DER_SEQUENCE, &list))
		return false;
	while (list.len != 0) {
		if (!part_extension(&list, &e))
			return false;
		arc = id_ce(e.oid);
		bit = arc >= 0 && arc < 64 ? UINT64_C(1) << arc : 0;
		if ((seen & bit) != 0 || !parse_extension(c, arc, e.value, e.critical))
			return false;
		seen |= bit;
	}
	return true;
}

/* SEQUENCE { serial, time, extensions OPTIONAL }; ext has len 0 if absent. */
static bool
get_entry(struct der *list, struct der *serial, int64_t *when, struct der *ext)
{
	struct der entry;

	ext->p = NULL;
	ext->len = 0;
	return part_body(list, DER_SEQUENCE, &entry) && part_body(&entry, DER_INTEGER, serial) &&
	       serial->len != 0 && part_time(&entry, when) &&
	       (entry.len == 0 || (part_body(&entry, DER_SEQUENCE, ext) && entry.len == 0));
}

/* reasonCode; false if malformed. *strange: a critical extension that changes the meaning. */
static bool
entry_extensions(struct der ext, int *reason, bool *strange)
{
	struct extension e;
	struct der code;

	*reason = -1;
	while (ext.len != 0) {
		if (!part_extension(&ext, &e))
			return false;
		if (id_ce(e.oid) == 21) {
			if (!part_sole(e.value, 0x0a, &code) || code.len != 1)
				return false;
			*reason = code.p[0];
		} else if (id_ce(e.oid) != 24) /* invalidityDate */
			*strange |= e.critical;
	}
	return true;
}

static bool
walk_entries(struct crl *c)
{
	struct der list = c->entries, serial, ext;
	int64_t when;
	int reason;

	while (list.len != 0)
		if (!get_entry(&list, &serial, &when, &ext) ||
		    !entry_extensions(ext, &reason, &c->unknown_critical))
			return false;
	return true;
}

static bool
parse_tbs(struct crl *c, struct der in, struct der *inner_alg)
{
	struct der box;
	int tag;

	if (der_peek(in) == DER_INTEGER && !part_body(&in, DER_INTEGER, &box)) /* version */
		return false;
	if (!part_whole(&in, DER_SEQUENCE, inner_alg) ||
	    !part_whole(&in, DER_SEQUENCE, &c->issuer) || !part_time(&in, &c->this_update))
		return false;
	tag = der_peek(in);
	if ((tag == DER_UTC_TIME || tag == DER_GENERALIZED_TIME) &&
	    !part_time(&in, &c->next_update))
		return false;
	if (der_peek(in) == DER_SEQUENCE && !part_body(&in, DER_SEQUENCE, &c->entries))
		return false;
	if (der_peek(in) == DER_CONTEXT(0) &&
	    (!part_body(&in, DER_CONTEXT(0), &box) || !parse_extensions(c, box)))
		return false;
	return in.len == 0 && walk_entries(c);
}

enum rc
crl_parse(struct crl *out, struct der der)
{
	struct crl c = {.next_update = WHEN_NONE, .expired_certs = WHEN_NONE};
	struct der inner_alg, in;
	struct der_tlv tbs;

	memset(out, 0, sizeof(*out));
	if (der.len > CAP_CRL)
		return RC_TOOBIG;
	if (!part_body(&der, DER_SEQUENCE, &in) || der.len != 0 ||
	    !der_expect(&in, DER_SEQUENCE, &tbs) || !parse_tbs(&c, tbs.body, &inner_alg) ||
	    !part_whole(&in, DER_SEQUENCE, &c.sig_alg) || !der_equal(c.sig_alg, inner_alg) ||
	    !part_octets(&in, &c.sig) || in.len != 0)
		return RC_FORMAT;
	c.tbs = tbs.whole;
	*out = c;
	return RC_OK;
}

/* Leading zeros don't count. */
static struct der
significant(struct der serial)
{
	while (serial.len > 1 && serial.p[0] == 0) {
		serial.p++;
		serial.len--;
	}
	return serial;
}

static uint64_t
tail_of(struct der serial)
{
	uint64_t v = 0;
	size_t i;

	serial = significant(serial);
	i = serial.len > 8 ? serial.len - 8 : 0;
	for (; i < serial.len; i++)
		v = v << 8 | serial.p[i];
	return v;
}

static int
key_cmp(const void *a, const void *b)
{
	const struct crl_key *x = a, *y = b;

	if (x->tail != y->tail)
		return x->tail < y->tail ? -1 : 1;
	return x->off < y->off ? -1 : x->off > y->off;
}

/* Without memory there is no index, and lists are walked. */
static void
build_index(struct crl *c, struct arena *a)
{
	struct der list = c->entries, serial, ext;
	size_t n = 0;
	int64_t when;

	while (list.len != 0 && get_entry(&list, &serial, &when, &ext))
		n++;
	if ((c->index = arena_array(a, n, sizeof(*c->index))) == NULL)
		return;
	for (list = c->entries; c->nindex < n; c->nindex++) {
		c->index[c->nindex].off = (uint32_t)(list.p - c->entries.p);
		if (!get_entry(&list, &serial, &when, &ext))
			break;
		c->index[c->nindex].tail = tail_of(serial);
	}
	qsort(c->index, c->nindex, sizeof(*c->index), key_cmp);
}

/* The first entry at the head of list, if it has that serial. */
static bool
entry_matches(struct der *list, struct der serial, struct crl_entry *out)
{
	struct der s, ext;
	bool strange = false;

	return get_entry(list, &s, &out->revoked_at, &ext) &&
	       der_equal(significant(s), significant(serial)) &&
	       entry_extensions(ext, &out->reason, &strange);
}

static bool
lookup_index(const struct crl *c, struct der serial, struct crl_entry *out)
{
	uint64_t tail = tail_of(serial);
	size_t lo = 0, hi = c->nindex, mid;
	struct der at;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (c->index[mid].tail < tail)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < c->nindex && c->index[lo].tail == tail; lo++) {
		at.p = c->entries.p + c->index[lo].off;
		at.len = c->entries.len - c->index[lo].off;
		if (entry_matches(&at, serial, out))
			return true;
	}
	return false;
}

bool
crl_lookup(struct crl *c, struct arena *a, struct der serial, struct crl_entry *out)
{
	struct der list = c->entries;

	if (c->index == NULL && list.len > INDEX_BYTES && ++c->lookups > INDEX_LOOKUPS)
		build_index(c, a);
	if (c->index != NULL)
		return lookup_index(c, serial, out);
	while (list.len != 0)
		if (entry_matches(&list, serial, out))
			return true;
	return false;
}
