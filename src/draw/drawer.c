/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Poppler reads a stranger's document here: no network, no programs, no files
 * but fonts, little time, and a clock that nothing in here can stop.  It answers
 * questions about how pages look and knows nothing of signatures.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "album.h"
#include "caps.h"
#include "drawer.h"
#include "fonts.h"
#include "ink.h"
#include "io.h"
#include "source.h"

#define nitems(a)     (sizeof(a) / sizeof((a)[0]))
/* A drawing is smoothed at its edges, and annotations are drawn a little over them. */
#define MASK_GROWS    2.0
#define COVER_SHRINKS 1.0

/* --- what a drawer may do --- */

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(getdents64),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(exit_group),
};

/* Asked for by libraries that can live without. */
static const int refused[] = {
    SCMP_SYS(write), /* to anything but the two below: messages of libraries */
    SCMP_SYS(writev),
    SCMP_SYS(open),
    SCMP_SYS(stat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(fcntl),
    SCMP_SYS(fadvise64),
    SCMP_SYS(ioctl),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(prlimit64),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(clone), /* a thread that can't be had is done without */
    SCMP_SYS(clone3),
};

int
drawer_rules(void *ctx)
{
	const struct scmp_arg_cmp to_read =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY);
	/* the first of those that are refused has an errno of its own */
	int bad = seal_calls(ctx, allowed, nitems(allowed), refused + 1, nitems(refused) - 1);

	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, to_read);
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, DRAWER_ANSWERS, 0));
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, DRAWER_ALBUM, 0));
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ERRNO(EBADF), refused[0], 1, SCMP_A0(SCMP_CMP_LT, DRAWER_ANSWERS, 0));
	return bad;
}

/* --- the fence --- */

/* What exists on a machine; a drawer works without those that do not. */
static const char *const font_folders[] = {"/usr/share/fonts", "/usr/local/share/fonts",
    "/usr/share/poppler", "/etc/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig"};

static bool
may_read(int rules, const char *path)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
	bool ok;

	if ((rule.parent_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)) == -1)
		return errno == ENOENT;
	ok = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	close(rule.parent_fd);
	return ok;
}

bool
drawer_fence(void)
{
	/* Every right that this version of Landlock knows of is taken away, but for fonts. */
	static const unsigned rights[] = {13, 14, 15, 15, 16};
	struct landlock_ruleset_attr attr;
	long version;
	bool ok = true;
	size_t i;
	int fd;

	version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return false;
	if (version > (long)nitems(rights))
		version = nitems(rights);
	memset(&attr, 0, sizeof(attr));
	attr.handled_access_fs = (1ull << rights[version - 1]) - 1;
	fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (fd == -1)
		return false;
	for (i = 0; i < nitems(font_folders) && ok; i++)
		ok = may_read(fd, font_folders[i]);
	ok = ok && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	     syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return ok;
}

/* --- a page of our own --- */

static const char sheet[] =
    "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[10 20 210 120]/Rotate 90/Contents 4 0 R"
    "/Resources<</Font<</A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    "/B<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"
    "/C<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold>>>>>>>>\nendobj\n"
    "4 0 obj\n<</Length 87>>\nstream\n"
    "BT /A 12 Tf 20 30 Td (Periksa) Tj /B 12 Tf (Periksa) Tj /C 12 Tf (Periksa) Tj ET        \n"
    "endstream\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";

enum rc
drawer_warm(void)
{
	/* Around the text, in its own space; turned, it is at the left, upright. */
	static const double rect[4] = {18, 26, 180, 44};
	static struct canvas c; /* stays open, and with it what Poppler knows of fonts */
	struct paint_answer a = {0, 0, 0};
	struct drawing d;
	struct area area;
	struct ink k;
	enum rc rc;

	(void)fonts_load();
	if ((rc = canvas_open(&c, (const uint8_t *)sheet, sizeof(sheet) - 1, NULL)) != RC_OK)
		return rc;
	if ((rc = canvas_draw(&d, &c, 1, CAP_DRAW_SIDE, NULL)) == RC_OK) {
		if ((rc = ink_find(&k, &d)) == RC_OK) {
			if (!drawing_area(&d, rect, 0, &area))
				rc = RC_FORMAT;
			else
				rc = ink_cover(&a, &k, &area, 1, d.scale);
			/* No font, or not where it should be: then no answer is worth anything. */
			if (rc == RC_OK && (a.points < 200 || a.ink < 0.99))
				rc = RC_ABSENT;
			ink_clear(&k);
		}
		drawing_clear(&d);
	}
	return rc;
}

/* --- one document --- */

/* What was opened and drawn last is kept: questions come page by page. */
struct easel {
	struct source src;
	char password[CAP_PASSWORD + 1];
	int album;
	unsigned pictures;
	struct canvas before, now; /* the signed revision, the file */
	uint64_t end;              /* of before */
	struct {
		struct drawing drawing;
		uint64_t end;
		uint32_t page;
	} signed_page, now_page;
	struct ink ink; /* of signed_page, once asked for */
};

static enum rc
open_before(struct easel *e, uint64_t end)
{
	if (end == 0 || end > e->src.len)
		return RC_ABSENT;
	if (e->before.doc != NULL && e->end == end)
		return RC_OK;
	canvas_close(&e->before);
	e->end = end;
	return canvas_open(&e->before, e->src.p, (size_t)end, e->password);
}

/* Whether what is drawn already is enough. */
static bool
has_before(const struct easel *e, const struct paint_question *q, const struct places *where)
{
	const struct drawing *d = &e->signed_page.drawing;
	struct area want = {0, 0, d->width, d->height};

	return e->signed_page.page == q->page && e->signed_page.end == q->end &&
	       (where == NULL || drawing_around(d, where, &want)) && want.x0 >= d->drawn.x0 &&
	       want.y0 >= d->drawn.y0 && want.x1 <= d->drawn.x1 && want.y1 <= d->drawn.y1;
}

/* where: NULL is the whole page. */
static enum rc
draw_before(struct easel *e, const struct paint_question *q, const struct places *where)
{
	struct drawing *d = &e->signed_page.drawing;
	enum rc rc;

	/* Page 0 is none, and stands for nothing drawn. */
	if (q->page == 0)
		return RC_ABSENT;
	if (has_before(e, q, where))
		return RC_OK;
	e->signed_page.page = 0;
	drawing_clear(d);
	ink_clear(&e->ink);
	if ((rc = open_before(e, q->end)) != RC_OK ||
	    (rc = canvas_draw(d, &e->before, q->page, CAP_DRAW_SIDE, where)) != RC_OK)
		return rc;
	e->signed_page.page = q->page;
	e->signed_page.end = q->end;
	return RC_OK;
}

static enum rc
draw_now(struct easel *e, const struct paint_question *q)
{
	enum rc rc = RC_OK;

	if (q->page == 0)
		return RC_ABSENT;
	if (e->now_page.page == q->page)
		return RC_OK;
	e->now_page.page = 0;
	drawing_clear(&e->now_page.drawing);
	if (e->now.doc == NULL)
		rc = canvas_open(&e->now, e->src.p, e->src.len, e->password);
	if (rc == RC_OK)
		rc = canvas_draw(&e->now_page.drawing, &e->now, q->page, CAP_DRAW_SIDE, NULL);
	if (rc == RC_OK)
		e->now_page.page = q->page;
	return rc;
}

static enum rc
areas_of(struct area areas[PAINT_RECTS], const struct drawing *d, const struct paint_question *q,
    double grow)
{
	uint32_t i;

	if (q->nrects > PAINT_RECTS)
		return RC_FORMAT;
	for (i = 0; i < q->nrects; i++)
		if (!drawing_area(d, q->rects[i], grow, &areas[i]))
			return RC_FORMAT;
	return RC_OK;
}

static enum rc
cover(struct easel *e, const struct paint_question *q, struct paint_answer *a)
{
	const struct places where = {q->rects, q->nrects, -COVER_SHRINKS, INK_AROUND};
	struct drawing *d = &e->signed_page.drawing;
	struct area areas[PAINT_RECTS];
	enum rc rc;

	if (q->nrects > PAINT_RECTS)
		return RC_FORMAT;
	if ((rc = draw_before(e, q, &where)) != RC_OK ||
	    (rc = areas_of(areas, d, q, -COVER_SHRINKS)) != RC_OK)
		return rc;
	if (e->ink.map == NULL && (rc = ink_find(&e->ink, d)) != RC_OK)
		return rc;
	return ink_cover(a, &e->ink, areas, q->nrects, d->scale);
}

/* One page for the album; smaller, if it takes too many octets as a picture. */
static void
picture(struct easel *e, const struct canvas *c, uint32_t page, enum album_kind kind,
    const struct area *where, double scale)
{
	struct area mark;
	struct drawing d;
	struct buf png;
	int side;
	enum rc rc = RC_TOOBIG;

	for (side = CAP_PICTURE_SIDE; rc == RC_TOOBIG && side >= CAP_PICTURE_SIDE / 4; side /= 2) {
		if (canvas_draw(&d, c, page, side, NULL) != RC_OK)
			return;
		mark = (struct area){(int)(where->x0 * d.scale / scale),
		    (int)(where->y0 * d.scale / scale), (int)(where->x1 * d.scale / scale) + 1,
		    (int)(where->y1 * d.scale / scale) + 1};
		buf_init(&png, CAP_PICTURE);
		rc = drawing_png(&d, where->x0 == where->x1 ? NULL : &mark, &png);
		if (rc == RC_OK)
			rc = album_add(e->album, page, kind, png.p, png.len);
		buf_clear(&png);
		drawing_clear(&d);
	}
}

static enum rc
differ(struct easel *e, const struct paint_question *q, struct paint_answer *a)
{
	struct drawing *d = &e->signed_page.drawing;
	struct area areas[PAINT_RECTS], where;
	enum rc rc;

	if ((rc = draw_before(e, q, NULL)) != RC_OK || (rc = draw_now(e, q)) != RC_OK ||
	    (rc = areas_of(areas, d, q, MASK_GROWS)) != RC_OK ||
	    (rc = ink_differ(a, &where, d, &e->now_page.drawing, areas, q->nrects)) != RC_OK)
		return rc;
	if (a->ink > 0 && q->pictures != 0 && e->album != -1 && e->pictures < CAP_PICTURE_PAGES) {
		e->pictures++;
		picture(e, &e->before, q->page, ALBUM_SIGNED, &where, d->scale);
		picture(e, &e->now, q->page, ALBUM_NOW, &where, d->scale);
	}
	return RC_OK;
}

static void
answer(struct easel *e)
{
	struct paint_question q;
	struct paint_answer a;
	enum rc rc;

	while (io_read_full(DRAWER_ANSWERS, &q, sizeof(q)) == RC_OK) {
		memset(&a, 0, sizeof(a));
		rc = q.kind == PAINT_COVER    ? cover(e, &q, &a)
		     : q.kind == PAINT_DIFFER ? differ(e, &q, &a)
					      : RC_FORMAT;
		if (rc != RC_OK)
			a.ink = PAINT_NO_ANSWER;
		if (io_write_full(DRAWER_ANSWERS, &a, sizeof(a)) != RC_OK)
			return;
	}
}

/* --- a process for it --- */

static bool
descriptors(int answers, int document, int album)
{
	int a = fcntl(answers, F_DUPFD, DRAWER_ALBUM + 1);
	int d = fcntl(document, F_DUPFD, DRAWER_ALBUM + 1);
	int p = album == -1 ? -1 : fcntl(album, F_DUPFD, DRAWER_ALBUM + 1);
	unsigned first = album == -1 ? DRAWER_ALBUM : DRAWER_ALBUM + 1;

	return a != -1 && d != -1 && (album == -1 || p != -1) && dup2(a, DRAWER_ANSWERS) != -1 &&
	       dup2(d, DRAWER_DOCUMENT) != -1 && (p == -1 || dup2(p, DRAWER_ALBUM) != -1) &&
	       close_range(first, ~0u, 0) == 0 &&
	       close_range(0, SEAL_OFF ? STDOUT_FILENO : STDERR_FILENO, 0) == 0;
}

/* The wall clock is the kernel's: its signal ends the process, and no call here can change that. */
static bool
shut_in(const struct drawer *d, const struct paint_job *job, bool pictures)
{
	unsigned cpu = pictures ? CAP_DRAW_PICTURES_CPU : CAP_DRAW_CPU;
	rlim_t album = pictures ? ALBUM_MAX : 0;

	(void)alarm(pictures ? CAP_DRAW_PICTURES_SECONDS : CAP_DRAW_SECONDS);
	if (!seal_limit(RLIMIT_CPU, cpu, cpu + 1) || !seal_limit(RLIMIT_NPROC, 0, 0) ||
	    !seal_limit(RLIMIT_FSIZE, album, album) || !seal_limit(RLIMIT_CORE, 0, 0) ||
	    !seal_limit(RLIMIT_NOFILE, 64, 64))
		return false;
	if (!SEAL_OFF && !seal_limit(RLIMIT_AS, d->address_space + job->len + CAP_DRAW_MEMORY,
			     d->address_space + job->len + CAP_DRAW_MEMORY))
		return false;
	return seal_load(d->seal) == RC_OK;
}

void
drawer_run(
    const struct drawer *d, const struct paint_job *job, int answers, int document, int album)
{
	struct easel e = {.album = album == -1 ? -1 : DRAWER_ALBUM};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != d->parent ||
	    !descriptors(answers, document, album))
		_exit(1);
	memcpy(e.password, job->password, job->password_len);
	if (source_open(&e.src, DRAWER_DOCUMENT, job->off, job->len) != RC_OK ||
	    !shut_in(d, job, album != -1))
		_exit(1);
	answer(&e);
	_exit(0); /* nothing is freed */
}
