/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Past validation of one signer whose certificate is over, of whom a fresh
 * answer and list say nothing bad: what the present says, since when the
 * signature is proven, and what follows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "forge.h"
#include "psv.h"
#include "source.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define IN        FORGE_SIGNED_EARLIER
#define BEFORE    (FORGE_AT - 800 * FORGE_DAY)
#define AFTER     (FORGE_AT - 10 * FORGE_DAY)
#define EVER      INT64_MAX

static struct forge forge;
static struct letter letter;
static struct arena *arena;
static struct dossier dossier;
static struct poe poe;

static int
setup(void **state)
{
	struct source src;

	(void)state;
	if (!forge_open(&forge))
		return -1;
	letter_init(&letter, forge.m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&forge.agency, &letter,
	    &(struct agency_order){
		.signer = &forge.expired, .level = AGENCY_LT, .at = FORGE_SIGNED_EARLIER});
	if (letter_rc(&letter) != RC_OK || (arena = arena_new(CAP_ARENA)) == NULL)
		return -1;
	source_memory(&src, letter.out.p, letter.out.len);
	if (dossier_open(&dossier, arena, &src, forge.trust, NULL) != RC_OK || dossier.nsigs != 1)
		return -1;
	return poe_init(&poe, &dossier, FORGE_AT) == RC_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	letter_clear(&letter);
	forge_close(&forge);
	return 0;
}

static const struct {
	const char *name;
	struct status now;
	bool on_hold;
	int64_t poe, until;
	struct status past;
} cases[] = {
#define OPEN(s)                            \
	{                                  \
		IND_INDETERMINATE, SUB_##s \
	}
#define FAIL(s)                     \
	{                           \
		IND_FAILED, SUB_##s \
	}
#define GOOD                         \
	{                            \
		IND_PASSED, SUB_NONE \
	}
    {"over", OPEN(OUT_OF_BOUNDS_NO_POE), false, IN, EVER, GOOD},
    {"over, not revoked", OPEN(OUT_OF_BOUNDS_NOT_REVOKED), false, IN, EVER, GOOD},
    {"over, made before", OPEN(OUT_OF_BOUNDS_NO_POE), false, BEFORE, EVER, FAIL(NOT_YET_VALID)},
    {"over, made after", OPEN(OUT_OF_BOUNDS_NO_POE), false, AFTER, EVER,
	OPEN(OUT_OF_BOUNDS_NO_POE)},
    {"over, weak then", OPEN(OUT_OF_BOUNDS_NO_POE), false, IN, IN,
	OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE)},
    {"anchor over", OPEN(NO_CERTIFICATE_CHAIN_FOUND_NO_POE), false, IN, EVER, GOOD},
    {"anchor over, made before", OPEN(NO_CERTIFICATE_CHAIN_FOUND_NO_POE), false, BEFORE, EVER,
	FAIL(NOT_YET_VALID)},
    {"anchor over, made after", OPEN(NO_CERTIFICATE_CHAIN_FOUND_NO_POE), false, AFTER, EVER,
	OPEN(OUT_OF_BOUNDS_NO_POE)},
    {"revoked", OPEN(REVOKED_NO_POE), false, IN, EVER, GOOD},
    {"revoked, made after", OPEN(REVOKED_NO_POE), false, AFTER, EVER,
	OPEN(OUT_OF_BOUNDS_NOT_REVOKED)},
    {"CA revoked", OPEN(REVOKED_CA_NO_POE), false, IN, EVER, GOOD},
    {"CA revoked, made after", OPEN(REVOKED_CA_NO_POE), false, AFTER, EVER,
	OPEN(REVOKED_CA_NO_POE)},
    {"responder over", OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE), false, IN, EVER, GOOD},
    {"responder over, made after", OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE), false, AFTER, EVER,
	OPEN(OUT_OF_BOUNDS_NOT_REVOKED)},
    {"weak", OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE), false, IN, IN + 1, GOOD},
    {"weak then", OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE), false, IN, IN,
	OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE)},
    {"not fresh", OPEN(TRY_LATER), false, IN, EVER, GOOD},
    {"on hold", OPEN(TRY_LATER), true, IN, EVER, GOOD},
    {"on hold, made after", OPEN(TRY_LATER), true, AFTER, EVER, OPEN(OUT_OF_BOUNDS_NOT_REVOKED)},
    /* what time does not mend */
    {"no chain", OPEN(NO_CERTIFICATE_CHAIN_FOUND), false, IN, EVER,
	OPEN(NO_CERTIFICATE_CHAIN_FOUND)},
    {"wrong certificate", OPEN(CHAIN_CONSTRAINTS_FAILURE), false, IN, EVER,
	OPEN(CHAIN_CONSTRAINTS_FAILURE)},
    {"order of times", OPEN(TIMESTAMP_ORDER_FAILURE), false, IN, EVER,
	OPEN(TIMESTAMP_ORDER_FAILURE)},
    {"weak, proven", OPEN(CRYPTO_CONSTRAINTS_FAILURE), false, IN, EVER,
	OPEN(CRYPTO_CONSTRAINTS_FAILURE)},
    {"failed", FAIL(REVOKED), false, IN, EVER, FAIL(REVOKED)},
    {"expired for certain", FAIL(EXPIRED), false, IN, EVER, FAIL(EXPIRED)},
#undef OPEN
#undef FAIL
#undef GOOD
};

static bool
check(size_t i)
{
	const struct run r = {&dossier, policy_find("strict"), FORGE_AT};
	struct xcv now, out;
	const struct psv o = {.cert = dossier.sigs[0].signer,
	    .purpose = ANCHOR_SIGNER,
	    .now = &now,
	    .poe = cases[i].poe,
	    .made = cases[i].poe,
	    .until = cases[i].until};
	bool passed;

	memset(&now, 0, sizeof(now));
	now.revoked_at = WHEN_NONE;
	now.st = cases[i].now;
	now.on_hold = cases[i].on_hold;
	passed = psv_judge(&r, &poe, &o, &out);
	if (passed == (cases[i].past.ind == IND_PASSED) && out.st.ind == cases[i].past.ind &&
	    out.st.sub == cases[i].past.sub)
		return true;
	fprintf(stderr, "# %s: %d/%d\n", cases[i].name, (int)out.st.ind, (int)out.st.sub);
	return false;
}

static void
test_cases(void **state)
{
	bool ok = true;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++)
		ok &= check(i);
	assert_true(ok);
}

/* The signer's authority was trusted until before the signature, or from after it on. */
static void
test_anchor(void **state)
{
	struct anchor *a = &forge.trust->anchors.v[0];

	(void)state;
	a->until = IN - 1;
	assert_false(check(0));
	a->until = WHEN_NONE;
	a->from = IN + 1;
	assert_false(check(0));
	a->from = WHEN_NONE;
	assert_true(check(0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_anchor),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
