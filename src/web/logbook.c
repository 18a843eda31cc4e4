/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every verification that the portal has acknowledged leaves behind. */
#include "album.h"
#include "caps.h"
#include "logbook.h"
#include "picture.h"
#include "web.h"
#include "wire.h"

enum rc
logbook_add(
    const struct job *j, const struct report *r, enum channel channel, char id[STORE_ID_LEN + 1])
{
	struct store *store = web_store();
	struct store_verification v = {
	    .at = ask_now_ms(),
	    .channel = channel,
	    .report = r,
	    .duration_us = job_duration(j),
	};
	struct album_picture pictures[PICTURES_MAX];
	struct buf wire, album;
	enum rc rc;

	if (store == NULL)
		return RC_IO;
	buf_init(&wire, CAP_WIRE);
	buf_init(&album, ALBUM_MAX);
	wire_encode(&wire, r);
	/* A report without its pictures is a report, too. */
	if (job_album(j, &album) == RC_OK) {
		v.pictures = pictures;
		v.npictures = pictures_of(pictures, &album);
	}
	if ((rc = buf_rc(&wire)) == RC_OK) {
		v.wire = wire.p;
		v.wire_len = wire.len;
		v.expires = v.at / 1000 + CAP_REPORT_HOURS * 3600;
		rc = store_record(store, &v, id);
	}
	buf_clear(&wire);
	buf_clear(&album);
	if (rc != RC_OK)
		kore_log(LOG_ERR, "a verification could not be recorded: %s", rc_str(rc));
	return rc;
}
