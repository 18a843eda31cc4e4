/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPT_H
#define CRYPT_H

#include "caps.h"
#include "doc.h"

/*
 * Encrypted documents, ISO 32000-2, 7.6: the standard security handler, V 1, 2,
 * 4 and 5, R 2 to 6, with RC4, AES-128 and AES-256.  Other handlers are told
 * by name and left closed.  Internal to this room.
 */
struct crypt;

/* What one survey has tried: the same dictionary is in each prefix of a file. */
struct keyring {
	const struct pdf_bytes *password; /* NULL: only the empty one is tried */
	struct {
		const struct obj *dict;
		struct pdf_bytes id;
		struct crypt *crypt;
	} tried[CAP_KEY_TRIES];
	unsigned n;
};

/* Wipes and frees what was opened: no document may use it afterwards. */
void keyring_clear(struct keyring *ring);

/*
 * After xref_read(), before any object is asked for: look for a key of the
 * document.  d->crypt is it, or NULL: not encrypted, or closed.  An unknown
 * handler, unlike dictionaries in different revisions and wrong /Perms are findings.
 * RC_OK, RC_NOMEM or RC_CRYPTO.
 */
enum rc crypt_unlock(struct doc *d, struct keyring *ring);
/* Section of the first later revision whose dictionary is unlike this one's; SIZE_MAX if none. */
size_t crypt_changed(struct doc *d, size_t section);

/*
 * The strings of an indirect object, in place; the octets go to the arena.  Those of a
 * cross-reference stream and /Contents of a signature stay.  RC_FORMAT if one was not
 * made with this key (AES can tell); RC_NOMEM, also where a cipher fails.
 */
enum rc crypt_strings(struct crypt *c, struct arena *arena, struct obj *o);
/*
 * The octets of a stream before its filters, likewise.  name: of the crypt filter that it asks
 * for, NULL if it asks for none.  RC_ABSENT: this filter is unknown or has no key.
 */
enum rc crypt_stream(struct crypt *c, struct doc *d, const struct obj *stream,
    const struct obj *name, struct pdf_bytes *data);

#endif /* CRYPT_H */
