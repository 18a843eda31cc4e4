/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of names, and what they are to each other: either way round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "caps.h"
#include "match.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define SAME    MATCH_SAME
#define DEGREES MATCH_DEGREES
#define OTHER   MATCH_OTHER

static const struct {
	enum match is;
	const char *a, *b;
} pairs[] = {
    /* to the letter */
    {SAME, "Sari Wulan", "Sari Wulan"}, {SAME, "Sari Wulan", "SARI WULAN"},
    {SAME, "Sari  Wulan", " Sari Wulan "}, {SAME, "Sari\xc2\xa0Wulan", "Sari Wulan"},
    {SAME, "Suharto", "SUHARTO"}, {SAME, "Sari Wulan, S.T., M.Si.", "SARI WULAN, S.T, M.SI"},
    {DEGREES, "Sari Wulan, S.T.,M.Si.", "Sari Wulan, ST, MSi"},
    {SAME, "Dr. Ir. Bayu Santoso, M.M.", "DR IR BAYU SANTOSO, MM"},
    {SAME, "Sari Wulan S.T.", "Sari Wulan, S.T."}, {SAME, "M. Yusuf", "M Yusuf"},
    {SAME, "M.Yusuf", "M. Yusuf"}, {SAME, "I Made Sukarta", "I. Made Sukarta"},
    {SAME, "R.A. Kartini", "RA Kartini"}, {SAME, "R.A. Kartini", "R. A. Kartini"},
    {SAME, "Nur'aini",
	"Nur\xe2\x80\x99"
	"aini"},
    {SAME, "Al-Amin",
	"Al\xe2\x80\x90"
	"Amin"},
    {SAME, "\xef\xbc\xb3\xef\xbd\x81\xef\xbd\x92\xef\xbd\x89", "Sari"}, /* full-width */
    {SAME, "Sari\xef\xbc\x8c\xef\xbc\xb3\xef\xbc\x8e\xef\xbc\xb4", "Sari, S.T"},
    {SAME, "Andr\xc3\xa9", "Andre"}, {SAME, "Andr\xc3\xa9", "ANDRE\xcc\x81"}, /* composed or not */
    {SAME, "Mu\xc3\xb1oz", "Munoz"}, {SAME, "Se\xc3\xb1orita", "SE\xc3\x91ORITA"},
    {SAME, "Ma'ruf", "Ma`ruf"}, {SAME, "Sari, Bayu", "SARI, BAYU"}, /* a comma and no degree */
    {SAME, "Dewi H.", "Dewi H"},
    {SAME,
	"Stra\xc3\x9f"
	"er",
	"STRASSER"},
    /* degrees behind */
    {DEGREES, "Suharto", "Suharto, S.H."}, {DEGREES, "Suharto, S.H.", "Suharto, M.H."},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.T., M.Si."},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.T. M.Si."},
    {DEGREES, "Sari Wulan", "SARI WULAN, ST, MSI"},
    {DEGREES, "Sari Wulan", "Sari Wulan, S. Kom., M. Kom."},
    {DEGREES, "Sari Wulan", "Sari Wulan S.Kom"},
    {DEGREES, "Sari Wulan", "Sari Wulan S.T., M.Kom."}, /* see below, too */
    {DEGREES, "Sari Wulan", "Sari Wulan S.T. M.Kom."}, {DEGREES, "Sari Wulan", "Sari Wulan, Ph.D."},
    {DEGREES, "Sari Wulan", "Sari Wulan, Ph. D"}, {DEGREES, "Sari Wulan", "Sari Wulan, A.Md."},
    {DEGREES, "Sari Wulan", "Sari Wulan, A.Md.Kom."},
    {DEGREES, "Sari Wulan", "Sari Wulan, A.Md.Xyz"},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.Tr.Kom., M.Tr.A.P."},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.Tr.I.P."},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.STP., M.AP"},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.Pd.I, M.Pd."},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.Sos., S.IP, M.A.P."},
    {DEGREES, "Sari Wulan", "Sari Wulan, SKM, M.Kes."}, {DEGREES, "Sari Wulan", "Sari Wulan, MMSI"},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.E., Ak., CA, CGCAE, CRMP"},
    {DEGREES, "Sari Wulan", "Sari Wulan, S.Qx."}, {DEGREES, "Sari Wulan", "Sari Wulan, MBA"},
    {DEGREES, "dr. Sari Wulan, Sp.OG", "Sari Wulan"},
    {DEGREES, "dr. Sari Wulan, Sp.OG(K)", "dr. Sari Wulan, Sp.OG(K), M.Kes."},
    {DEGREES, "Sari Wulan", "Sari Wulan, Sp.T.H.T."},
    {DEGREES, "I Made Sukarta", "I Made Sukarta, S.E., M.M."}, {DEGREES, "M.Ali, S.H.", "M. Ali"},
    /* titles in front */
    {DEGREES, "Dr. Sari Wulan", "Sari Wulan"}, {DEGREES, "dr. Sari Wulan", "SARI WULAN"},
    {DEGREES, "Dr. Drs. Bayu Santoso, MMSI", "BAYU SANTOSO"},
    {DEGREES, "Prof. Dr. Ir. H. Bayu Santoso, M.Sc., Ph.D.", "Bayu Santoso"},
    {DEGREES, "Prof.Dr.Ir.Bayu Santoso", "Bayu Santoso"},
    {DEGREES, "Dra. Hj. Sari Wulan", "Dra. Sari Wulan, M.Pd."}, {DEGREES, "H. Bayu", "Bayu"},
    {DEGREES, "HJ SARI WULAN", "Sari Wulan"}, {DEGREES, "K.H. Bayu Santoso", "Bayu Santoso"},
    {DEGREES, "KH. Bayu Santoso", "Bayu Santoso"}, {DEGREES, "drg. Sari Wulan", "Sari Wulan"},
    {DEGREES, "Ns. Sari Wulan, S.Kep.", "Sari Wulan"},
    {DEGREES, "apt. Sari Wulan, S.Farm.", "Sari Wulan, S.Farm., Apt."},
    {DEGREES, "R. Bayu Santoso", "Bayu Santoso"}, {DEGREES, "Tgk. Bayu", "Bayu"},
    {DEGREES, "Ir. Bayu", "Bayu, S.T."}, {DEGREES, "R.A. Kartini, S.H.", "R. A. Kartini"},
    {DEGREES, "Drs. Andr\xc3\xa9", "ANDRE"}, {DEGREES, "Rr. Sari Wulan", "Sari Wulan"},
    /* initials and given names that look like titles and degrees */
    {OTHER, "Dewi H.", "Dewi"}, {OTHER, "Dewi H.", "Dewi, S.H."}, {OTHER, "Ir Sari", "Sari"},
    {OTHER, "Bayu Ir Sari", "Bayu Sari"}, {OTHER, "Ir", "Sari"}, {OTHER, "R.A. Kartini", "Kartini"},
    {OTHER, "R.A. Kartini", "A. Kartini"}, {OTHER, "I Made", "Made"}, {OTHER, "H Bayu", "Bayu"},
    {OTHER, "Bayu S.T.", "Bayu"}, {OTHER, "Sari, Bayu", "Sari"}, {OTHER, "Sari, Bayu", "Sari Bayu"},
    {OTHER, "Sari, Bayu, S.T.", "Sari"}, {OTHER, "Sari, S.T., Bayu", "Sari, S.T."},
    {OTHER, "Sari, S", "Sari"}, {OTHER, "Sari, S.Bayuwati", "Sari"},
    /* another, a further, a missing word */
    {OTHER, "Sari Wulan", "Sari"}, {OTHER, "Sari Wulan", "Wulan Sari"},
    {OTHER, "Sari Wulan", "Sari Wulandari"}, {OTHER, "Sari Wulan", "Sariwulan"},
    {OTHER, "Sari Wulan, S.T.", "Sari Wulan Dewi, S.T."}, {OTHER, "Al-Amin", "Al Amin"},
    {OTHER, "Nur'aini", "Nuraini"}, {OTHER, "Suharto", "Suharta"},
    /* diacritics that differ, letters that only look alike */
    {OTHER, "Andr\xc3\xa9", "Andr\xc3\xa8"},
    {OTHER,
	"Ma\xc3\xb1"
	"a",
	"Mama"},
    {OTHER, "S\xd0\xb0ri", "Sari"}, /* Cyrillic */
    {OTHER, "S\xce\xb1ri", "Sari"}, /* Greek */
    {OTHER, "Sar\xc4\xb1", "Sari"}, /* a dotless i */
    {OTHER, "Sari 1", "Sari l"},
    /* nobody */
    {OTHER, "", ""}, {OTHER, " ", " "}, {OTHER, ".", "."}, {OTHER, ", S.T.", ", S.T."},
    {OTHER, "S.T.", "S.T."}, {OTHER, "S.H., M.H.", "S.H., M.H."}, {OTHER, "SH, MH", "SH, MH"},
    {OTHER, "Dr. H.", "Dr. H."}, {OTHER, "Ir.", "Ir."}, {OTHER, "Drs.", "Drs."},
    {OTHER, "Dr., S.H.", "Dr., S.H."}, {OTHER, "Sari", ""},
    /* what nobody sees, and what is no text */
    {OTHER, "Sa\xe2\x80\x8bri", "Sari"}, /* zero-width space */
    {OTHER, "Sa\xe2\x80\x8bri", "Sa\xe2\x80\x8bri"},
    {OTHER, "\xe2\x80\xaeSari", "\xe2\x80\xaeSari"}, /* right to left */
    {OTHER, "Sa\xc2\xadri", "Sari"},                 /* soft hyphen */
    {OTHER, "Sari\xef\xb8\x8f", "Sari"},             /* variation selector */
    {OTHER, "Sari\n", "Sari"}, {OTHER, "Sari\xff", "Sari\xff"}, {OTHER, "Sari\xc3", "Sari\xc3"},
    {OTHER, "\xed\xa0\x80", "\xed\xa0\x80"},                           /* a surrogate */
    {OTHER, "Sari\xee\x80\x80", "Sari\xee\x80\x80"},                   /* private use */
    {OTHER, "e\xcc\x81\xcc\x82\xcc\x83", "e\xcc\x81\xcc\x82\xcc\x83"}, /* a tower of marks */
};

static enum match
match(const char *a, const char *b)
{
	return match_names(a, strlen(a), b, strlen(b));
}

static void
test_pairs(void **state)
{
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < nitems(pairs); i++)
		if (match(pairs[i].a, pairs[i].b) != pairs[i].is ||
		    match(pairs[i].b, pairs[i].a) != pairs[i].is) {
			print_error("'%s' and '%s': %d, %d\n", pairs[i].a, pairs[i].b,
			    (int)match(pairs[i].a, pairs[i].b), (int)match(pairs[i].b, pairs[i].a));
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

static void
test_lengths(void **state)
{
	char a[4 * CAP_LETTER_TEXT + 8];
	size_t i;

	(void)state;
	memset(a, 'a', sizeof(a));
	assert_int_equal(match_names(a, CAP_LETTER_TEXT, a, CAP_LETTER_TEXT), MATCH_SAME);
	assert_int_equal(match_names(a, CAP_LETTER_TEXT + 1, a, CAP_LETTER_TEXT + 1), MATCH_OTHER);
	assert_int_equal(match_names(a, sizeof(a), a, sizeof(a)), MATCH_OTHER);
	/* as many words as fit */
	for (i = 1; i < CAP_LETTER_TEXT; i += 2)
		a[i] = i % 4 == 1 ? '.' : ',';
	assert_int_equal(match_names(a, CAP_LETTER_TEXT, a, CAP_LETTER_TEXT), MATCH_SAME);
	/* one character that becomes eighteen */
	for (i = 0; i + 3 <= 3 * 200; i += 3)
		memcpy(a + i, (const uint8_t[]){0xef, 0xb7, 0xba}, 3);
	assert_int_equal(match_names(a, 600, a, 600), MATCH_OTHER);
	/* not terminated: the NUL is no part of it, and none is read */
	assert_int_equal(match_names("Sari Wulan", 4, "Sari", 4), MATCH_SAME);
	assert_int_equal(match_names("Sari\0", 5, "Sari", 4), MATCH_OTHER);
}

static const struct {
	const char *name, *bare;
} bare[] = {
    {"Dr. Siti Nurhalimah, S.T., M.Si.", "Siti Nurhalimah"},
    {"H. Bayu Nugraha, S.Kom.", "Bayu Nugraha"},
    {"Sari Wulan", "Sari Wulan"},
    {"Suharto, S.H.", "Suharto"},
    {"I Made Sastra, S.H.", "I Made Sastra"},
    {"Dewi H.", "Dewi H."},
    {"Sari, Bayu", "Sari, Bayu"},
    {"S.H., M.H.", "S.H., M.H."},
    {"", ""},
    {" ", " "},
    {"\xff", "\xff"},
};

static void
test_bare(void **state)
{
	size_t i, from, len;

	(void)state;
	for (i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
		len = match_bare(bare[i].name, strlen(bare[i].name), &from);
		if (len != strlen(bare[i].bare) ||
		    memcmp(bare[i].name + from, bare[i].bare, len) != 0)
			fail_msg("%s: %.*s", bare[i].name, (int)len, bare[i].name + from);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_bare),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
