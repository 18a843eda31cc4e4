/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa specimen: what a signer's signature shows on the page. */
#include <getopt.h>
#include <string.h>

#include "cli.h"
#include "shelf.h"
#include "ticket.h"

static const char usage[] =
    "usage: periksa specimen [OPTION...] --title TITLE --name NAME --rank RANK -o FILE\n"
    "       periksa specimen [OPTION...] --id ID [--signer N] -o FILE\n\n"
    "Draws the picture that a signature shows on a letter: the wording, title, name and rank,\n"
    "and the agency's logo.  Long texts are wrapped and made smaller until they fit.\n\n"
    "  --title TITLE    the signer's office, put in capitals\n"
    "  --name NAME      as the certificate has it\n"
    "  --no-degrees     print the name without its degrees and titles\n"
    "  --rank RANK      with the grade: \"Pembina Utama Madya (IV/d)\"\n"
    "  --id ID          of a registered letter: what is not given is its signer's, and its\n"
    "                   agency's logo\n"
    "  --signer N       the N-th signer of that letter; default: 1\n"
    "  --logo FILE      PNG, JPEG or SVG; default: the agency's, else templates/paper/logo.svg\n"
    "                   or logo.png\n"
    "  --template NAME  templates/paper/NAME.svg: specimen (the default), specimen-bsre\n"
    "  --format FORMAT  png (the default, transparent), svg or pdf\n"
    "  --dpi N          dots an inch of a PNG, 72 to 1200; default 300\n"
    "  -o FILE          where to write it; - is standard output\n"
    "  --help           this text\n";

static const struct option options[] = {{"title", required_argument, NULL, 't'},
    {"name", required_argument, NULL, 'n'}, {"no-degrees", no_argument, NULL, 'b'},
    {"rank", required_argument, NULL, 'r'}, {"id", required_argument, NULL, 'i'},
    {"signer", required_argument, NULL, 's'}, {"logo", required_argument, NULL, 'l'},
    {"template", required_argument, NULL, 'm'}, {"format", required_argument, NULL, 'f'},
    {"dpi", required_argument, NULL, 'd'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

/* -1: go on; else the exit status. */
static int
take(struct ticket *t, struct register_signer *signer, int64_t *n, int option, char **argv)
{
	bool ok = true;

	switch (option) {
	case 't':
		signer->title = optarg;
		break;
	case 'n':
		signer->name = optarg;
		break;
	case 'r':
		signer->rank = optarg;
		break;
	case 'b':
		t->bare = true;
		break;
	case 'f':
		ok = ticket_format(t, optarg);
		break;
	case 'd':
		ok = ticket_dpi(t, optarg);
		break;
	case 's':
		if ((*n = shelf_number(optarg)) == 0)
			return cli_usage("specimen", "specimen: --signer is a number from 1 on");
		break;
	case 'i':
	case 'l':
	case 'm':
	case 'o':
		(void)ticket_option(t, option, optarg);
		break;
	case 'h':
		return cli_help(usage);
	default:
		return cli_bad_option(argv, option);
	}
	return ok ? -1 : CLI_TROUBLE;
}

int
cmd_specimen(int argc, char **argv)
{
	struct register_signer signer = {NULL, NULL, NULL};
	int64_t n = 1;
	struct ticket t;
	int option, status = -1;

	ticket_init(&t, "specimen", PAPER_SPECIMEN);
	opterr = 0;
	while (status == -1 &&
	       /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	       (option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1)
		status = take(&t, &signer, &n, option, argv);
	if (status == -1 && (argc != optind || t.out == NULL ||
				(t.id == NULL && (signer.title == NULL || signer.name == NULL ||
						     signer.rank == NULL))))
		status = cli_usage(
		    "specimen", "specimen: --title, --name and --rank or --id, and -o are needed");
	if (status == -1)
		status =
		    ticket_specimen(&t, &signer, (size_t)n) && ticket_run(&t) && ticket_save(&t)
			? CLI_OK
			: CLI_TROUBLE;
	ticket_clear(&t);
	return status;
}
