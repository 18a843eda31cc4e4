/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many letters at once: ordering it, how far it is, and taking it away.  The clerk does it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "batch.h"
#include "clerk.h"
#include "bureau.h"
#include "io.h"
#include "pigeonhole.h"
#include "printing.h"
#include "roster.h"

#define LISTED 20

/* --- the order's files --- */

struct order {
	struct batch b;
	struct form_file csv;
	char dir[288]; /* "new.NONCE" until it has its name */
	unsigned files;
};

static enum rc
write_file(const struct order *o, const char *name, const void *p, size_t len)
{
	char path[320];
	int fd;
	enum rc rc;

	snprintf(path, sizeof(path), "%s/%s", o->dir, name);
	if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) == -1)
		return RC_IO;
	rc = io_write_full(fd, p, len);
	io_close(&fd);
	return rc;
}

/* All files at once: a thousand, one after the other, keep a worker for seconds. */
static enum rc
make_durable(const struct order *o)
{
	int fd = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	enum rc rc = fd != -1 && syncfs(fd) == 0 ? RC_OK : RC_IO;

	io_close(&fd);
	return rc;
}

/* All of it again: what a refused order leaves. */
static void
discard(const struct order *o)
{
	static const char *const names[] = {CLERK_CSV, CLERK_NAMES};
	char path[320];
	unsigned i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", o->dir, names[i]);
		(void)unlinkat(AT_FDCWD, path, 0);
	}
	for (i = 1; i <= o->files; i++) {
		snprintf(path, sizeof(path), "%s/%u.pdf", o->dir, i);
		(void)unlinkat(AT_FDCWD, path, 0);
	}
	(void)unlinkat(AT_FDCWD, o->dir, AT_REMOVEDIR);
}

/* A line: what would end it is left out. */
static void
add_name(struct buf *names, const char *name)
{
	for (; *name != '\0'; name++)
		if ((uint8_t)*name >= ' ' && *name != 0x7f)
			buf_u8(names, (uint8_t)*name);
	buf_u8(names, '\n');
}

static enum rc
write_files(struct visit *v, struct order *o)
{
	struct form_file file;
	struct buf names;
	const uint8_t *p;
	char name[32];
	enum rc rc = RC_OK;

	buf_init(&names, CAP_FORM_TEXT);
	while (rc == RC_OK && o->b.kind == BATCH_STAMPED &&
	       form_file(v->form, "files", o->files, &file)) {
		if (o->files == CAP_BATCH_FILES) {
			rc = RC_TOOBIG;
			break;
		}
		snprintf(name, sizeof(name), "%u.pdf", ++o->files);
		add_name(&names, file.name);
		p = staff_octets(v, &file);
		rc = p != NULL ? write_file(o, name, p, file.len) : RC_FORMAT;
	}
	if (rc == RC_OK)
		rc = buf_rc(&names);
	if (rc == RC_OK)
		rc = write_file(o, CLERK_NAMES, names.p, names.len);
	buf_clear(&names);
	if (rc == RC_OK && (p = staff_octets(v, &o->csv)) != NULL)
		rc = write_file(o, CLERK_CSV, p, o->csv.len);
	return rc == RC_OK ? make_durable(o) : rc;
}

/* RC_OK, and *answer says whether it was taken; then it is the clerk's. */
static enum rc
place(struct visit *v, struct order *o, enum account_answer *answer)
{
	char nonce[PIGEONHOLE_NONCE + 1], path[288];
	struct store *s = web_store();
	enum rc rc;

	if (s == NULL || web.batches == NULL)
		return RC_IO;
	pigeonhole_nonce(nonce);
	snprintf(o->dir, sizeof(o->dir), "%s/" CLERK_NEW "%s", web.batches, nonce);
	if (mkdirat(AT_FDCWD, o->dir, 0700) == -1)
		return RC_IO;
	if ((rc = write_files(v, o)) == RC_OK)
		rc = batch_add(s, &v->who, &o->b, time(NULL), answer);
	if (rc == RC_OK && *answer == ACCOUNT_DONE) {
		snprintf(path, sizeof(path), "%s/%s", web.batches, o->b.id);
		if (renameat(AT_FDCWD, o->dir, AT_FDCWD, path) == 0)
			return RC_OK;
		rc = RC_IO; /* the clerk waits for it, and gives it up */
	}
	discard(o);
	return rc;
}

/* --- the form --- */

static bool
add_batch(const struct batch *b, void *arg)
{
	struct {
		struct visit *v;
		struct fields *f;
		unsigned left;
	} *list = arg;
	struct fields *item = fields_item(list->f, "batches");

	fields_text(item, "batch_id", b->id);
	bureau_word(list->v, item, "batch_kind", "desk.batch.kind.", batch_kind_name(b->kind));
	bureau_word(list->v, item, "batch_state", "desk.batch.state.", batch_state_name(b->state));
	html_time(web.html, list->v->lang, item, "batch_at", b->at);
	bureau_number(item, "batch_total", b->total);
	fields_flag(list->f, "has_batches", true);
	return --list->left > 0;
}

static int
show(struct visit *v, int status, struct fields *f)
{
	struct {
		struct visit *v;
		struct fields *f;
		unsigned left;
	} list = {v, f, LISTED};
	const char *format = form_get(v->form, "format");
	struct store *s = web_store();
	struct print_choice c;
	char flag[32];
	enum rc rc = s == NULL ? RC_IO : batch_list(s, &v->who, add_batch, &list);

	print_choose(v, &c);
	if (rc == RC_OK)
		rc = print_wordings(v, f, v->who.agency, &c);

	if (rc != RC_OK) {
		fields_free(f);
		return staff_refuse(v, rc, 0);
	}
	print_page_fields(v, f);
	fields_flag(f, "stamped", strcmp(form_get(v->form, "kind"), "stamped") == 0);
	snprintf(flag, sizeof(flag), "format_%.8s", *format != '\0' ? format : "png300");
	fields_flag(f, flag, true);
	bureau_number(f, "max_rows", CAP_BATCH_ROWS);
	bureau_number(f, "days", CAP_BATCH_DAYS);
	return staff_page(v, status, HTML_DESK_BATCHES, f);
}

static int
batches_page(struct visit *v)
{
	return show(v, HTTP_STATUS_OK, staff_fields(v));
}

static bool
read_format(const struct visit *v, struct batch *b)
{
	const char *s = form_get(v->form, "format");

	b->dpi = 300;
	if (b->kind == BATCH_STAMPED)
		return true;
	if (strcmp(s, "png600") == 0)
		b->dpi = 600;
	snprintf(b->format, sizeof(b->format), "%.3s", s);
	return strcmp(s, "png300") == 0 || strcmp(s, "png600") == 0 || strcmp(s, "svg") == 0 ||
	       strcmp(s, "pdf") == 0;
}

/* Which pages, and in which words. */
static bool
read_footer(struct visit *v, struct batch *b, struct fields *f)
{
	const char *wording = form_get(v->form, "wording");
	bool good = true;

	if (b->kind == BATCH_STAMPED && !print_pages(v, &b->from, &b->to)) {
		bureau_problem(v, f, "from", "desk.problem.pages");
		good = false;
	}
	if (*wording != '\0' && (web.stationery == NULL || strlen(wording) > BATCH_WORDING ||
				    stationery_find(web.stationery, wording) == NULL)) {
		bureau_problem(v, f, "wording", "desk.problem.wording");
		return false;
	}
	snprintf(b->wording, sizeof(b->wording), "%s", wording);
	return good;
}

/* What is wrong with the rows, as the clerk would say it later. */
static bool
read_rows(struct visit *v, struct order *o, struct fields *f)
{
	const uint8_t *p = NULL;
	struct roster_refusal why;
	struct roster *r;
	enum rc rc;

	if (form_file(v->form, "csv", 0, &o->csv) && o->csv.len > 0)
		p = staff_octets(v, &o->csv);
	if (p == NULL) {
		bureau_problem(v, f, "csv", "desk.problem.csv");
		return false;
	}
	rc = roster_read(&r, p, o->csv.len, o->b.kind, &why);
	if (rc == RC_OK)
		o->b.total = (unsigned)r->n;
	roster_free(r);
	if (rc == RC_OK)
		return true;
	bureau_problem(v, f, "csv", "desk.problem.rows");
	if (rc != RC_FORMAT)
		return false;
	fields_flag(f, "has_fault", true);
	fields_text(
	    f, "fault", v->lang == LANG_EN ? bulk_english(why.word) : bulk_indonesian(why.word));
	fields_flag(f, "has_fault_row", why.row > 0);
	bureau_number(f, "fault_row", why.row);
	fields_flag(f, "has_fault_column", why.column[0] != '\0');
	fields_text(f, "fault_column", why.column);
	return false;
}

static bool
read_form(struct visit *v, struct order *o, struct fields *f)
{
	const char *kind = form_get(v->form, "kind");
	struct form_file file;
	bool good = true;

	memset(o, 0, sizeof(*o));
	o->b.kind = strcmp(kind, "stamped") == 0 ? BATCH_STAMPED : BATCH_FOOTERS;
	o->b.agency = v->who.agency;
	if (!read_format(v, &o->b)) {
		bureau_problem(v, f, "format", "desk.problem.format");
		good = false;
	}
	good = read_footer(v, &o->b, f) && good;
	if (o->b.kind == BATCH_STAMPED && !form_file(v->form, "files", 0, &file)) {
		bureau_problem(v, f, "files", "desk.problem.files");
		good = false;
	}
	return read_rows(v, o, f) && good;
}

static int
batch_order(struct visit *v)
{
	enum account_answer answer = ACCOUNT_FORBIDDEN;
	struct fields *f = staff_fields(v);
	struct order o;
	char path[64];
	enum rc rc;

	if (!read_form(v, &o, f))
		return show(v, HTTP_STATUS_BAD_REQUEST, f);
	rc = place(v, &o, &answer);
	if (rc == RC_OK && answer == ACCOUNT_LOCKED) {
		bureau_problem(v, f, "csv", "desk.problem.batches");
		return show(v, 429, f);
	}
	fields_free(f);
	if (rc == RC_TOOBIG)
		return answer_error(v->req, HTTP_STATUS_REQUEST_ENTITY_TOO_LARGE, 0);
	if (rc != RC_OK || answer != ACCOUNT_DONE)
		return staff_refuse(v, rc, REGISTER_FORBIDDEN);
	snprintf(path, sizeof(path), "/staff/batch/%s", o.b.id);
	return staff_see(v, path, "ordered");
}

/* --- one order --- */

/* Its zip; RC_ABSENT while there is none. */
static enum rc
open_zip(const struct batch *b, int *fd, size_t *len)
{
	char path[288];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s/" CLERK_ZIP, web.batches, b->id);
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(*fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		io_close(fd);
		return RC_IO;
	}
	*len = (size_t)st.st_size;
	return RC_OK;
}

static bool
over(const struct batch *b)
{
	return b->state == BATCH_DONE || b->state == BATCH_FAILED;
}

static int
batch_json(struct visit *v, const struct batch *b)
{
	struct buf out;
	int ret;

	buf_init(&out, 512);
	buf_printf(&out, "{\"state\":\"%s\",\"total\":%u,\"done\":%u,\"failed\":%u,\"over\":%s}",
	    batch_state_name(b->state), b->total, b->done, b->failed, over(b) ? "true" : "false");
	ret = answer_json(v->req, HTTP_STATUS_OK, &out);
	buf_clear(&out);
	return ret;
}

static int
batch_page(struct visit *v, const struct batch *b)
{
	struct fields *f = staff_fields(v);
	size_t len;
	int fd = -1;

	fields_text(f, "batch_id", b->id);
	bureau_word(v, f, "kind_word", "desk.batch.kind.", batch_kind_name(b->kind));
	bureau_word(v, f, "state_word", "desk.batch.state.", batch_state_name(b->state));
	fields_text(f, "batch_state", batch_state_name(b->state));
	html_time(web.html, v->lang, f, "at", b->at);
	bureau_number(f, "total", b->total);
	bureau_number(f, "progress", (int64_t)b->done + b->failed);
	bureau_number(f, "done", b->done);
	bureau_number(f, "failed", b->failed);
	fields_flag(f, "any_failed", b->failed > 0);
	fields_flag(f, "over", over(b));
	fields_flag(f, "broken", b->state == BATCH_FAILED);
	bureau_number(f, "days", CAP_BATCH_DAYS);
	if (over(b) && open_zip(b, &fd, &len) == RC_OK) {
		fields_flag(f, "has_zip", true);
		html_size(web.html, v->lang, f, "size", len);
	}
	io_close(&fd);
	return staff_page(v, HTTP_STATUS_OK, HTML_DESK_BATCH, f);
}

static int
batch_zip(struct visit *v, const struct batch *b)
{
	char name[64];
	size_t len;
	int fd;
	enum rc rc = over(b) ? open_zip(b, &fd, &len) : RC_ABSENT;

	if (rc != RC_OK)
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_ABSENT);
	bureau_filename(name, sizeof(name), b->id, "surat", "zip");
	return pigeonhole_send(v, "application/zip", name, fd, len);
}

static int
batch_template(struct visit *v)
{
	/* As a spreadsheet of Indonesia opens it: a byte order mark, and semicolons. */
	static const char csv[] =
	    "\xef\xbb\xbf"
	    "id;nomor;perihal;tanggal;unit;visibilitas;penandatangan1;penandatangan2;berkas\r\n"
	    ";800/001/CONTOH/2026;Undangan rapat koordinasi;2026-11-21;Bidang Contoh;publik;"
	    "KEPALA DINAS CONTOH|Nama Contoh, S.T.|Pembina (IV/a);;surat-001.pdf\r\n";

	return staff_file(v, "text/csv; charset=utf-8", "surat.csv", true, csv, sizeof(csv) - 1);
}

/* "ID", "ID.json", "ID/zip" */
static int
batch_get(struct visit *v)
{
	size_t n = strcspn(v->rest, "./");
	const char *part = v->rest + n;
	char id[BATCH_ID_LEN + 1] = "";
	struct store *s = web_store();
	struct batch b;
	enum rc rc = RC_ABSENT;

	if (n == BATCH_ID_LEN) {
		memcpy(id, v->rest, n);
		id[n] = '\0';
		rc = s == NULL ? RC_IO : batch_read(s, &v->who, id, &b);
	}
	if (rc != RC_OK)
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_ABSENT);
	if (strcmp(part, "") == 0)
		return batch_page(v, &b);
	if (strcmp(part, ".json") == 0)
		return batch_json(v, &b);
	if (strcmp(part, "/zip") == 0)
		return batch_zip(v, &b);
	return answer_error(v->req, HTTP_STATUS_NOT_FOUND, 0);
}

const struct staff_page pages_batch[] = {
    {"batch", HTTP_METHOD_GET, FOR_WRITERS, batches_page},
    {"batch", HTTP_METHOD_POST, FOR_WRITERS, batch_order},
    {"batch/template.csv", HTTP_METHOD_GET, FOR_WRITERS, batch_template},
    {"batch/", HTTP_METHOD_GET, FOR_WRITERS, batch_get},
    {NULL, 0, 0, NULL},
};
