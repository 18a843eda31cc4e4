/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two files by what is known of them: fingerprints, and the messages of their signatures.  A
 * message holds the digest of what was signed; where the copy's own verdict is VALID, its signed
 * octets have that digest, and so are those of the registered file.
 */
#include <string.h>

#include "compare.h"

static const char *const words[COMPARE__MAX] = {
    [COMPARE_IDENTICAL] = "identical",
    [COMPARE_SAME_LETTER] = "same_letter",
    [COMPARE_OTHER_VALID] = "other_valid",
    [COMPARE_CHANGED] = "changed",
    [COMPARE_OTHER] = "other",
    [COMPARE_UNKNOWN] = "unknown",
    [COMPARE_UNREADABLE] = "unreadable",
    [COMPARE_NOTHING] = "nothing",
};

const char *
compare_word(enum compare c)
{
	return (unsigned)c < COMPARE__MAX ? words[c] : "";
}

static bool
same_message(const struct report_sig *a, const struct report_sig *b)
{
	static const uint8_t none[sizeof(a->message_sha256)];

	return a->kind == KIND_SIGNATURE && b->kind == KIND_SIGNATURE &&
	       memcmp(a->message_sha256, none, sizeof(none)) != 0 &&
	       memcmp(a->message_sha256, b->message_sha256, sizeof(none)) == 0;
}

/* Signatures of the registered file that the copy has, too; all: each of them. */
static size_t
in_common(const struct report *registered, const struct report *copy, bool *all)
{
	size_t i, k, n = 0, of = 0;

	for (i = 0; i < registered->nsigs; i++) {
		of += registered->sigs[i].kind == KIND_SIGNATURE;
		for (k = 0; k < copy->nsigs; k++)
			if (same_message(&registered->sigs[i], &copy->sigs[k])) {
				n++;
				break;
			}
	}
	*all = n == of;
	return n;
}

/* Whatever is wrong with its signatures, what they signed is as it was. */
static bool
is_intact(const struct report *r)
{
	const struct report_sig *s;

	for (s = r->sigs; s < r->sigs + r->nsigs; s++)
		if (s->integrity != INTEGRITY_INTACT || s->coverage == COVERAGE_UNCLEAR ||
		    s->modification == MOD_UNKNOWN || !s->modification_allowed)
			return false;
	return true;
}

enum compare
compare_copy(const struct register_letter *letter, const struct report *registered,
    const struct report *copy)
{
	size_t common;
	bool all;

	if (!letter->has_file)
		return COMPARE_NOTHING;
	if (memcmp(letter->sha256, copy->document.sha256, sizeof(letter->sha256)) == 0)
		return COMPARE_IDENTICAL;
	if (copy->conclusion == CONCLUSION_UNREADABLE)
		return COMPARE_UNREADABLE;
	if (registered == NULL)
		return copy->conclusion == CONCLUSION_VALID ? COMPARE_UNKNOWN : COMPARE_OTHER;
	common = in_common(registered, copy, &all);
	if (copy->conclusion == CONCLUSION_VALID)
		return common > 0 && all ? COMPARE_SAME_LETTER : COMPARE_OTHER_VALID;
	/* Somebody else's trouble, or the network's, is no change; nor is a revoked certificate. */
	if (common > 0 && (report_says_changed(copy) ||
			      (copy->conclusion == CONCLUSION_INVALID && !is_intact(copy))))
		return COMPARE_CHANGED;
	return COMPARE_OTHER;
}
