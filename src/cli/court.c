/* SPDX-License-Identifier: GPL-3.0-or-later */
/* court.h */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "cli.h"
#include "court.h"
#include "home.h"
#include "policy.h"

int
court_init(struct court *c)
{
	enum rc rc;

	memset(c, 0, sizeof(*c));
	artist_init(&c->artist);
	messenger_init(&c->messenger);
	if ((rc = cli_policies()) != RC_OK && rc != RC_ABSENT)
		return CLI_TROUBLE;
	c->params.policy = policy_find(NULL);
	c->params.at = (int64_t)time(NULL);
	return CLI_OK;
}

int
court_open(struct court *c)
{
	const char *from = c->trust_dir;
	struct buf log;
	enum rc rc;

	if (from == NULL && (from = home_path("conf/trust", c->path, sizeof(c->path))) == NULL)
		return cli_fail("no trust anchors: the installed ones were not found");
	buf_init(&log, 1u << 16);
	rc = trust_load(&c->trust, from, &log);
	if (log.len != 0)
		fputs(buf_text(&log), stderr);
	buf_clear(&log);
	if (rc != RC_OK)
		return cli_fail("%s: no trust anchors: %s", from, rc_str(rc));
	c->params.trust = c->trust;
	c->messenger.trust = from;
	if (!c->params.offline && !messenger_ready(&c->messenger))
		return CLI_TROUBLE;
	return CLI_OK;
}

void
court_close(struct court *c)
{
	artist_end(&c->artist);
	messenger_end(&c->messenger);
	trust_free(c->trust);
	c->trust = NULL;
}

enum rc
court_judge(
    struct court *c, const struct source *src, const char *name, int album, struct report **out)
{
	struct verify_params params = c->params;
	struct paint_job job;

	painter_job(&job, src->off, src->len, params.password, params.password_len);
	artist_document(&c->artist, src->fd, &job, album);
	explicit_bzero(&job, sizeof(job));
	messenger_document(&c->messenger);
	params.name = name;
	params.painter = &c->artist.painter;
	params.lookup = &c->messenger.lookup;
	return verify(out, src, &params);
}
