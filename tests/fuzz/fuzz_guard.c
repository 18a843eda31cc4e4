/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An address of the web that a stranger wrote.  What the guard lets through reads the same when
 * read again, and curl, which is given it, sees the same host and port in it.
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"

#define CHECK(what)              \
	do {                     \
		if (!(what))     \
			abort(); \
	} while (0)

static void
same_to_curl(const struct guard_url *u)
{
	char *scheme, *host, *port, *user, want[300];
	CURLU *c = curl_url();

	CHECK(c != NULL && curl_url_set(c, CURLUPART_URL, u->url, 0) == CURLUE_OK);
	CHECK(curl_url_get(c, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK);
	CHECK(curl_url_get(c, CURLUPART_HOST, &host, 0) == CURLUE_OK);
	CHECK(curl_url_get(c, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK);
	CHECK(curl_url_get(c, CURLUPART_USER, &user, 0) == CURLUE_NO_USER);
	CHECK(strcmp(scheme, u->https ? "https" : "http") == 0);
	CHECK(strtoul(port, NULL, 10) == u->port);
	(void)snprintf(want, sizeof(want), strchr(u->host, ':') != NULL ? "[%s]" : "%s", u->host);
	CHECK(strcmp(host, want) == 0);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(c);
}

/* No other program would take a name for a literal address. */
static void
judged(const struct guard *g, const struct guard_url *u)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(u->port)};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(u->port)};
	bool is4 = inet_aton(u->host, &v4.sin_addr) != 0;
	bool is6 = inet_pton(AF_INET6, u->host, &v6.sin6_addr) == 1;

	CHECK(u->literal == (is4 || is6));
	CHECK(!is4 || guard_address(g, (const struct sockaddr *)&v4, sizeof(v4)));
	CHECK(!is6 || guard_address(g, (const struct sockaddr *)&v6, sizeof(v6)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char one[] = "ocsp.example.org", two[] = "127.0.0.1";
	char *hosts[] = {one, two};
	struct evidence_conf conf = {.any_host = true, .test_ports = {8081}, .ntest_ports = 1};
	struct guard g = {&conf, hosts, 2};
	struct guard_url u, again;
	const char *url = (const char *)data;
	size_t i;

	if (len == 0)
		return 0;
	conf.any_host = (data[0] & 1) != 0;
	conf.ntest_ports = (data[0] >> 1) & 1;
	if (guard_url(&g, url + 1, len - 1, &u) != LOOKUP_OPEN)
		return 0;
	CHECK(u.port == 80 || u.port == 443 || (u.port == 8081 && conf.ntest_ports > 0));
	CHECK(conf.any_host || strcmp(u.host, one) == 0 || strcmp(u.host, two) == 0);
	for (i = 0; u.url[i] != '\0'; i++)
		CHECK(u.url[i] > ' ' && u.url[i] < 0x7f && strchr("\\#\"<>", u.url[i]) == NULL);
	CHECK(guard_url(&g, u.url, strlen(u.url), &again) == LOOKUP_OPEN);
	CHECK(strcmp(u.url, again.url) == 0 && strcmp(u.host, again.host) == 0);
	CHECK(strcmp(u.name, again.name) == 0 && u.port == again.port && u.https == again.https);
	same_to_curl(&u);
	judged(&g, &u);
	return 0;
}
