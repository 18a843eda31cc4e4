/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signed letter comes back: it is judged as any document is, searched for its id, and weighed
 * against what the register says.  What differs is told; an admin may overrule what may be
 * overruled, and the file is then judged once more: nothing that a page brings back is believed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "bureau.h"
#include "intake.h"
#include "io.h"
#include "logbook.h" /* and job.h */
#include "pigeonhole.h"
#include "press.h"
#include "prose.h"
#include "vault.h"
#include "wire.h"

#define WORDS_MAX 4096

/* The file while its request sleeps; the visit's body, or a pigeonhole's file that is mapped. */
struct paper {
	const uint8_t *p;
	size_t len;
	void *map;
	char nonce[PIGEONHOLE_NONCE + 1]; /* of the pigeonhole that it came from; "" */
	const char *reason;               /* why all the same; "" unless an admin overrules */
};

static void
release(void *arg)
{
	struct paper *paper = arg;

	if (paper->map != NULL)
		munmap(paper->map, paper->len);
}

static void
label(char *out, size_t size, const char *nonce, const char *id)
{
	snprintf(out, size, "%s-register-%s", nonce, id);
}

/* --- pages --- */

static int
show(struct visit *v, int status, const struct register_letter *l, struct fields *f)
{
	bureau_letter_fields(v, f, l);
	return staff_page(v, status, HTML_DESK_REGISTER, f);
}

int
intake_page(struct visit *v, struct register_letter *l)
{
	if (l->state != LETTER_ISSUED)
		return staff_refuse(v, RC_OK, REGISTER_STATE);
	return show(v, HTTP_STATUS_OK, l, staff_fields(v));
}

/* --- taking the file --- */

static enum rc
take_upload(struct visit *v, struct paper *paper)
{
	struct form_file file;

	if (!form_file(v->form, "file", 0, &file) || file.len == 0)
		return RC_FORMAT;
	if (file.len > CAP_UPLOAD)
		return RC_TOOBIG;
	paper->p = staff_octets(v, &file);
	paper->len = file.len;
	return paper->p != NULL ? RC_OK : RC_FORMAT;
}

/* What was judged before and waits; RC_ABSENT: it waited too long, or is another session's. */
static enum rc
take_waiting(struct visit *v, const char *id, struct paper *paper)
{
	const char *nonce = form_get(v->form, "waiting");
	char name[128];
	enum rc rc;
	int fd;

	if (strlen(nonce) != PIGEONHOLE_NONCE)
		return RC_ABSENT;
	label(name, sizeof(name), nonce, id);
	if ((rc = pigeonhole_open(v, name, &fd, &paper->len)) != RC_OK)
		return rc;
	paper->map = mmap(NULL, paper->len, PROT_READ, MAP_PRIVATE, fd, 0);
	io_close(&fd);
	if (paper->map == MAP_FAILED) {
		paper->map = NULL;
		return RC_IO;
	}
	paper->p = paper->map;
	memcpy(paper->nonce, nonce, sizeof(paper->nonce));
	return RC_OK;
}

/* The first time: RC_OK, and a job is there.  RC_FORMAT: told in f. */
static enum rc
begin(struct visit *v, const struct register_letter *l, struct paper *paper, struct fields *f)
{
	bool again = form_has(v->form, "waiting");
	enum rc rc;

	paper->reason = again ? form_get(v->form, "reason") : "";
	if (again && !prose_ok(paper->reason, 1, CAP_LETTER_TEXT)) {
		bureau_problem(v, f, "reason", "desk.problem.reason");
		fields_text(f, "waiting", form_get(v->form, "waiting"));
		fields_flag(f, "may_override", true);
		return RC_FORMAT;
	}
	rc = again ? take_waiting(v, l->id, paper) : take_upload(v, paper);
	if (rc == RC_FORMAT || rc == RC_ABSENT) {
		bureau_problem(v, f, "file", again ? "desk.problem.waited" : "desk.problem.file");
		return RC_FORMAT;
	}
	return rc != RC_OK ? rc : job_bytes(job_new(v->req), paper->p, paper->len);
}

/* --- judging --- */

/* Its QRs and ids; whatever goes wrong there, it was not searched. */
static enum rc
search(struct visit *v, const struct paper *paper, const struct report *r,
    const struct paper_answer **scan)
{
	struct paper_job job = {.kind = PAPER_SCAN};
	enum rc rc;

	*scan = NULL;
	if (r->conclusion == CONCLUSION_UNREADABLE)
		return RC_OK;
	if (!press_known(v->req)) {
		job.part[PAPER_DOCUMENT] = (struct paper_octets){paper->p, paper->len};
		if (press_start(v->req, &job) != RC_OK)
			return RC_OK;
	}
	rc = press_step(v->req, scan);
	if (rc == RC_OK && (*scan)->code != PAPER_OK)
		*scan = NULL;
	return rc == RC_BUSY ? RC_BUSY : RC_OK;
}

static enum rc
weigh(struct arena *arena, const struct register_letter *l, const struct report *r,
    const struct paper_answer *scan, struct intake_result *out)
{
	char other[CROCKFORD_ID_LEN + 1];
	struct store *s = web_store();
	struct buf address;
	const char *text;
	enum rc rc;

	buf_init(&address, 1024);
	bureau_address(&address, l->id);
	text = address.len > 0 ? arena_str(arena, buf_text(&address), address.len) : NULL;
	buf_clear(&address);
	rc = s == NULL ? RC_IO : intake_judge(out, arena, l, r, scan, text);
	if (rc == RC_OK)
		rc = register_by_file(s, r->document.sha256, other);
	if (rc == RC_OK && *other != '\0')
		intake_add(out, INTAKE_KNOWN, "");
	return rc;
}

/* --- what becomes of it --- */

/* The file stays where its visibility asks for it, or while it has to be judged again. */
static enum rc
vault(const struct register_letter *l, const struct paper *paper, const struct report *r,
    bool pending, bool *kept)
{
	int fd;
	enum rc rc;

	*kept = l->content.visibility != LETTER_FACT || pending;
	if (!*kept)
		return RC_OK;
	if ((fd = memfd_create("letter", MFD_CLOEXEC)) == -1)
		return RC_IO;
	if ((rc = io_write_full(fd, paper->p, paper->len)) == RC_OK)
		rc = vault_keep(AT_FDCWD, web.vault, fd, 0, paper->len, r->document.sha256);
	io_close(&fd);
	return rc;
}

/* A file that no letter has is nobody's to keep. */
static void
drop(const struct report *r)
{
	char id[CROCKFORD_ID_LEN + 1];
	struct store *s = web_store();

	if (s != NULL && register_by_file(s, r->document.sha256, id) == RC_OK && *id == '\0')
		(void)vault_drop(AT_FDCWD, web.vault, r->document.sha256);
}

static enum rc
sign(struct visit *v, const struct register_letter *l, const struct paper *paper,
    const struct report *r, const struct intake_result *found, enum register_answer *answer)
{
	struct register_signing g = {.sha256 = r->document.sha256,
	    .size = paper->len,
	    .pending = found->pending,
	    .reason = found->n > 0 ? paper->reason : "",
	    .report = r};
	struct store *s = web_store();
	struct buf words, wire;
	enum rc rc = s == NULL ? RC_IO : vault(l, paper, r, found->pending, &g.kept);

	buf_init(&words, WORDS_MAX);
	buf_init(&wire, CAP_WIRE);
	intake_words(&words, found);
	wire_encode(&wire, r);
	if (rc == RC_OK)
		rc = buf_rc(&wire);
	if (rc == RC_OK)
		rc = buf_rc(&words);
	g.differences = buf_text(&words);
	g.wire = wire.p;
	g.wire_len = wire.len;
	if (rc == RC_OK)
		rc = register_sign(s, &v->who, l->id, &g, time(NULL), answer);
	buf_clear(&words);
	buf_clear(&wire);
	if (g.kept && (rc != RC_OK || *answer != REGISTER_DONE))
		drop(r);
	return rc;
}

/* What differs, and for an admin the way to overrule it: the file waits meanwhile. */
static int
tell(struct visit *v, const struct register_letter *l, const struct paper *paper,
    const struct report *r, const struct intake_result *found)
{
	bool may = found->may_override && v->who.role == ROLE_ADMIN;
	struct fields *f = staff_fields(v), *item;
	char nonce[PIGEONHOLE_NONCE + 1], name[128];
	enum rc rc = RC_OK;
	size_t i;

	fields_flag(f, "differs", true);
	html_summary(web.html, v->lang, f, "check", r);
	for (i = 0; i < found->n; i++) {
		item = fields_item(f, "items");
		fields_text(item, "word", intake_word(found->items[i].what));
		bureau_word(v, item, "text", "desk.intake.", intake_word(found->items[i].what));
		fields_flag(item, "has_detail", *found->items[i].detail != '\0');
		fields_text(item, "detail", found->items[i].detail);
	}
	fields_flag(f, "ask_admin", found->may_override && !may);
	if (may) {
		pigeonhole_nonce(nonce);
		label(name, sizeof(name), nonce, l->id);
		rc = pigeonhole_put(v, name, paper->p, paper->len);
		fields_text(f, "waiting", nonce);
		fields_flag(f, "may_override", true);
		bureau_number(f, "minutes", CAP_HOLE_SECONDS / 60);
	}
	if (rc == RC_OK)
		return show(v, 422, l, f);
	fields_free(f);
	return staff_refuse(v, rc, 0);
}

static int
decide(struct visit *v, const struct register_letter *l, const struct paper *paper,
    const struct report *r, const struct intake_result *found)
{
	enum register_answer answer = REGISTER_ABSENT;
	bool overruled = found->n > 0 && found->may_override && *paper->reason != '\0';
	char path[64], name[128];
	enum rc rc;

	if (found->n > 0 && !overruled)
		return tell(v, l, paper, r, found);
	rc = sign(v, l, paper, r, found, &answer);
	if (rc != RC_OK || answer != REGISTER_DONE)
		return staff_refuse(v, rc, (int)answer);
	if (paper->nonce[0] != '\0') {
		label(name, sizeof(name), paper->nonce, l->id);
		pigeonhole_drop(v, name);
	}
	snprintf(path, sizeof(path), "/staff/letters/%s", l->id);
	return staff_see(v, path, found->pending ? "pending" : "registered");
}

/* A report is there; the register has the last word. */
static int
finish(struct visit *v, const struct register_letter *l, const struct paper *paper,
    const struct report *r, const struct paper_answer *scan)
{
	struct intake_result *found = calloc(1, sizeof(*found));
	struct arena *arena = arena_new(CAP_LETTER);
	char id[STORE_ID_LEN + 1];
	enum rc rc = RC_NOMEM;
	int ret;

	if (found != NULL && arena != NULL)
		rc = logbook_add(job_of(v->req), r, CHANNEL_PAGE, id);
	if (rc == RC_OK)
		rc = weigh(arena, l, r, scan, found);
	ret = rc == RC_OK ? decide(v, l, paper, r, found) : staff_refuse(v, rc, 0);
	free(found);
	arena_free(arena);
	return ret;
}

int
intake_letter(struct visit *v, struct register_letter *l)
{
	struct paper *paper = state_own(v->req, sizeof(*paper), release);
	const struct paper_answer *scan;
	const struct report *r;
	struct fields *f;
	enum rc rc;

	if (paper == NULL)
		return staff_refuse(v, RC_NOMEM, 0);
	if (l->state != LETTER_ISSUED)
		return staff_refuse(v, RC_OK, REGISTER_STATE);
	if (form_has(v->form, "waiting") && v->who.role != ROLE_ADMIN)
		return bureau_forbid(v, l->id);
	if (job_of(v->req) == NULL) {
		f = staff_fields(v);
		if ((rc = begin(v, l, paper, f)) == RC_FORMAT)
			return show(v, HTTP_STATUS_BAD_REQUEST, l, f);
		fields_free(f);
		if (rc == RC_TOOBIG)
			return answer_error(v->req, HTTP_STATUS_REQUEST_ENTITY_TOO_LARGE, 0);
		if (rc != RC_OK)
			return staff_refuse(v, rc, 0);
	}
	if ((rc = job_step(job_of(v->req), &r)) == RC_BUSY ||
	    (rc == RC_OK && (rc = search(v, paper, r, &scan)) == RC_BUSY))
		return KORE_RESULT_RETRY;
	return rc == RC_OK ? finish(v, l, paper, r, scan) : staff_refuse(v, rc, 0);
}
