/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa stamp: the footer on the pages of a letter, before it is signed. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "cli.h"
#include "ticket.h"

static const char usage[] =
    "usage: periksa stamp [OPTION...] --id ID IN.pdf -o OUT.pdf\n"
    "       periksa stamp [OPTION...] --url URL IN.pdf -o OUT.pdf\n\n"
    "Puts the footer on the pages of a letter that is not signed yet, where the bottom margin\n"
    "has room; smaller, if it must be.  What the pages say stays as it is.\n\n"
    "  --pages WHICH    all (the default), first, last, N or A-B\n"
    "  --url URL        what the QR holds\n"
    "  --id ID          of a registered letter, printed; the QR holds PUBLIC-URL/d/ID\n"
    "  --public-url URL the portal's address, as citizens type it; default: PERIKSA_PUBLIC_URL,\n"
    "                   else that of conf/portal.conf.  With it or --url, the ID may be one that\n"
    "                   is not in the register\n"
    "  --wording NAME   of templates/paper/wordings.conf; default: the agency's, else F1\n"
    "  --agency TEXT    a line above the wording; default: the letter's agency\n"
    "  --logo FILE      PNG, JPEG or SVG, for the middle of the QR\n"
    "  --template NAME  templates/paper/NAME.svg; default: footer\n"
    "  -o FILE          where to write it; - is standard output\n"
    "  --help           this text\n";

static const struct option options[] = {{"pages", required_argument, NULL, 'g'},
    {"url", required_argument, NULL, 'u'}, {"id", required_argument, NULL, 'i'},
    {"public-url", required_argument, NULL, 'p'}, {"wording", required_argument, NULL, 'w'},
    {"agency", required_argument, NULL, 'a'}, {"logo", required_argument, NULL, 'l'},
    {"template", required_argument, NULL, 'm'}, {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

static int
take(struct ticket *t, int option, char **argv)
{
	if (option == 'h')
		return cli_help(usage);
	if (option == 'g')
		return ticket_pages(optarg, &t->job.from, &t->job.to)
			   ? -1
			   : cli_usage("stamp", "stamp: --pages is all, first, last, N or A-B");
	return ticket_option(t, option, optarg) ? -1 : cli_bad_option(argv, option);
}

int
cmd_stamp(int argc, char **argv)
{
	struct ticket t;
	int option, status = -1;

	ticket_init(&t, "stamp", PAPER_STAMP);
	opterr = 0;
	while (status == -1 &&
	       /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	       (option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1)
		status = take(&t, option, argv);
	if (status == -1 && (argc - optind != 1 || t.out == NULL))
		status = cli_usage("stamp", "stamp: one PDF and -o FILE are needed");
	if (status == -1)
		status = ticket_footer(&t) && ticket_document(&t, argv[optind]) && ticket_run(&t) &&
				 ticket_save(&t)
			     ? CLI_OK
			     : CLI_TROUBLE;
	ticket_clear(&t);
	return status;
}
