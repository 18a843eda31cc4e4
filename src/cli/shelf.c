/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.h */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "shelf.h"

static int
store_path(char *out, size_t max)
{
	if ((size_t)snprintf(out, max, "%s/periksa.db", cli_data_dir()) >= max)
		return cli_fail("PERIKSA_DATA is too long");
	return CLI_OK;
}

int
shelf_open(struct store **out)
{
	char path[4096];
	enum rc rc;

	*out = NULL;
	if (store_path(path, sizeof(path)) != CLI_OK)
		return CLI_TROUBLE;
	if (mkdir(cli_data_dir(), 0700) == -1 && errno != EEXIST)
		return cli_fail("%s: %m", cli_data_dir());
	if ((rc = store_open(out, path)) != RC_OK)
		return cli_fail("%s: %s", path, rc_str(rc));
	return CLI_OK;
}

int
shelf_find(struct store **out)
{
	char path[4096];

	*out = NULL;
	if (store_path(path, sizeof(path)) != CLI_OK)
		return CLI_TROUBLE;
	if (access(path, F_OK) == -1)
		return cli_fail("%s: there is no database here", path);
	return shelf_open(out);
}

const char *
shelf_today(char out[SHELF_DAY])
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL || strftime(out, SHELF_DAY, "%Y-%m-%d", &tm) == 0)
		out[0] = '\0';
	return out;
}

int64_t
shelf_number(const char *s)
{
	long long n;
	char *end;

	if (*s < '0' || *s > '9')
		return 0;
	errno = 0;
	n = strtoll(s, &end, 10);
	return errno == 0 && *end == '\0' ? n : 0;
}

int
shelf_print(struct buf *b, const char *verb)
{
	enum rc rc = buf_rc(b);

	if (rc == RC_OK && b->len > 0)
		(void)fwrite(b->p, 1, b->len, stdout);
	if (b->p != NULL)
		explicit_bzero(b->p, b->len);
	buf_clear(b);
	return rc == RC_OK ? cli_done(CLI_OK) : cli_fail("%s: %s", verb, rc_str(rc));
}

/* ---- passwords ---- */

/* One octet at a time: what follows the line is not ours to take. */
static int
read_line(int fd, uint8_t *out, size_t max, size_t *len)
{
	ssize_t got;

	for (*len = 0; *len < max;) {
		got = read(fd, out + *len, 1);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return CLI_TROUBLE;
		if (got == 0 || out[*len] == '\n')
			break;
		(*len)++;
	}
	if (*len > 0 && out[*len - 1] == '\r')
		(*len)--;
	return CLI_OK;
}

int
shelf_password(const char *verb, const char *arg, uint8_t *out, size_t max, size_t *len)
{
	char *end;
	long fd;

	*len = 0;
	fd = strtol(arg, &end, 10);
	if (*arg < '0' || *arg > '9' || *end != '\0' || fd > INT32_MAX)
		return cli_usage(verb, "%s: --password-fd wants the number of a descriptor", verb);
	if (read_line((int)fd, out, max, len) != CLI_OK)
		return cli_fail("--password-fd %ld: %m", fd);
	return CLI_OK;
}

static int
ask(int tty, const char *prompt, uint8_t *out, size_t max, size_t *len)
{
	if (io_write_full(tty, prompt, strlen(prompt)) != RC_OK ||
	    read_line(tty, out, max, len) != CLI_OK || io_write_full(tty, "\n", 1) != RC_OK)
		return cli_fail("terminal: %m");
	return CLI_OK;
}

int
shelf_ask_password(const char *verb, uint8_t *out, size_t max, size_t *len)
{
	uint8_t *again = calloc(1, max);
	struct termios shown, hidden;
	int tty, status;
	size_t n = 0;

	*len = 0;
	if ((tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) == -1 || again == NULL ||
	    tcgetattr(tty, &shown) == -1) {
		status = cli_usage(verb, "%s: no terminal: give --password-fd", verb);
		goto out;
	}
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(tty, TCSAFLUSH, &hidden);
	if ((status = ask(tty, "Password: ", out, max, len)) == CLI_OK)
		status = ask(tty, "Once more: ", again, max, &n);
	(void)tcsetattr(tty, TCSAFLUSH, &shown);
	if (status == CLI_OK && (n != *len || memcmp(out, again, n) != 0))
		status = cli_fail("%s: that was not the same password twice", verb);
out:
	if (again != NULL)
		explicit_bzero(again, max);
	free(again);
	io_close(&tty);
	return status;
}
