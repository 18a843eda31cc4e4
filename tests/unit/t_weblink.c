/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as a stranger writes them on a letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "weblink.h"

#define F WEBLINK_FOREIGN

static const struct weblink_lists lists = {"provcontoh.go.id, periksa.example.com", "bit.ly, s.id"};

static const struct {
	const char *text;
	enum weblink_kind kind;
	const char *host, *domain;
	unsigned reasons;
} cases[] = {
    {"https://tte.provcontoh.go.id/d/ABC", WEBLINK_WEB, "tte.provcontoh.go.id", "provcontoh.go.id",
	0},
    {"HTTPS://TTE.PROVCONTOH.GO.ID/D/ABC", WEBLINK_WEB, "tte.provcontoh.go.id", "provcontoh.go.id",
	0},
    {"  https://periksa.example.com:443/x\n", WEBLINK_WEB, "periksa.example.com", "example.com", 0},
    {"http://provcontoh.go.id", WEBLINK_WEB, "provcontoh.go.id", "provcontoh.go.id", WEBLINK_PLAIN},
    {"https://provcontoh.go.id:8443/", WEBLINK_WEB, "provcontoh.go.id", "provcontoh.go.id",
	WEBLINK_PORT},
    {"https://lain.go.id/", WEBLINK_WEB, "lain.go.id", "lain.go.id", F},
    {"https://xprovcontoh.go.id/", WEBLINK_WEB, "xprovcontoh.go.id", "xprovcontoh.go.id", F},
    {"https://provcontoh-go.id.example/d", WEBLINK_WEB, "provcontoh-go.id.example", "id.example",
	F | WEBLINK_ALIKE},
    {"https://provcontoh.go.id.jahat.example/", WEBLINK_WEB, "provcontoh.go.id.jahat.example",
	"jahat.example", F | WEBLINK_ALIKE},
    {"https://pr0vc0ntoh.com/", WEBLINK_WEB, "pr0vc0ntoh.com", "pr0vc0ntoh.com", F | WEBLINK_ALIKE},
    {"https://provcontho.com/", WEBLINK_WEB, "provcontho.com", "provcontho.com", F},
    {"https://provcomtoh.com/", WEBLINK_WEB, "provcomtoh.com", "provcomtoh.com", F | WEBLINK_ALIKE},
    {"https://prov-contoh.web.id/", WEBLINK_WEB, "prov-contoh.web.id", "prov-contoh.web.id",
	F | WEBLINK_ALIKE},
    {"https://provcontoh.go.id@jahat.example/", WEBLINK_WEB, "jahat.example", "jahat.example",
	F | WEBLINK_USER},
    {"https:\\\\jahat.example\\@provcontoh.go.id", WEBLINK_WEB, "jahat.example", "jahat.example",
	F},
    {"https:///jahat.example", WEBLINK_WEB, "jahat.example", "jahat.example", F},
    {"https://jahat.example?provcontoh.go.id", WEBLINK_WEB, "jahat.example", "jahat.example", F},
    {"https://192.0.2.7/x", WEBLINK_WEB, "192.0.2.7", "192.0.2.7", F | WEBLINK_NUMBER},
    {"http://3221225985/", WEBLINK_WEB, "3221225985", "3221225985",
	F | WEBLINK_NUMBER | WEBLINK_PLAIN},
    {"https://0xc0000207/", WEBLINK_WEB, "0xc0000207", "0xc0000207", F | WEBLINK_NUMBER},
    {"https://[2001:db8::1]/", WEBLINK_WEB, "[2001:db8::1]", "[2001:db8::1]", F | WEBLINK_NUMBER},
    {"https://xn--prvcontoh-abc.id/", WEBLINK_WEB, "xn--prvcontoh-abc.id", "xn--prvcontoh-abc.id",
	F | WEBLINK_PUNYCODE},
    {"https://pr\xd0\xbevcontoh.id/", WEBLINK_WEB, "pr%D0%BEvcontoh.id", "pr%D0%BEvcontoh.id",
	F | WEBLINK_SCRIPT},
    {"https://tte%2eprovcontoh.go.id/", WEBLINK_WEB, "tte%252eprovcontoh.go.id",
	"tte%252eprovcontoh.go.id", F | WEBLINK_SCRIPT},
    {"https://bit.ly/3xyz", WEBLINK_WEB, "bit.ly", "bit.ly", F | WEBLINK_SHORTENER},
    {"bit.ly/3xyz", WEBLINK_WEB, "bit.ly", "bit.ly", F | WEBLINK_SHORTENER | WEBLINK_PLAIN},
    {"https://", WEBLINK_WEB, "", "", F | WEBLINK_SCRIPT},
    {"javascript:alert(1)", WEBLINK_OTHER, "", "", 0},
    {"tel:+620000", WEBLINK_OTHER, "", "", 0},
    {"Catatan: surat ini sah", WEBLINK_TEXT, "", "", 0},
    {"Dokumen telah ditandatangani secara elektronik oleh : Ani Contoh", WEBLINK_TEXT, "", "", 0},
    {"800/123/2026", WEBLINK_TEXT, "", "", 0},
    {"", WEBLINK_TEXT, "", "", 0},
};

static void
where(void **state)
{
	struct weblink w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		weblink_read(&w, (const uint8_t *)cases[i].text, strlen(cases[i].text), &lists);
		if (w.kind != cases[i].kind || w.reasons != cases[i].reasons ||
		    strcmp(w.host, cases[i].host) != 0 ||
		    strcmp(w.host + w.domain, cases[i].domain) != 0)
			fail_msg("%s: kind %d, host %s, domain %s, reasons %x, not %x",
			    cases[i].text, (int)w.kind, w.host, w.host + w.domain, w.reasons,
			    cases[i].reasons);
	}
}

static void
words(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < WEBLINK_REASONS; i++) {
		assert_string_not_equal(weblink_text(i), "");
		assert_string_not_equal(weblink_word(i), "");
	}
	assert_string_equal(weblink_text(WEBLINK_REASONS), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(where), cmocka_unit_test(words)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("weblink", tests, NULL, NULL);
}
