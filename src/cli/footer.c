/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa footer: the foot of a letter's pages, for whoever puts it there by hand. */
#include <getopt.h>

#include "cli.h"
#include "ticket.h"

static const char usage[] =
    "usage: periksa footer [OPTION...] --id ID -o FILE\n"
    "       periksa footer [OPTION...] --url URL -o FILE\n\n"
    "Draws the footer of a letter: a QR that leads to the address, the mandated wording, and\n"
    "the address and the ID in letters.  The QR is read back before it is given out.\n\n"
    "  --url URL        what the QR holds\n"
    "  --id ID          of a registered letter, printed; the QR holds PUBLIC-URL/d/ID\n"
    "  --public-url URL the portal's address, as citizens type it; default: PERIKSA_PUBLIC_URL,\n"
    "                   else that of conf/portal.conf.  With it or --url, the ID may be one that\n"
    "                   is not in the register\n"
    "  --wording NAME   of templates/paper/wordings.conf; default: the agency's, else F1\n"
    "  --agency TEXT    a line above the wording; default: the letter's agency\n"
    "  --logo FILE      PNG, JPEG or SVG, for the middle of the QR; left out, with a note, if the\n"
    "                   QR can't be read with it.  Default: the agency's, else\n"
    "                   templates/paper/logo.svg or logo.png\n"
    "  --template NAME  templates/paper/NAME.svg; default: footer\n"
    "  --format FORMAT  png (the default, transparent), svg or pdf\n"
    "  --dpi N          dots an inch of a PNG, 72 to 1200; default 300\n"
    "  -o FILE          where to write it; - is standard output\n"
    "  --help           this text\n";

static const struct option options[] = {{"url", required_argument, NULL, 'u'},
    {"id", required_argument, NULL, 'i'}, {"public-url", required_argument, NULL, 'p'},
    {"wording", required_argument, NULL, 'w'}, {"agency", required_argument, NULL, 'a'},
    {"logo", required_argument, NULL, 'l'}, {"template", required_argument, NULL, 'm'},
    {"format", required_argument, NULL, 'f'}, {"dpi", required_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

int
cmd_footer(int argc, char **argv)
{
	struct ticket t;
	int option, status = -1;

	ticket_init(&t, "footer", PAPER_FOOTER);
	opterr = 0;
	while (status == -1 &&
	       /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	       (option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
		if (option == 'h')
			status = cli_help(usage);
		else if (option == 'f')
			status = ticket_format(&t, optarg) ? -1 : CLI_TROUBLE;
		else if (option == 'd')
			status = ticket_dpi(&t, optarg) ? -1 : CLI_TROUBLE;
		else if (!ticket_option(&t, option, optarg))
			status = cli_bad_option(argv, option);
	}
	if (status == -1 && (argc != optind || t.out == NULL))
		status = cli_usage("footer", "footer: -o FILE, and no other operand");
	if (status == -1)
		status =
		    ticket_footer(&t) && ticket_run(&t) && ticket_save(&t) ? CLI_OK : CLI_TROUBLE;
	ticket_clear(&t);
	return status;
}
