/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa VERB ...: finds the verb, and the few lines that every verb shares. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} verbs[] = {
    {"verify", cmd_verify, "say whether signed PDFs are genuine"},
    {"serve", cmd_serve, "run the portal"},
    {"demo", cmd_demo, "write sample PDFs and the anchors to check them with"},
    {"log", cmd_log, "query the verification log"},
    {"trust", cmd_trust, "list and change the anchors"},
    {"user", cmd_user, "accounts of staff, auditors and admins"},
    {"doc", cmd_doc, "the register of letters"},
    {"specimen", cmd_specimen, "draw what a signature shows on the page"},
    {"footer", cmd_footer, "draw a letter's footer with its QR"},
    {"stamp", cmd_stamp, "put that footer on the pages of a letter"},
    {"batch", cmd_batch, "footers or stamped letters for the rows of a CSV"},
    {"scan", cmd_scan, "say where the QRs of a picture or PDF lead"},
};

#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

/* One line: what comes from outside (file names) can't begin another. */
static void __attribute__((format(printf, 1, 0))) print_error(const char *fmt, va_list ap)
{
	char line[1024], *p;

	vsnprintf(line, sizeof(line), fmt, ap);
	for (p = line; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	fprintf(stderr, "periksa: %s", line);
}

int
cli_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_error(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return CLI_TROUBLE;
}

int
cli_usage(const char *verb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_error(fmt, ap);
	va_end(ap);
	fprintf(stderr, "; see `periksa%s%s --help`\n", verb != NULL ? " " : "",
	    verb != NULL ? verb : "");
	return CLI_TROUBLE;
}

int
cli_bad_option(char *const *argv, int answer)
{
	const char *what = answer == ':' ? "needs a value" : "is unknown or takes no value";

	/* a long option, or one that stands alone, has been stepped over */
	if (optopt == 0 || strncmp(argv[optind - 1], "--", 2) == 0)
		return cli_usage(argv[0], "%s: option %s %s", argv[0], argv[optind - 1], what);
	return cli_usage(argv[0], "%s: option -%c %s", argv[0], optopt, what);
}

int
cli_help(const char *text)
{
	fputs(text, stdout);
	return cli_done(CLI_OK);
}

int
cli_done(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return cli_fail("standard output: %m");
}

const char *
cli_data_dir(void)
{
	const char *dir = getenv("PERIKSA_DATA");

	return dir != NULL && *dir != '\0' ? dir : "data";
}

static int
help(void)
{
	size_t i;

	printf("usage: periksa VERB [OPTION...] [OPERAND...]\n\n");
	for (i = 0; i < NVERBS; i++)
		printf("  %-8s %s\n", verbs[i].name, verbs[i].what);
	printf("\n`periksa VERB --help` says more, periksa(1) the most.  periksa --version\n");
	return cli_done(CLI_OK);
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return cli_usage(NULL, "no verb");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help();
	if (strcmp(argv[1], "--version") == 0) {
		printf("periksa " PERIKSA_VERSION "\n");
		return cli_done(CLI_OK);
	}
	/* what a machine's openssl.cnf says must not change what a report says */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return cli_fail("OpenSSL does not start");
	for (i = 0; i < NVERBS; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	return cli_usage(NULL, "there is no verb '%s'", argv[1]);
}
