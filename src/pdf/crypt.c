/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One key opens a file; strings and streams are decrypted when their object is
 * read, so that the rest of this room never meets a cipher.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "crypt.h"
#include "crypt_key.h"
#include "revision.h"

/* A key and cipher of one object. */
struct object_key {
	enum method method;
	struct rc4 rc4;
	bool ready;
};

/* --- the life of a key --- */

static void
crypt_free(struct crypt *c)
{
	if (c == NULL)
		return;
	cipher_free(c->cipher);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

static enum rc
crypt_new(struct crypt **out)
{
	struct crypt *c;
	enum rc rc;

	*out = NULL;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return RC_NOMEM;
	if ((rc = cipher_new(&c->cipher)) == RC_OK)
		*out = c;
	else
		crypt_free(c);
	return rc;
}

void
keyring_clear(struct keyring *ring)
{
	unsigned i;

	for (i = 0; i < ring->n; i++)
		crypt_free(ring->tried[i].crypt);
	memset(ring, 0, sizeof(*ring));
}

/* --- finding the key of a document --- */

/* The dictionary of the revision that ends with this section, obj_null if none. */
static enum rc
dictionary(struct doc *d, size_t section, const struct obj **out)
{
	const struct obj *o = obj_get(&d->sections[section].trailer, "Encrypt");
	struct def *def;

	*out = o;
	if (o->type != OBJ_REF)
		return o->type == OBJ_NULL || o->type == OBJ_DICT ? RC_OK : RC_FORMAT;
	*out = &obj_null;
	/* In an object stream it would be encrypted with itself. */
	def = revision_def(d, section, o->u.ref.num);
	if (def != NULL && def->type == DEF_PACKED)
		return RC_FORMAT;
	return revision_get(d, section, o, out);
}

/* One dictionary for all revisions: a file whose parts have different keys is read by none. */
static enum rc
one_dictionary(struct doc *d, const struct obj **out)
{
	const struct obj *o;
	bool first = true;
	size_t i;
	enum rc rc;

	*out = &obj_null;
	for (i = 0; i < d->nsections; i++) {
		if (!doc_ends_revision(d, i))
			continue;
		if ((rc = dictionary(d, i, &o)) == RC_NOMEM)
			return rc;
		if (rc != RC_OK || (!first && !revision_equal(*out, o, 0))) {
			d->reencrypted = true;
			return doc_fail(d, PDF_E2_ENCRYPT, d->sections[i].off);
		}
		*out = o;
		first = false;
	}
	return RC_OK;
}

size_t
crypt_changed(struct doc *d, size_t section)
{
	const struct obj *a, *b;
	size_t i;

	if (!d->reencrypted)
		return SIZE_MAX;
	while (!doc_ends_revision(d, section))
		section++;
	if (dictionary(d, section, &a) != RC_OK)
		return section;
	for (i = section + 1; i < d->nsections; i++) {
		if (doc_ends_revision(d, i) &&
		    (dictionary(d, i, &b) != RC_OK || !revision_equal(a, b, 0)))
			return i;
	}
	return SIZE_MAX;
}

/* /ID of the newest trailer that has one: its strings are not encrypted. */
static struct pdf_bytes
identifier(const struct doc *d)
{
	struct pdf_bytes none = {NULL, 0};
	const struct obj *id;
	size_t i;

	for (i = d->nsections; i > 0; i--) {
		id = obj_get(&d->sections[i - 1].trailer, "ID");
		if (id->type == OBJ_ARRAY && id->n > 0 && id->u.items[0].type == OBJ_STRING)
			return id->u.items[0].u.s;
	}
	return none;
}

/* The dictionary among those that were tried, or tried now; NULL if there were too many. */
static enum rc
find(struct crypt **out, struct keyring *ring, const struct obj *dict, struct pdf_bytes id)
{
	unsigned i;
	enum rc rc;

	*out = NULL;
	for (i = 0; i < ring->n; i++) {
		if (revision_equal(ring->tried[i].dict, dict, 0) &&
		    bytes_eq(ring->tried[i].id, id)) {
			*out = ring->tried[i].crypt;
			return RC_OK;
		}
	}
	if (i == CAP_KEY_TRIES)
		return RC_OK;
	if ((rc = crypt_new(out)) != RC_OK)
		return rc;
	ring->tried[i].dict = dict;
	ring->tried[i].id = id;
	ring->tried[i].crypt = *out;
	ring->n++;
	return crypt_open(*out, dict, id, ring->password);
}

enum rc
crypt_unlock(struct doc *d, struct keyring *ring)
{
	const struct obj *dict;
	struct crypt *c;
	enum rc rc;

	if (!d->encrypted)
		return RC_OK;
	if ((rc = one_dictionary(d, &dict)) != RC_OK)
		return rc == RC_FORMAT ? RC_OK : rc;
	if ((rc = find(&c, ring, dict, identifier(d))) != RC_OK || c == NULL)
		return rc;
	if (!c->known) {
		doc_warn(d, PDF_E1_HANDLER, UINT64_MAX);
		return RC_OK;
	}
	if (c->bad_perms)
		doc_warn(d, PDF_E3_PERMS, UINT64_MAX);
	/* Where only attached files are closed, the rest is read without a key. */
	if (c->open || (c->strings == METHOD_NONE && c->streams == METHOD_NONE))
		d->crypt = c;
	d->wrong_password = !c->open && ring->password != NULL && ring->password->len != 0;
	return RC_OK;
}

/* --- strings and streams --- */

/* A cipher fails for want of memory; readers tell that from a broken object. */
static enum rc
ours(enum rc rc)
{
	return rc == RC_CRYPTO ? RC_NOMEM : rc;
}

/* Algorithm 1 and 1.A. */
static enum rc
object_key(struct crypt *c, struct object_key *k, uint32_t num, uint32_t gen)
{
	const uint8_t no[5] = {(uint8_t)num, (uint8_t)(num >> 8), (uint8_t)(num >> 16),
	    (uint8_t)gen, (uint8_t)(gen >> 8)};
	const struct pdf_bytes in[] = {{c->key, c->key_len}, {no, 5},
	    {(const uint8_t *)"sAlT", k->method == METHOD_AESV2 ? 4 : 0}};
	size_t len = c->key_len + 5 < 16 ? c->key_len + 5 : 16;
	uint8_t key[CIPHER_DIGEST];
	enum rc rc = RC_OK;

	k->ready = true;
	if (k->method == METHOD_AESV3)
		return cipher_aes_key(c->cipher, false, c->key, KEY_MAX);
	if ((rc = cipher_md5(c->cipher, in, 3, key)) == RC_OK) {
		if (k->method == METHOD_RC4)
			rc4_init(&k->rc4, key, len);
		else
			rc = cipher_aes_key(c->cipher, false, key, 16);
	}
	explicit_bzero(key, sizeof(key));
	return rc;
}

/* Octets with the key that was prepared; the result is a copy. */
static enum rc
decrypt(struct crypt *c, struct arena *arena, const struct object_key *k, struct pdf_bytes *b)
{
	struct rc4 rc4;
	uint8_t *out;
	size_t len = b->len, i;
	enum rc rc;

	if (len == 0)
		return RC_OK;
	if (k->method != METHOD_RC4 && (len < 2 * CIPHER_BLOCK || len % CIPHER_BLOCK != 0))
		return RC_FORMAT;
	if (len > INT32_MAX)
		return RC_TOOBIG;
	if ((out = arena_alloc(arena, len)) == NULL)
		return RC_NOMEM;
	if (k->method == METHOD_RC4) {
		rc4 = k->rc4;
		rc4_run(&rc4, b->p, out, len);
	} else {
		len -= CIPHER_BLOCK;
		if ((rc = cipher_aes(c->cipher, b->p, b->p + CIPHER_BLOCK, out, len)) != RC_OK)
			return rc;
		if (out[len - 1] == 0 || out[len - 1] > CIPHER_BLOCK)
			return RC_FORMAT;
		for (i = 2; i <= out[len - 1]; i++) {
			if (out[len - i] != out[len - 1])
				return RC_FORMAT;
		}
		len -= out[len - 1];
	}
	b->p = out;
	b->len = len;
	return RC_OK;
}

static enum rc
/* NOLINTNEXTLINE(misc-no-recursion): the parser nests at most CAP_DEPTH deep */
walk(struct crypt *c, struct arena *arena, struct object_key *k, struct obj *o,
    const struct obj *top)
{
	struct obj_pair *pair;
	bool sig;
	uint32_t i;
	enum rc rc = RC_OK;

	if (o->type == OBJ_STRING) {
		if (!k->ready)
			rc = object_key(c, k, top->num, top->gen);
		return rc != RC_OK ? rc : decrypt(c, arena, k, &o->u.s);
	}
	for (i = 0; o->type == OBJ_ARRAY && rc == RC_OK && i < o->n; i++)
		rc = walk(c, arena, k, &o->u.items[i], top);
	if (!obj_is_dict(o))
		return rc;
	/* What is written after everything else, in the clear. */
	sig = obj_get(o, "ByteRange")->type != OBJ_NULL;
	for (i = 0; rc == RC_OK && i < o->n; i++) {
		pair = &o->u.d.pairs[i];
		if (!sig || pair->val.type != OBJ_STRING ||
		    !(bytes_are(pair->key, "Contents") || bytes_are(pair->key, "MAC")))
			rc = walk(c, arena, k, &pair->val, top);
	}
	return rc;
}

enum rc
crypt_strings(struct crypt *c, struct arena *arena, struct obj *o)
{
	struct object_key k = {.method = c->strings};
	enum rc rc;

	if (c->strings == METHOD_NONE ||
	    (o->type == OBJ_STREAM && obj_is_name(obj_get(o, "Type"), "XRef")))
		return RC_OK;
	rc = walk(c, arena, &k, o, o);
	explicit_bzero(&k, sizeof(k));
	return ours(rc);
}

static enum method
stream_method(const struct crypt *c, const struct obj *stream, const struct obj *name)
{
	const struct obj *type = obj_get(stream, "Type");

	if (obj_is_name(type, "XRef"))
		return METHOD_NONE;
	if (name != NULL)
		return crypt_method(c, name);
	if (obj_is_name(type, "Metadata") && !c->metadata)
		return METHOD_NONE;
	return obj_is_name(type, "EmbeddedFile") ? c->files : c->streams;
}

enum rc
crypt_stream(struct crypt *c, struct doc *d, const struct obj *stream, const struct obj *name,
    struct pdf_bytes *data)
{
	struct object_key k = {.method = stream_method(c, stream, name)};
	enum rc rc;

	if (k.method == METHOD_NONE)
		return RC_OK;
	if (k.method == METHOD_UNKNOWN || !c->open)
		return RC_ABSENT;
	if (data->len > d->budget)
		return RC_TOOBIG;
	d->budget -= data->len;
	if ((rc = object_key(c, &k, stream->num, stream->gen)) == RC_OK)
		rc = decrypt(c, d->arena, &k, data);
	explicit_bzero(&k, sizeof(k));
	return ours(rc);
}
