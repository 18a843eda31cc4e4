/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa log query: the verification log as a table, JSON lines or CSV (RFC 4180). */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "cli.h"
#include "json.h"
#include "store.h"
#include "when.h"

static const char usage[] =
    "usage: periksa log query [--since TIME] [--until TIME] [--conclusion NAME]\n"
    "                         [--limit N] [--json | --csv]\n\n"
    "Prints the verification log in PERIKSA_DATA (default: data), oldest first.\n\n"
    "  --since TIME       from this time on\n"
    "  --until TIME       before this time\n"
    "                     (TIME: 2026-11-01T00:00:00Z, or a day: 2026-11-01)\n"
    "  --conclusion NAME  VALID, INVALID, INDETERMINATE, NO_SIGNATURE or UNREADABLE\n"
    "  --limit N          only the newest N\n"
    "  --json             one JSON object a line\n"
    "  --csv              comma-separated values with a header\n"
    "  --help             this text\n";

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV };

struct printer {
	enum format format;
	struct buf line; /* of the row at hand */
};

/* "2026-11-01T00:00:00.123Z" */
static void
put_time(struct buf *b, int64_t at)
{
	int64_t seconds = at / 1000, rest = at % 1000;
	char text[WHEN_TEXT];

	if (rest < 0) {
		rest += 1000;
		seconds--;
	}
	when_format(seconds, text);
	text[strcspn(text, "Z")] = '\0';
	buf_printf(b, "%s.%03" PRId64 "Z", text, rest);
}

static void
put_key(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, ",\"%s\":", key);
	if (*value == '\0')
		buf_str(b, "null");
	else
		json_text(b, value);
}

/* "A B" as ["A","B"]: codes are capital letters, digits and underscores. */
static void
put_codes(struct buf *b, const char *codes)
{
	buf_str(b, ",\"reasons\":[");
	if (*codes != '\0')
		buf_u8(b, '"');
	for (; *codes != '\0'; codes++) {
		if (*codes == ' ')
			buf_str(b, "\",\"");
		else
			buf_u8(b, (uint8_t)*codes);
		if (codes[1] == '\0')
			buf_u8(b, '"');
	}
	buf_u8(b, ']');
}

static void
put_json(struct buf *b, const struct store_row *row)
{
	buf_printf(b, "{\"kind\":\"verification\",\"seq\":%" PRId64 ",\"time\":\"", row->seq);
	put_time(b, row->at);
	buf_u8(b, '"');
	put_key(b, "channel", row->channel);
	put_key(b, "document", row->document);
	put_key(b, "conclusion", row->conclusion);
	put_codes(b, row->reasons);
	put_key(b, "policy", row->policy);
	put_key(b, "policy_version", row->policy_version);
	put_key(b, "trust", row->trust);
	buf_printf(b,
	    ",\"duration_us\":%" PRIu32 ",\"size\":%" PRIu64 ",\"signatures\":%" PRIu32 "}\n",
	    row->duration_us, row->size, row->signatures);
}

static const char csv_header[] = "seq,time,channel,document,conclusion,reasons,policy,"
				 "policy_version,trust,duration_us,size,signatures\r\n";

/* RFC 4180, 2: quoted if it must be. */
static void
put_field(struct buf *b, const char *s)
{
	buf_u8(b, ',');
	if (strpbrk(s, ",\"\r\n") == NULL) {
		buf_str(b, s);
		return;
	}
	buf_u8(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_u8(b, '"');
		buf_u8(b, (uint8_t)*s);
	}
	buf_u8(b, '"');
}

static void
put_csv(struct buf *b, const struct store_row *row)
{
	buf_printf(b, "%" PRId64 ",", row->seq);
	put_time(b, row->at);
	put_field(b, row->channel);
	put_field(b, row->document);
	put_field(b, row->conclusion);
	put_field(b, row->reasons);
	put_field(b, row->policy);
	put_field(b, row->policy_version);
	put_field(b, row->trust);
	buf_printf(b, ",%" PRIu32 ",%" PRIu64 ",%" PRIu32 "\r\n", row->duration_us, row->size,
	    row->signatures);
}

static const char table_header[] = "   SEQ  TIME                      BY    CONCLUSION     SIGS"
				   "       SIZE      MS  DOCUMENT          REASONS\n";

static void
put_table(struct buf *b, const struct store_row *row)
{
	buf_printf(b, "%6" PRId64 "  ", row->seq);
	put_time(b, row->at);
	buf_printf(b, "  %-4s  %-13s  %4" PRIu32 "  %9" PRIu64 "  %6.1f  ", row->channel,
	    row->conclusion, row->signatures, row->size, row->duration_us / 1000.0);
	if (*row->reasons == '\0')
		buf_printf(b, "%.16s\n", row->document);
	else
		buf_printf(b, "%-16.16s  %s\n", *row->document != '\0' ? row->document : "-",
		    row->reasons);
}

static bool
print_row(const struct store_row *row, void *arg)
{
	struct printer *p = arg;
	bool ok;

	p->line.len = 0;
	switch (p->format) {
	case FORMAT_JSON:
		put_json(&p->line, row);
		break;
	case FORMAT_CSV:
		put_csv(&p->line, row);
		break;
	case FORMAT_TABLE:
	default:
		put_table(&p->line, row);
		break;
	}
	ok = buf_rc(&p->line) == RC_OK && fwrite(p->line.p, 1, p->line.len, stdout) == p->line.len;
	return ok;
}

static int
query(const struct store_query *q, enum format format)
{
	struct printer printer = {.format = format};
	struct store *store;
	char path[4096];
	enum rc rc;

	if ((size_t)snprintf(path, sizeof(path), "%s/periksa.db", cli_data_dir()) >= sizeof(path))
		return cli_fail("PERIKSA_DATA is too long");
	if ((rc = store_open_readonly(&store, path)) == RC_ABSENT)
		return cli_fail("%s: there is no database here", path);
	if (rc != RC_OK)
		return cli_fail("%s: %s", path, rc_str(rc));
	buf_init(&printer.line, CAP_WIRE);
	if (format == FORMAT_TABLE)
		fputs(table_header, stdout);
	else if (format == FORMAT_CSV)
		fputs(csv_header, stdout);
	if ((rc = store_query(store, q, print_row, &printer)) == RC_OK)
		rc = buf_rc(&printer.line);
	buf_clear(&printer.line);
	store_close(store);
	if (rc != RC_OK)
		return cli_fail("%s: %s", path, rc_str(rc));
	return cli_done(CLI_OK);
}

static bool
parse_limit(const char *s, int64_t *out)
{
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	*out = strtoll(s, &end, 10);
	return errno == 0 && *end == '\0' && *out > 0;
}

/* One option into the query; CLI_OK to go on. */
static int
take(int option, struct store_query *q, enum format *format)
{
	switch (option) {
	case 's':
		return when_parse(optarg, &q->since)
			   ? CLI_OK
			   : cli_usage("log", "log query: '%s' is no time", optarg);
	case 'u':
		return when_parse(optarg, &q->until)
			   ? CLI_OK
			   : cli_usage("log", "log query: '%s' is no time", optarg);
	case 'c':
		q->conclusion = conclusion_parse(optarg);
		return q->conclusion != CONCLUSION__MAX
			   ? CLI_OK
			   : cli_usage("log", "log query: '%s' is no conclusion", optarg);
	case 'n':
		return parse_limit(optarg, &q->limit)
			   ? CLI_OK
			   : cli_usage("log", "log query: '%s' is no number of rows", optarg);
	default: /* 'j', 'v' */
		if (*format != FORMAT_TABLE)
			return cli_usage("log", "log query: --json and --csv exclude each other");
		*format = option == 'j' ? FORMAT_JSON : FORMAT_CSV;
		return CLI_OK;
	}
}

int
cmd_log(int argc, char **argv)
{
	static const struct option options[] = {
	    {"since", required_argument, NULL, 's'},
	    {"until", required_argument, NULL, 'u'},
	    {"conclusion", required_argument, NULL, 'c'},
	    {"limit", required_argument, NULL, 'n'},
	    {"json", no_argument, NULL, 'j'},
	    {"csv", no_argument, NULL, 'v'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	struct store_query q = {WHEN_NONE, WHEN_NONE, CONCLUSION__MAX, 0};
	enum format format = FORMAT_TABLE;
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option(argv, option);
		if (option == 'h')
			return cli_help(usage);
		if ((status = take(option, &q, &format)) != CLI_OK)
			return status;
	}
	if (argc - optind < 1)
		return cli_usage("log", "log: what? there is `query`");
	if (strcmp(argv[optind], "query") != 0)
		return cli_usage("log", "log: there is no '%s'", argv[optind]);
	if (argc - optind > 1)
		return cli_usage("log", "log query: '%s' is too much", argv[optind + 1]);
	return query(&q, format);
}
