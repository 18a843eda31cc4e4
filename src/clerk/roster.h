/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROSTER_H
#define ROSTER_H

#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "rc.h"
#include "register.h"

/* What is said of a row, or of all: bulk.def. */
enum bulk_word {
#define BULK_WORD(name, english, indonesian) BULK_##name,
#include "bulk.def"
#undef BULK_WORD
	BULK_WORD__MAX
};
const char *bulk_english(enum bulk_word w); /* never NULL */
const char *bulk_indonesian(enum bulk_word w);

/*
 * The rows of a CSV (RFC 4180; comma, semicolon or tab, as the header has most of; UTF-8, a byte
 * order mark is forgiven), as letters.  Columns by their names in any order, Indonesian or English,
 * case, blanks, "_" and "-" don't count:
 *
 *   id                               a letter that is there; the others are then not read
 *   nomor, nomor surat, number       and so on: what a draft says
 *   perihal, hal, subject
 *   tanggal, tanggal surat, date     2026-11-01 or 01/11/2026, day first
 *   unit, unit kerja
 *   visibilitas, visibility          publik, kode, fakta; public, code, fact; "" is public
 *   penandatangan1 …, signer1 …      "JABATAN|NAMA|PANGKAT", at most CAP_SIGNERS
 *   berkas, file                     the PDF that a row is about
 *   no, keterangan, catatan, note    not read, and so is a column without a name
 */
struct roster_row {
	unsigned row;     /* 1: the first below the header */
	const char *id;   /* as crockford_id_read() made it; "": to be drafted as content says */
	const char *file; /* "" */
	enum bulk_word fault; /* BULK_NONE: can be done */
	const char *column;   /* whose fault it is, as the header has it; "" */
	struct register_content content;
};
struct roster {
	struct arena *arena; /* of everything here */
	struct roster_row *rows;
	size_t n;
	char delimiter;
};

struct roster_refusal {
	enum bulk_word word;
	unsigned row;     /* 0: the header, or all of it */
	char column[128]; /* as the header has it, cut; "" */
};
/*
 * RC_OK and *out; RC_FORMAT with *why: refused as a whole (more than CAP_BATCH_CSV octets or
 * CAP_BATCH_ROWS rows, a column that is not known); RC_NOMEM.  *out is then NULL.
 */
enum rc roster_read(struct roster **out, const uint8_t *csv, size_t len, enum batch_kind kind,
    struct roster_refusal *why);
void roster_free(struct roster *r); /* takes NULL */

#endif /* ROSTER_H */
