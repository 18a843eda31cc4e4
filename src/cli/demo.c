/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa demo: sample letters and the anchors to check them with. */
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "cli.h"
#include "samples.h"

static const char usage[] =
    "usage: periksa demo [--canary] DIR\n\n"
    "Writes sample letters of every kind of verdict into DIR, the list samples.tsv that\n"
    "says what each of them is, and the anchors to check them with into DIR/anchors.\n"
    "DIR is made if it isn't there; otherwise it must be empty or hold an earlier demo.\n"
    "Every name is invented, and the keys are thrown away.\n\n"
    "  --canary  instead, the three letters that the portal judges to see whether it still\n"
    "            judges aright; the build makes them\n"
    "  --help    this text\n\n"
    "  periksa demo demo\n"
    "  periksa verify --trust demo/anchors demo\n";

int
cmd_demo(int argc, char **argv)
{
	static const struct option options[] = {{"canary", no_argument, NULL, 'c'},
	    {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	const char *dir;
	bool canary = false;
	int option;
	enum rc rc;

	opterr = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option(argv, option);
		if (option == 'h')
			return cli_help(usage);
		canary = true;
	}
	if (argc - optind != 1 || argv[optind][0] == '\0')
		return cli_usage("demo", "demo: one folder is needed");
	dir = argv[optind];
	rc = (canary ? samples_canary : samples_write)(dir, (int64_t)time(NULL));
	if (rc == RC_BUSY)
		return cli_fail("demo: %s is not empty and holds no demo", dir);
	if (rc == RC_IO)
		return cli_fail("demo: %s: %m", dir);
	if (rc != RC_OK)
		return cli_fail("demo: %s: %s", dir, rc_str(rc));
	if (canary)
		return cli_done(CLI_OK);
	printf("%zu sample letters are in %s, and what they are in %s/samples.tsv.\n"
	       "    periksa verify --trust %s/anchors %s\n",
	    samples_count(), dir, dir, dir, dir);
	return cli_done(CLI_OK);
}
