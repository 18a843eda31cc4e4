/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every allocation fails once, and once from there on: whatever the letter, the verdict is then
 * the one it would have been, or none.  A place where memory is asked for is told by the
 * functions above it; a letter tries the places that no letter before it has come to.
 */
#include <execinfo.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "arena.h"
#include "cryptmake.h"
#include "deed.h"
#include "forge_past.h"
#include "policy.h"
#include "proof.h"
#include "verify.h"
#include "wire.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define DEPTH  10     /* functions that tell a place */
#define PLACES 65536u /* a table that is never more than half full */
#define WIRE   (4u << 20)

enum mode { QUIET, LEARN, FAIL_ONCE, FAIL_ON };

static struct {
	enum mode mode;
	uint64_t known[PLACES]; /* 0: free */
	size_t nknown;
	uint64_t fresh[PLACES]; /* of this letter alone, in the order they were come to */
	size_t nfresh;
	uint64_t target;
	bool hit;
	size_t hits;
	bool crypto; /* what failed first was OpenSSL's */
} memory;

static struct forge forge;
static const struct lookup *who; /* may be asked; NULL: nobody */

/* Whether the table did not have it. */
static bool
learn(uint64_t place)
{
	size_t i = place % PLACES;

	while (memory.known[i] != 0 && memory.known[i] != place)
		i = (i + 1) % PLACES;
	if (memory.known[i] == place || memory.nknown >= PLACES / 2)
		return false;
	memory.known[i] = place;
	memory.nknown++;
	return true;
}

/* Never 0. */
static uint64_t
place_now(void)
{
	uint64_t h = 14695981039346656037ull;
	void *pc[DEPTH];
	int n = backtrace(pc, DEPTH), i;

	for (i = 0; i < n; i++)
		h = (h ^ (uint64_t)(uintptr_t)pc[i]) * 1099511628211ull;
	return h | 1;
}

static bool
fails(bool crypto)
{
	enum mode mode = memory.mode;
	uint64_t place;

	if (mode == QUIET)
		return false;
	if (mode == FAIL_ON && memory.hit)
		return true;
	memory.mode = QUIET;
	place = place_now();
	memory.mode = mode;
	if (mode == LEARN) {
		if (learn(place))
			memory.fresh[memory.nfresh++] = place;
		return false;
	}
	if (memory.hit || place != memory.target)
		return false;
	memory.hit = true;
	memory.hits++;
	memory.crypto = crypto;
	return true;
}

/* The linker gives these the calls, see the Makefile. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_arena_alloc(struct arena *a, size_t size);
void *__real_arena_array(struct arena *a, size_t n, size_t size);
enum rc __real_arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
void *__real_arena_dup(struct arena *a, const void *p, size_t len);
char *__real_arena_str(struct arena *a, const char *p, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_arena_alloc(struct arena *a, size_t size);
void *__wrap_arena_array(struct arena *a, size_t n, size_t size);
enum rc __wrap_arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
void *__wrap_arena_dup(struct arena *a, const void *p, size_t len);
char *__wrap_arena_str(struct arena *a, const char *p, size_t len);

void *
__wrap_malloc(size_t size)
{
	return fails(false) ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails(false) ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return fails(false) ? NULL : __real_realloc(p, size);
}

void *
__wrap_arena_alloc(struct arena *a, size_t size)
{
	return __real_arena_alloc(a, fails(false) ? SIZE_MAX : size);
}

void *
__wrap_arena_array(struct arena *a, size_t n, size_t size)
{
	return __real_arena_array(a, fails(false) ? SIZE_MAX : n, size);
}

enum rc
__wrap_arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	return __real_arena_grow(a, v, n, cap, n >= *cap && fails(false) ? SIZE_MAX : size);
}

void *
__wrap_arena_dup(struct arena *a, const void *p, size_t len)
{
	return __real_arena_dup(a, p, fails(false) ? SIZE_MAX : len);
}

char *
__wrap_arena_str(struct arena *a, const char *p, size_t len)
{
	return __real_arena_str(a, p, fails(false) ? SIZE_MAX : len);
}

/* OpenSSL's own. */
static void *
crypto_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails(true) ? NULL : __real_malloc(size);
}

static void *
crypto_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails(true) ? NULL : __real_realloc(p, size);
}

static void
crypto_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* --- one judgement --- */

struct outcome {
	enum rc rc;
	enum conclusion conclusion;
	bool limited;    /* it says that a limit was met */
	struct buf wire; /* buf_clear() it */
};

/* As an inspector does it: judge, tell; and as its client: read what was told. */
static void
judge(struct outcome *o, const void *p, size_t len, const char *password, enum mode mode)
{
	struct trust *trust = forge_trust(forge.m, &forge.agency.root);
	const struct verify_params params = {.trust = trust,
	    .policy = policy_find("nasional"),
	    .at = FORGE_AT,
	    .offline = who == NULL,
	    .lookup = who,
	    .name = "surat.pdf",
	    .password = (const uint8_t *)password,
	    .password_len = password == NULL ? 0 : strlen(password)};
	struct report *r = NULL, *again = NULL;
	struct source src;
	struct buf wire;
	enum rc rc;
	size_t i;

	assert_non_null(trust);
	source_memory(&src, p, len);
	buf_init(&o->wire, WIRE);
	memory.hit = false;
	memory.mode = mode;
	o->rc = verify(&r, &src, &params);
	if (o->rc == RC_OK) {
		wire_encode(&o->wire, r);
		o->rc = buf_rc(&o->wire);
	}
	rc = o->rc == RC_OK ? wire_decode(&again, o->wire.p, o->wire.len) : o->rc;
	memory.mode = QUIET;
	if (rc == RC_OK) {
		buf_init(&wire, WIRE);
		wire_encode(&wire, again);
		assert_int_equal(buf_rc(&wire), RC_OK);
		assert_int_equal(wire.len, o->wire.len);
		assert_memory_equal(wire.p, o->wire.p, wire.len);
		buf_clear(&wire);
	} else {
		assert_int_equal(rc, RC_NOMEM);
		assert_null(again);
	}
	o->conclusion = r != NULL ? r->conclusion : CONCLUSION__MAX;
	o->limited = false;
	for (i = 0; r != NULL && i < r->nreasons; i++)
		o->limited |= r->reasons[i] == CHECK_LIMIT;
	report_free(again);
	report_free(r);
	trust_free(trust);
	ERR_clear_error();
}

/*
 * The same verdict to the last octet, or none, or one that says that it lacks something.  What
 * OpenSSL could not do is a proof that is not there: a timestamp less takes nothing away from a
 * signature that needs none.
 */
static bool
honest(const char *name, const struct outcome *good, const struct outcome *o)
{
	if (o->rc == RC_NOMEM || (o->rc == RC_OK && o->conclusion == CONCLUSION_INDETERMINATE))
		return true;
	if (o->rc == RC_OK && o->wire.len == good->wire.len &&
	    memcmp(o->wire.p, good->wire.p, o->wire.len) == 0)
		return true;
	if (o->rc == RC_OK && o->conclusion == good->conclusion &&
	    o->conclusion != CONCLUSION_VALID && o->limited)
		return true;
	if (memory.crypto && o->rc == RC_OK && o->conclusion == good->conclusion)
		return true;
	/* OpenSSL 3.0 says no word when it has no memory for a digest of Ed25519's. */
	if (memory.crypto && strcmp(name, "Ed25519") == 0 && o->conclusion == CONCLUSION_INVALID)
		return true;
	fprintf(stderr, "# %s: %s: %s instead of %s\n", name, rc_str(o->rc),
	    o->conclusion < CONCLUSION__MAX ? conclusion_name(o->conclusion) : "nothing",
	    conclusion_name(good->conclusion));
	return false;
}

/* Fail at every place that is new. */
static void
starve(const char *name, const void *p, size_t len, const char *password)
{
	struct outcome good, o;
	enum mode mode;
	bool ok = true;
	size_t i;

	memory.nfresh = 0;
	judge(&good, p, len, password, LEARN);
	assert_int_equal(good.rc, RC_OK);
	for (i = 0; i < memory.nfresh; i++)
		for (mode = FAIL_ONCE; mode <= FAIL_ON; mode++) {
			memory.target = memory.fresh[i];
			judge(&o, p, len, password, mode);
			ok &= honest(name, &good, &o);
			buf_clear(&o.wire);
		}
	buf_clear(&good.wire);
	assert_true(ok);
}

static void
starve_letter(const char *name, struct letter *l)
{
	assert_int_equal(letter_rc(l), RC_OK);
	starve(name, l->out.p, l->out.len, NULL);
	letter_clear(l);
}

/* --- the letters --- */

static void
starve_cases(const struct forge_case *c)
{
	struct letter l;

	for (; c->name != NULL; c++) {
		memset(&l, 0, sizeof(l));
		c->make(&forge, &l, c->arg);
		starve_letter(c->name, &l);
	}
}

static void
test_forged(void **state)
{
	(void)state;
	starve_cases(forge_good);
	starve_cases(forge_coverage);
	starve_cases(forge_message);
	starve_cases(forge_chain);
}

static void
test_past(void **state)
{
	const struct past_case *c;
	struct letter l;

	(void)state;
	for (c = forge_past; c->name != NULL; c++) {
		memset(&l, 0, sizeof(l));
		c->make(&forge, &l, c->arg);
		starve_letter(c->name, &l);
	}
}

/* Those that were changed afterwards; letters of our own are enough. */
static void
starve_deeds(const struct deed *d)
{
	struct letter l;

	for (; d->name != NULL; d++) {
		if (strcmp(d->office, "classic") != 0 && strcmp(d->office, "stream") != 0)
			continue;
		memset(&l, 0, sizeof(l));
		deed_make(&forge, &l, d);
		starve_letter(d->name, &l);
	}
}

static void
test_changed(void **state)
{
	(void)state;
	starve_deeds(deed_good);
	starve_deeds(deed_tamper);
	starve_deeds(deed_attack);
}

static void
test_locked(void **state)
{
	struct cm schemes[] = {
	    {.v = 2, .r = 3, .key_len = 16},
	    {.v = 4, .r = 4, .key_len = 16, .aes = true},
	    {.v = 5, .r = 6, .key_len = 32, .aes = true},
	};
	struct buf b;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(schemes); i++) {
		pm_init(&m);
		cm_init(&schemes[i], "kunci", "pemilik");
		pm_obj(&m, 9, cm_dict(&schemes[i], &b, ""));
		buf_clear(&b);
		cm_obj(&schemes[i], &m, 1, "<</Type/Catalog/Pages 2 0 R/Lang\1id\2>>");
		cm_obj(&schemes[i], &m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		cm_obj(&schemes[i], &m, 3,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>");
		cm_stream(&schemes[i], &m, 4, "", "0 0 m 9 9 l S", 13, 1);
		pm_end(&m, "/ID[(" CM_ID ")(x)]/Encrypt 9 0 R");
		starve("locked", m.b.p, m.b.len, "kunci");
		buf_clear(&m.b);
	}
}

/* Says that each certificate is good, or where one of its issuers is, if it is told to. */
static enum rc
ask(void *ctx, struct arena *a, const struct lookup_question *v, size_t n,
    struct lookup_answer *answers)
{
	const struct der *ders = ctx;
	static char url[] = "http://va.contoh.invalid/";
	size_t i, which;

	for (i = 0; i < n; i++) {
		answers[i] = (struct lookup_answer){
		    .outcome = LOOKUP_OPEN, .asked = FORGE_AT, .retry = FORGE_AT, .url = url};
		which = v[i].kind == LOOKUP_ISSUER ? 2 : v[i].ncerts == 3 ? 0 : 1;
		if (ders[which].len == 0 ||
		    (answers[i].parts = arena_array(a, 1, sizeof(*answers[i].parts))) == NULL)
			continue;
		answers[i].outcome = LOOKUP_ANSWERED;
		answers[i].nparts = 1;
		answers[i].parts[0].kind = which == 0   ? LOOKUP_OCSP
					   : which == 1 ? LOOKUP_CRL
							: LOOKUP_CERT;
		answers[i].parts[0].der = (struct lookup_octets){ders[which].p, ders[which].len};
	}
	return RC_OK;
}

/* Letters without revocation data or issuer, and the rest from others, or not. */
static void
test_asked(void **state)
{
	const struct pki_cert *certs[] = {&forge.signer};
	const struct envelope alone = {.signer = &forge.signer, .certs = certs, .ncerts = 1};
	struct proof_answer word = forge_answer(&forge);
	const struct proof_list list = {.issuer = &forge.agency.root,
	    .number = 5,
	    .this_update = FORGE_SIGNED + 10,
	    .next_update = FORGE_AT + 30 * FORGE_DAY};
	struct der ders[] = {proof_ocsp(forge.m, &word), proof_crl(forge.m, &list), {NULL, 0}};
	const struct lookup lookup = {ask, ders};
	struct letter l;
	int i;

	(void)state;
	who = &lookup;
	for (i = 0; i < 3; i++) {
		letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
		if (i == 2)
			ders[0] = ders[2] = (struct der){NULL, 0}; /* all is left to be asked */
		else
			ders[2] = forge.agency.ca.der;
		forge_message_sign(
		    &forge, &l, i == 1 ? &alone : &(struct envelope){0}, NULL, false);
		starve_letter("asked", &l);
	}
	who = NULL;
}

/* The anchors as shipped: all of them, or none, or it is said which were left out. */
static enum rc
load(struct trust **out, struct buf *log, enum mode mode)
{
	enum rc rc;

	buf_init(log, 1u << 16);
	memory.hit = false;
	memory.mode = mode;
	rc = trust_load(out, "conf/trust", log);
	memory.mode = QUIET;
	ERR_clear_error();
	return rc;
}

static void
test_trust(void **state)
{
	struct trust *whole, *t;
	struct buf log;
	enum mode mode;
	enum rc rc;
	size_t i;

	(void)state;
	memory.nfresh = 0;
	assert_int_equal(load(&whole, &log, LEARN), RC_OK);
	assert_int_equal(log.len, 0);
	assert_true(memory.nfresh > 20);
	for (i = 0; i < memory.nfresh; i++)
		for (mode = FAIL_ONCE; mode <= FAIL_ON; mode++) {
			memory.target = memory.fresh[i];
			rc = load(&t, &log, mode);
			if (rc != RC_OK) {
				assert_null(t);
			} else if (log.len == 0 && buf_rc(&log) == RC_OK) {
				assert_memory_equal(t->id, whole->id, sizeof(t->id));
				assert_int_equal(t->anchors.n, whole->anchors.n);
				assert_int_equal(t->nhelpers, whole->nhelpers);
			}
			trust_free(t);
			buf_clear(&log);
		}
	trust_free(whole);
}

/* That there was something to fail at all. */
static void
test_places(void **state)
{
	(void)state;
	assert_in_range(memory.nknown, 300, PLACES / 2 - 1);
	/* a compiler may have more than one copy of who asks: some places are come to once only */
	assert_in_range(memory.hits, 300, 2 * memory.nknown);
}

static int
setup(void **state)
{
	(void)state;
	return forge_open(&forge) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	forge_close(&forge);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forged),
	    cmocka_unit_test(test_past),
	    cmocka_unit_test(test_changed),
	    cmocka_unit_test(test_locked),
	    cmocka_unit_test(test_asked),
	    cmocka_unit_test(test_trust),
	    cmocka_unit_test(test_places),
	};

	if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) != 1)
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
