/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "caps.h"
#include "rc.h"

/*
 * What is said on the supervisor's socket: a stream per document.
 *
 * The client sends one request, in one message with the document's descriptor, and
 * with that of an album (base/album.h) if it wants pictures.
 * The answer is frames of tag, length (both four octets, big-endian) and body:
 *
 *   TALK_HEAD    by the supervisor: under what the document is judged
 *   TALK_REPORT  by the inspector: one report as in wire.h
 *   TALK_END     by the supervisor, when the inspector is gone: how it ended
 *
 * A report may be cut off by the inspector's death; the end is then still the
 * last TALK_END_LEN octets.  A stream without it means that the supervisor is gone.
 */
#define TALK_HEAD   0x48454144u
#define TALK_REPORT 0x52505254u
#define TALK_END    0x454e4420u

#define TALK_FRAME_LEN   8u
#define TALK_END_LEN     (TALK_FRAME_LEN + 4)
#define TALK_TEXT        32  /* octets of a policy's id or version, NUL included */
#define TALK_REQUEST_MAX 240 /* octets of a request: fits a buf's first block */
#define TALK_HEAD_MAX    160

enum talk_end {
	TALK_DONE, /* it left by itself; whether with a report the stream shows */
	TALK_DIED, /* crashed, was refused a system call, ran out of memory */
	TALK_TIME, /* ran out of time */
	TALK_END__MAX
};

struct talk_request {
	uint64_t off, len;
	int64_t at;
	bool offline;
	bool pictures; /* compare how pages look; pictures of those that differ for the album */
	bool canary;   /* by the anchors of known documents; the head still names the others */
	char policy[TALK_TEXT]; /* "": the default */
	uint8_t password[CAP_PASSWORD];
	uint8_t password_len; /* 0: none */
};

struct talk_head {
	uint8_t trust_id[32];
	bool demonstration;
	char policy_id[TALK_TEXT], policy_version[TALK_TEXT];
};

/* Append; ask buf_rc(). */
void talk_put_request(struct buf *b, const struct talk_request *q);
void talk_put_head(struct buf *b, const struct talk_head *h); /* with its frame */
void talk_put_end(struct buf *b, enum talk_end e);            /* with its frame */
void talk_put_frame(struct buf *b, uint32_t tag, size_t len); /* tag and length alone */
/* All of p, or RC_FORMAT. */
enum rc talk_get_request(struct talk_request *q, const void *p, size_t len);
enum rc talk_get_head(struct talk_head *h, const void *p, size_t len); /* without its frame */
/* The end that these TALK_END_LEN octets are; TALK_END__MAX if they are none. */
enum talk_end talk_get_end(const void *p);

#endif /* TALK_H */
