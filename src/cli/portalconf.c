/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A typing error must not send a letter's readers elsewhere: one is enough to refuse the file. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "conf.h"
#include "crockford.h"
#include "home.h"
#include "io.h"
#include "portalconf.h"

#define NAME     "conf/portal.conf"
#define TEXT_MAX 65536

/* What may follow it in a QR. */
#define TAIL (sizeof("/d/") - 1 + CROCKFORD_ID_LEN)

/* Nothing that a telephone, a form or a page would read in another way. */
static const char url_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789-._~:/[]%";

static bool
take_url(struct portalconf *c, const char *s)
{
	const char *host = strncmp(s, "https://", 8) == 0  ? s + 8
			   : strncmp(s, "http://", 7) == 0 ? s + 7
							   : "";
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == '/')
		len--;
	if (*host == '\0' || *host == '/' || *host == ':' || strspn(s, url_chars) != strlen(s) ||
	    len > CAP_PAPER_ADDRESS - TAIL)
		return false;
	memcpy(c->public_url, s, len);
	c->public_url[len] = '\0';
	return true;
}

/* "01:30" */
static bool
take_time(struct portalconf *c, const char *s)
{
	int i;

	for (i = 0; i < 5; i++)
		if (i == 2 ? s[i] != ':' : s[i] < '0' || s[i] > '9')
			return false;
	c->hour = (s[0] - '0') * 10 + s[1] - '0';
	c->minute = (s[3] - '0') * 10 + s[4] - '0';
	return s[5] == '\0' && c->hour < 24 && c->minute < 60;
}

static bool
take_line(struct portalconf *c, const char *section, const char *key, const char *value)
{
	if (strcmp(section, "portal") == 0 && strcmp(key, "public_url") == 0)
		return *value == '\0' || take_url(c, value);
	return strcmp(section, "clerk") == 0 && strcmp(key, "night") == 0 && take_time(c, value);
}

static int
parse(struct portalconf *c, char *text)
{
	const char *section = "";
	enum conf_kind kind;
	char *key, *value;

	while ((kind = conf_next(&text, &key, &value)) != CONF_END)
		if (kind == CONF_HEADING)
			section = key;
		else if (kind != CONF_PAIR)
			return cli_fail(NAME ": a line is neither [section] nor key = value");
		else if (!take_line(c, section, key, value))
			return cli_fail(NAME ": [%s] %s: this value can't be", section, key);
	return CLI_OK;
}

int
portalconf_read(struct portalconf *c)
{
	static char text[TEXT_MAX];
	const char *url = getenv("PERIKSA_PUBLIC_URL");
	char path[PATH_MAX];
	size_t len = 0;
	ssize_t n = -1;
	int fd, status;

	memset(c, 0, sizeof(*c));
	if (home_path(NAME, path, sizeof(path)) == NULL)
		return cli_fail(NAME " was not found; is PERIKSA_HOME right?");
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return cli_fail("%s: %m", path);
	while (len < sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	io_close(&fd);
	if (n != 0 || memchr(text, '\0', len) != NULL)
		return cli_fail("%s: not a file of lines", path);
	text[len] = '\0';
	if ((status = parse(c, text)) != CLI_OK)
		return status;
	if (url != NULL && *url != '\0' && !take_url(c, url))
		return cli_fail("PERIKSA_PUBLIC_URL: an address like https://periksa.example.go.id "
				"is expected");
	return CLI_OK;
}
