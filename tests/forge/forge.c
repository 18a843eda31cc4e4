/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets up the workshop and compares verdicts. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "forge.h"
#include "source.h"
#include "verify.h"

const struct letter_text forge_text = {
    .number = "000/001/CONTOH",
    .date = "Kota Contoh, tanggal contoh",
    .subject = "Persetujuan bantuan kegiatan",
    .amount = "Rp 12.500.000,00",
    .signer = "Siti Rahmawati Contoh",
    .role = "KEPALA DINAS CONTOH",
};

struct trust *
forge_trust(struct maker *m, const struct pki_cert *root)
{
	const char *tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */
	struct der pem = pki_pem(m, root);
	struct trust *trust = NULL;
	char dir[256], file[300];
	struct buf log;
	int fd;

	snprintf(dir, sizeof(dir), "%s/forge.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return NULL;
	snprintf(file, sizeof(file), "%s/anchor.pem", dir);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, pem.p, pem.len) == (ssize_t)pem.len) {
		buf_init(&log, 65536);
		if (trust_load(&trust, dir, &log) != RC_OK)
			trust = NULL;
		buf_clear(&log);
	}
	if (fd >= 0)
		close(fd);
	unlink(file);
	rmdir(dir);
	return trust;
}

bool
forge_open(struct forge *f)
{
	const int64_t year = 365 * FORGE_DAY;
	const struct agency_times times = {
	    .root = {FORGE_AT - 6 * year, FORGE_AT + 4 * year},
	    .ca = {FORGE_AT - 4 * year, FORGE_AT + 2 * year},
	    .tsa = {FORGE_AT - 2 * year, FORGE_AT + year},
	    .responder = {FORGE_AT - 2 * year, FORGE_AT + year},
	};
	EVP_PKEY *key;

	memset(f, 0, sizeof(*f));
	f->m = maker_new();
	if (f->m == NULL)
		return false;
	agency_found(&f->agency, f->m, MAKER_P256, &times);
	agency_found(&f->evil, f->m, MAKER_P256, &times);
	key = maker_key(f->m, MAKER_P256);
	agency_admit(
	    &f->agency, &f->signer, key, "Siti Rahmawati Contoh", FORGE_AT - year, FORGE_AT + year);
	agency_admit(&f->agency, &f->other, maker_key(f->m, MAKER_P256), "Budi Santoso Contoh",
	    FORGE_AT - year, FORGE_AT + year);
	agency_admit(&f->agency, &f->expired, key, "Siti Rahmawati Contoh", FORGE_AT - 2 * year,
	    FORGE_AT - 100 * FORGE_DAY);
	agency_admit(
	    &f->evil, &f->impostor, key, "Siti Rahmawati Contoh", FORGE_AT - year, FORGE_AT + year);
	if (maker_rc(f->m) == RC_OK)
		f->trust = forge_trust(f->m, &f->agency.root);
	if (f->trust == NULL)
		fprintf(stderr, "forge: no workshop (%s)\n", rc_str(maker_rc(f->m)));
	return f->trust != NULL;
}

void
forge_close(struct forge *f)
{
	trust_free(f->trust);
	maker_free(f->m);
}

void
forge_base_form(struct forge *f, struct letter *l, enum letter_form form)
{
	letter_init(l, f->m, form, &forge_text, 0);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
}

void
forge_base(struct forge *f, struct letter *l)
{
	forge_base_form(f, l, LETTER_CLASSIC);
}

void
forge_token(struct forge *f, struct token *t, int64_t signed_at)
{
	const struct pki_cert **certs = arena_array(f->m->arena, 2, sizeof(struct pki_cert *));

	memset(t, 0, sizeof(*t));
	if (certs == NULL)
		return;
	certs[0] = &f->agency.tsa;
	certs[1] = &f->agency.root;
	t->authority = &f->agency.tsa;
	t->certs = certs;
	t->ncerts = 2;
	t->gen_time = signed_at + 3;
	t->serial = f->agency.serial++;
}

void
forge_evidence(
    struct forge *f, const struct pki_cert *signer, int64_t at, struct letter_evidence *out)
{
	const struct agency_order order = {.signer = signer};

	agency_evidence(&f->agency, &order, at, out);
}

void
forge_order(struct agency *a, struct letter *l, const struct agency_order *o)
{
	letter_init(l, a->m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(a, l, o);
}

struct proof_answer
forge_answer(struct forge *f)
{
	return (struct proof_answer){.subject = &f->signer,
	    .issuer = &f->agency.ca,
	    .responder = &f->agency.responder,
	    .reason = -1,
	    .produced = FORGE_SIGNED + 4,
	    .this_update = FORGE_SIGNED + 4,
	    .next_update = FORGE_AT + 30 * FORGE_DAY};
}

void
forge_message_sign(struct forge *f, struct letter *l, const struct envelope *e,
    const char *sub_filter, bool evidence)
{
	const struct pki_cert *certs[3] = {&f->agency.root, &f->agency.ca, NULL};
	struct envelope full = *e;
	struct letter_sign sign = {.field = "TandaTangan1",
	    .sub_filter = sub_filter,
	    .at = FORGE_SIGNED,
	    .envelope = &full};
	struct letter_evidence dss;
	struct token stamp;

	if (full.signer == NULL)
		full.signer = &f->signer;
	certs[2] = full.signer;
	if (full.certs == NULL) {
		full.certs = certs;
		full.ncerts = 3;
	}
	forge_token(f, &stamp, FORGE_SIGNED);
	if (full.stamp == NULL && full.raw_stamp.len == 0)
		full.stamp = &stamp;
	letter_sign(l, &sign);
	if (!evidence)
		return;
	forge_evidence(f, full.signer, FORGE_SIGNED + 4, &dss);
	letter_dss(l, &dss);
}

size_t
forge_last(const struct letter *l, const char *text)
{
	size_t len = strlen(text), at;

	if (letter_rc(l) != RC_OK)
		return 0;
	for (at = l->out.len < len ? 0 : l->out.len - len; at > 0; at--)
		if (memcmp(l->out.p + at, text, len) == 0)
			return at;
	return 0;
}

size_t
forge_object(const struct letter *l, unsigned number)
{
	char text[32];
	size_t at;

	snprintf(text, sizeof(text), "\n%u 0 obj\n", number);
	at = forge_last(l, text);
	return at > 0 ? at + 1 : 0;
}

void
forge_poke(struct letter *l, size_t at, const char *text)
{
	size_t len = strlen(text);

	if (letter_rc(l) != RC_OK || at == 0 || at > l->out.len || len > l->out.len - at) {
		maker_fail(l->m, RC_ABSENT);
		return;
	}
	memcpy(l->out.p + at, text, len);
}

struct report *
forge_verify_drawn(const struct trust *trust, const void *p, size_t len, const char *policy,
    int64_t at, const struct painter *painter)
{
	const struct verify_params params = {.trust = trust,
	    .policy = policy_find(policy),
	    .at = at,
	    .offline = true,
	    .painter = painter};
	struct report *r = NULL;
	struct source src;

	source_memory(&src, p, len);
	if (verify(&r, &src, &params) != RC_OK)
		return NULL;
	return r;
}

struct report *
forge_verify(const struct trust *trust, const void *p, size_t len, const char *policy, int64_t at)
{
	return forge_verify_drawn(trust, p, len, policy, at, NULL);
}

static const char *
word(const char *s)
{
	return s != NULL ? s : "-";
}

void
forge_show(const char *name, const struct report *r)
{
	size_t i;

	fprintf(stderr, "# %s: %s [", name, conclusion_name(r->conclusion));
	for (i = 0; i < r->nreasons; i++)
		fprintf(stderr, "%s%s", i > 0 ? " " : "", check_name(r->reasons[i]));
	fprintf(stderr, "]");
	for (i = 0; i < r->nsigs; i++)
		fprintf(stderr, " {%s %s/%s strict %s/%s %s %s %s %s}",
		    sig_kind_name(r->sigs[i].kind), indication_name(r->sigs[i].status.ind),
		    word(sub_indication_name(r->sigs[i].status.sub)),
		    indication_name(r->sigs[i].strict.ind),
		    word(sub_indication_name(r->sigs[i].strict.sub)),
		    integrity_name(r->sigs[i].integrity), coverage_name(r->sigs[i].coverage),
		    word(modification_name(r->sigs[i].modification)), level_name(r->sigs[i].level));
	fprintf(stderr, "\n");
}

/* What VALID must rest on; nothing here has expired, so that both policies agree. */
static bool
is_sound(const struct report_sig *s)
{
	if (s->kind == KIND_DOCUMENT_TIMESTAMP)
		return true; /* may prove nothing */
	return s->strict.ind == IND_PASSED && s->integrity == INTEGRITY_INTACT &&
	       s->coverage != COVERAGE_UNCLEAR && s->modification != MOD_UNKNOWN &&
	       s->modification_allowed;
}

static bool
fits(const struct forge_case *c, const struct report *r)
{
	bool sub = c->sub == SUB__MAX, reason = c->reason == CHECK__NONE;
	size_t i;

	if (c->conclusion == CONCLUSION__MAX ? r->conclusion == CONCLUSION_VALID
					     : r->conclusion != c->conclusion)
		return false;
	if (r->nsigs == 0 && !c->no_sig)
		return false;
	for (i = 0; i < r->nsigs; i++) {
		/* `nasional` relaxes: what it does not pass, the standard does not. */
		if (r->sigs[i].strict.ind == IND_PASSED && r->sigs[i].status.ind != IND_PASSED)
			return false;
		sub |= r->sigs[i].status.sub == c->sub;
		if (r->conclusion == CONCLUSION_VALID && !is_sound(&r->sigs[i]))
			return false;
		if (c->no_level && r->sigs[i].level != LEVEL_NONE)
			return false;
	}
	for (i = 0; i < r->nreasons; i++)
		reason |= r->reasons[i] == c->reason;
	for (i = 0; i < r->nchecks; i++)
		reason |= r->checks[i].id == c->reason && r->checks[i].result != RESULT_OK &&
			  r->checks[i].result != RESULT_NOT_APPLICABLE;
	return sub && reason;
}

bool
forge_check(struct forge *f, const struct forge_case *c)
{
	struct report *r = NULL;
	struct letter l;
	bool ok = false;

	memset(&l, 0, sizeof(l));
	c->make(f, &l, c->arg);
	if (letter_rc(&l) != RC_OK) {
		fprintf(stderr, "# %s: not made: %s\n", c->name, rc_str(letter_rc(&l)));
		goto out;
	}
	r = forge_verify(f->trust, l.out.p, l.out.len, "nasional", FORGE_AT);
	if (r == NULL)
		goto out;
	ok = fits(c, r);
	if (!ok)
		forge_show(c->name, r);
out:
	report_free(r);
	letter_clear(&l);
	return ok;
}
