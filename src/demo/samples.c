/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sample letters.  Every name is invented; the anchors are only ever in
 * the folder that is written here, with a file that says so.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "samples.h"
#include "sheet.h"
#include "when.h"

#define DAY    ((int64_t)24 * 3600)
#define YEAR   (365 * DAY)
#define MARKER "DEMONSTRATION"
#define SIGNER "Siti Rahmawati Contoh"
#define SECOND "Made Contoh Wirawan"
#define THIRD  "Andi Contoh Pratama"

struct samples {
	struct maker *m;
	int64_t now;
	struct agency agency, look_alike;
	struct pki_cert signer, expired, impostor, second, third;
};

static const struct letter_text text = {
    .number = "000/001/CONTOH",
    .date = "Kota Contoh, tanggal contoh",
    .subject = "Persetujuan bantuan kegiatan",
    .amount = "Rp 12.500.000,00",
    .signer = SIGNER,
    .role = "KEPALA DINAS CONTOH",
};

static void
good_b(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){.signer = &d->signer, .at = d->now - DAY, .shown = SIGNER});
}

static void
good_t(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){
		.signer = &d->signer, .level = AGENCY_T, .at = d->now - DAY, .shown = SIGNER});
}

static void
good_lt(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){
		.signer = &d->signer, .level = AGENCY_LT, .at = d->now - DAY, .shown = SIGNER});
}

static void
good_lta(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){
		.signer = &d->signer, .level = AGENCY_LTA, .at = d->now - DAY, .shown = SIGNER});
}

static void
changed_inside(struct samples *d, struct letter *l)
{
	uint8_t *p;

	good_lt(d, l);
	if (letter_rc(l) != RC_OK)
		return;
	p = memmem(l->out.p, l->out.len, "Rp 12.", 6);
	if (p != NULL)
		p[3] = '9';
	else
		maker_fail(d->m, RC_ABSENT);
}

static void
changed_later(struct samples *d, struct letter *l)
{
	struct letter_text other = text;

	good_lt(d, l);
	other.amount = "Rp 92.500.000,00";
	letter_redraw(l, &other);
}

static void
revoked_before(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){.signer = &d->signer,
		.level = AGENCY_LT,
		.at = d->now - DAY,
		.revoked_at = d->now - 10 * DAY,
		.shown = SIGNER});
}

static void
revoked_after(struct samples *d, struct letter *l)
{
	struct agency_order o = {
	    .signer = &d->signer, .level = AGENCY_T, .at = d->now - 20 * DAY, .shown = SIGNER};
	struct letter_evidence evidence;

	agency_sign(&d->agency, l, &o);
	o.revoked_at = d->now - 10 * DAY;
	agency_evidence(&d->agency, &o, d->now - DAY, &evidence);
	letter_dss(l, &evidence);
}

static void
expired_bare(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){.signer = &d->expired,
		.level = AGENCY_LT,
		.at = d->now - 60 * DAY,
		.no_stamp = true,
		.shown = SIGNER});
}

static void
expired_stamped(struct samples *d, struct letter *l)
{
	agency_sign(&d->agency, l,
	    &(struct agency_order){.signer = &d->expired,
		.level = AGENCY_LT,
		.at = d->now - 60 * DAY,
		.shown = SIGNER});
}

static void
unsigned_letter(struct samples *d, struct letter *l)
{
	(void)d;
	(void)l;
}

static void
impostor(struct samples *d, struct letter *l)
{
	agency_sign(&d->look_alike, l,
	    &(struct agency_order){
		.signer = &d->impostor, .level = AGENCY_LT, .at = d->now - DAY, .shown = SIGNER});
}

/* One after the other, each with a stamp in its own place. */
static void
three_officials(struct samples *d, struct letter *l)
{
	struct agency_order o = {
	    .signer = &d->third, .level = AGENCY_LT, .at = d->now - 3 * DAY, .shown = THIRD};

	o.field = "Pemeriksa";
	o.left = 72;
	o.bottom = 318;
	agency_sign(&d->agency, l, &o);
	o.signer = &d->second;
	o.shown = SECOND;
	o.field = "Koordinator";
	o.left = 206;
	o.bottom = 200;
	o.at += DAY;
	agency_sign(&d->agency, l, &o);
	o.signer = &d->signer;
	o.shown = SIGNER;
	o.field = "KepalaDinas";
	o.left = o.bottom = 0;
	o.at += DAY;
	agency_sign(&d->agency, l, &o);
}

/* The field of a form and what it shows: new (number 0), or with another value. */
static unsigned
put_entry(struct letter *l, unsigned number, const char *value)
{
	unsigned shown = letter_put(l, 0);
	struct buf b;

	buf_init(&b, 1024);
	buf_str(&b, "/Tx BMC BT /F1 11 Tf 4 6 Td ");
	sheet_string(&b, value);
	buf_str(&b, " Tj ET EMC");
	buf_printf(&l->out,
	    "<< /Type /XObject /Subtype /Form /BBox [0 0 220 20]\n"
	    "/Resources << /Font << /F1 %u 0 R >> >> /Length %zu >>\nstream\n",
	    l->font, b.len);
	buf_put(&l->out, b.p, b.len);
	buf_str(&l->out, "\nendstream");
	letter_done(l);
	buf_clear(&b);
	number = letter_put(l, number);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /T (Penerima) /P %u 0 R\n"
	    "/Rect [72 420 292 440] /DA (/F1 11 Tf 0 g) /AP << /N %u 0 R >> /V ",
	    l->page, shown);
	sheet_string(&l->out, value);
	buf_str(&l->out, " >>");
	letter_done(l);
	return number;
}

/* A form whose signer allows that it is filled in. */
static void
form_filled(struct samples *d, struct letter *l)
{
	unsigned entry;

	letter_update(l);
	l->acroform = l->size++;
	entry = put_entry(l, 0, "");
	l->fields[l->nfields++] = entry;
	letter_put_form(l, true);
	letter_update_end(l);
	agency_sign(&d->agency, l,
	    &(struct agency_order){.signer = &d->signer,
		.level = AGENCY_LT,
		.at = d->now - DAY,
		.docmdp = 2,
		.shown = SIGNER});
	letter_update(l);
	put_entry(l, entry, "Diterima oleh Rini Contoh");
	letter_update_end(l);
}

/* What a reader of the letter puts on top of it. */
static void
note_added(struct samples *d, struct letter *l)
{
	good_lt(d, l);
	letter_update(l);
	l->note = letter_put(l, 0);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Text /F 28 /P %u 0 R /Rect [300 492 320 512] /C [1 0.8 0]\n"
	    "/Name /Comment /T (Pembaca) /Contents (Sudah naik menjadi Rp 92.500.000,00) >>",
	    l->page);
	letter_done(l);
	letter_put(l, l->page);
	letter_page(l, &l->out);
	letter_done(l);
	letter_update_end(l);
}

static const struct {
	struct sample sample;
	void (*make)(struct samples *, struct letter *);
} kinds[] = {
    {{"01-asli-b-b.pdf", "INDETERMINATE",
	 "Tanda tangan saja (B-B): utuh, tetapi status pencabutan sertifikat tidak disertakan.",
	 "A bare signature (B-B): intact, but it brings no proof that the certificate was not "
	 "revoked."},
	good_b},
    {{"02-asli-b-t.pdf", "INDETERMINATE",
	 "Dengan stempel waktu (B-T): utuh, tetapi status pencabutan sertifikat tidak disertakan.",
	 "With a timestamp (B-T): intact, but it brings no proof that the certificate was not "
	 "revoked."},
	good_t},
    {{"03-asli-b-lt.pdf", "VALID", "Asli, dengan stempel waktu dan bukti status (B-LT).",
	 "Genuine, with timestamp and proof of status (B-LT)."},
	good_lt},
    {{"04-asli-b-lta.pdf", "VALID", "Asli, dengan bukti status dan stempel waktu arsip (B-LTA).",
	 "Genuine, with proof of status and an archive timestamp (B-LTA)."},
	good_lta},
    {{"05-isi-diubah.pdf", "INVALID", "Angka pada surat diubah setelah ditandatangani.",
	 "The amount in the letter was changed after it was signed."},
	changed_inside},
    {{"06-isi-diganti-lewat-tambahan.pdf", "INVALID",
	 "Isi halaman diganti lewat tambahan di belakang tanda tangan.",
	 "The page was replaced by an update appended behind the signature."},
	changed_later},
    {{"07-sertifikat-sudah-dicabut.pdf", "INDETERMINATE",
	 "Sertifikat sudah dicabut sebelum surat ditandatangani.",
	 "The certificate had been revoked before the letter was signed."},
	revoked_before},
    {{"08-kedaluwarsa-tanpa-stempel-waktu.pdf", "INDETERMINATE",
	 "Sertifikat kini kedaluwarsa dan tidak ada stempel waktu.",
	 "The certificate has expired and there is no timestamp."},
	expired_bare},
    {{"09-kedaluwarsa-dengan-stempel-waktu.pdf", "VALID",
	 "Sertifikat kini kedaluwarsa, tetapi stempel waktu membuktikan saat penandatanganan.",
	 "The certificate has expired, but a timestamp proves when the letter was signed."},
	expired_stamped},
    {{"10-tanpa-tanda-tangan.pdf", "NO_SIGNATURE", "Surat yang sama tanpa tanda tangan elektronik.",
	 "The same letter without an electronic signature."},
	unsigned_letter},
    {{"11-penerbit-tiruan.pdf", "INDETERMINATE",
	 "Ditandatangani dengan sertifikat dari penerbit tiruan yang bernama sama.",
	 "Signed with a certificate of a look-alike issuer of the same name."},
	impostor},
    {{"12-dicabut-setelah-tanda-tangan.pdf", "VALID",
	 "Sertifikat dicabut sesudah surat ditandatangani; stempel waktu membuktikannya.",
	 "The certificate was revoked after the letter was signed, as a timestamp proves."},
	revoked_after},
    {{"13-tiga-pejabat.pdf", "VALID",
	 "Ditandatangani tiga pejabat, satu setelah yang lain, masing-masing di tempatnya sendiri.",
	 "Signed by three officials, one after the other, each in a place of his own."},
	three_officials},
    {{"14-formulir-diisi-sesuai-izin.pdf", "VALID",
	 "Formulir yang diisi setelah ditandatangani, sebagaimana diizinkan penandatangannya.",
	 "A form that was filled in after signing, as its signer allows."},
	form_filled},
    {{"15-catatan-ditambahkan.pdf", "INDETERMINATE",
	 "Catatan ditempelkan di atas halaman setelah ditandatangani.",
	 "A note was put on the page after it was signed."},
	note_added},
};

#define NSAMPLES (sizeof(kinds) / sizeof(kinds[0]))

size_t
samples_count(void)
{
	return NSAMPLES;
}

const struct sample *
samples_get(size_t i)
{
	return i < NSAMPLES ? &kinds[i].sample : NULL;
}

struct samples *
samples_new(int64_t now)
{
	const struct agency_times times = {
	    .root = {now - 6 * YEAR, now + 14 * YEAR},
	    .ca = {now - 4 * YEAR, now + 6 * YEAR},
	    .tsa = {now - YEAR, now + 3 * YEAR},
	    .responder = {now - YEAR, now + 3 * YEAR},
	};
	struct samples *d = calloc(1, sizeof(*d));
	EVP_PKEY *key;

	if (d == NULL)
		return NULL;
	d->m = maker_new();
	if (d->m == NULL) {
		free(d);
		return NULL;
	}
	d->now = now;
	agency_found(&d->agency, d->m, MAKER_P256, &times);
	agency_found(&d->look_alike, d->m, MAKER_P256, &times);
	key = maker_key(d->m, MAKER_P256);
	agency_admit(&d->agency, &d->signer, key, SIGNER, now - YEAR, now + YEAR - 1);
	agency_admit(
	    &d->agency, &d->expired, key, SIGNER, now - 30 * DAY - 2 * YEAR, now - 30 * DAY - 1);
	agency_admit(&d->look_alike, &d->impostor, key, SIGNER, now - YEAR, now + YEAR - 1);
	key = maker_key(d->m, MAKER_P256);
	agency_admit(&d->agency, &d->second, key, SECOND, now - YEAR, now + YEAR - 1);
	key = maker_key(d->m, MAKER_P256);
	agency_admit(&d->agency, &d->third, key, THIRD, now - YEAR, now + YEAR - 1);
	return d;
}

void
samples_free(struct samples *d)
{
	if (d == NULL)
		return;
	maker_free(d->m);
	free(d);
}

enum rc
samples_letter(struct samples *d, size_t i, struct letter *out)
{
	letter_init(out, d->m, LETTER_CLASSIC, &text, 0);
	kinds[i].make(d, out);
	return letter_rc(out);
}

struct der
samples_anchor(struct samples *d)
{
	return pki_pem(d->m, &d->agency.root);
}

/* --- the folder --- */

static enum rc
write_file(int dir, const char *name, const void *p, size_t len)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	const uint8_t *at = p;
	ssize_t n;

	if (fd < 0)
		return RC_IO;
	while (len > 0) {
		n = write(fd, at, len);
		if (n <= 0) {
			close(fd);
			return RC_IO;
		}
		at += n;
		len -= (size_t)n;
	}
	return close(fd) == 0 ? RC_OK : RC_IO;
}

/* Empty, or made by an earlier demo. */
static bool
is_ours(int dir)
{
	int copy = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	struct dirent *e;
	bool empty = true;
	DIR *list;

	if (faccessat(dir, "anchors/" MARKER, F_OK, 0) == 0) {
		close(copy);
		return true;
	}
	list = copy < 0 ? NULL : fdopendir(copy);
	if (list == NULL)
		return false;
	while ((e = readdir(list)) != NULL) /* NOLINT(concurrency-mt-unsafe): one thread */
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			empty = false;
	closedir(list);
	return empty;
}

static enum rc
write_anchors(struct samples *d, int dir)
{
	static const char marker[] = "Jangkar kepercayaan ini hanya untuk demonstrasi.\n"
				     "These trust anchors are for demonstration only.\n";
	static const char readme[] =
	    "Jangkar untuk surat contoh di folder di atas, dibuat oleh `periksa demo`.\n"
	    "Kuncinya tidak disimpan. Jangan dipakai untuk memeriksa surat sungguhan.\n"
	    "\n"
	    "Anchors for the sample letters in the folder above, made by `periksa demo`.\n"
	    "Their keys were not kept. Never check real letters with them.\n"
	    "\n"
	    "    periksa verify --trust anchors --offline .\n";
	struct der pem = samples_anchor(d);
	enum rc rc;
	int fd;

	if (mkdirat(dir, "anchors", 0755) != 0 && errno != EEXIST)
		return RC_IO;
	fd = openat(dir, "anchors", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return RC_IO;
	rc = write_file(fd, MARKER, marker, sizeof(marker) - 1);
	if (rc == RC_OK)
		rc = write_file(fd, "README", readme, sizeof(readme) - 1);
	if (rc == RC_OK)
		rc = write_file(fd, "akar-contoh.pem", pem.p, pem.len);
	close(fd);
	return rc;
}

static enum rc
write_letters(struct samples *d, int dir)
{
	struct letter l;
	struct buf list;
	enum rc rc = RC_OK;
	size_t i;

	buf_init(&list, 1u << 16);
	for (i = 0; rc == RC_OK && i < NSAMPLES; i++) {
		const struct sample *s = &kinds[i].sample;

		buf_printf(&list, "%s\t%s\t%s\t%s\n", s->file, s->expected, s->text_id, s->text_en);
		rc = samples_letter(d, i, &l);
		if (rc == RC_OK)
			rc = write_file(dir, s->file, l.out.p, l.out.len);
		letter_clear(&l);
	}
	if (rc == RC_OK)
		rc = buf_rc(&list);
	if (rc == RC_OK)
		rc = write_file(dir, "samples.tsv", list.p, list.len);
	buf_clear(&list);
	return rc;
}

/* What the portal asks itself: each is the whole of one way to be right or wrong. */
static const struct {
	const char *file, *conclusion, *reason;
	void (*make)(struct samples *, struct letter *);
} canaries[] = {
    {"good.pdf", "VALID", "-", good_lt},
    {"revoked.pdf", "INDETERMINATE", "REVOCATION", revoked_before},
    {"changed.pdf", "INVALID", "DIGEST", changed_inside},
};

static enum rc
write_canaries(struct samples *d, int dir)
{
	struct letter l;
	struct buf list;
	char at[WHEN_TEXT];
	enum rc rc = RC_OK;
	size_t i;

	buf_init(&list, 4096);
	buf_printf(&list, "at\t%s\n", when_format(d->now, at));
	for (i = 0; rc == RC_OK && i < sizeof(canaries) / sizeof(canaries[0]); i++) {
		buf_printf(&list, "%s\t%s\t%s\n", canaries[i].file, canaries[i].conclusion,
		    canaries[i].reason);
		letter_init(&l, d->m, LETTER_CLASSIC, &text, 0);
		canaries[i].make(d, &l);
		if ((rc = letter_rc(&l)) == RC_OK)
			rc = write_file(dir, canaries[i].file, l.out.p, l.out.len);
		letter_clear(&l);
	}
	if (rc == RC_OK)
		rc = buf_rc(&list);
	if (rc == RC_OK)
		rc = write_file(dir, "canary.tsv", list.p, list.len);
	buf_clear(&list);
	return rc;
}

static enum rc
fill(const char *dir, int64_t now, enum rc (*write_all)(struct samples *, int))
{
	struct samples *d = NULL;
	enum rc rc = RC_IO;
	int fd = -1;

	if (mkdir(dir, 0755) != 0 && errno != EEXIST)
		return RC_IO;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		goto out;
	rc = RC_BUSY;
	if (!is_ours(fd))
		goto out;
	rc = RC_NOMEM;
	d = samples_new(now);
	if (d == NULL)
		goto out;
	/* the marker first: a folder left half-written can be filled again */
	rc = write_anchors(d, fd);
	if (rc == RC_OK)
		rc = write_all(d, fd);
out:
	samples_free(d);
	if (fd >= 0)
		close(fd);
	return rc;
}

enum rc
samples_write(const char *dir, int64_t now)
{
	return fill(dir, now, write_letters);
}

enum rc
samples_canary(const char *dir, int64_t now)
{
	return fill(dir, now, write_canaries);
}
