/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jail of who draws: what can't be done in it, and that a document that loops, crashes
 * or lies costs only its own answers.
 */
#include "../unit/pdfmake.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "album.h"
#include "caps.h"
#include "drawer.h"
#include "io.h"
#include "painter.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static char program[4096];
static int jobs = -1;
static pid_t warm;

/* --- attempts in a sealed process --- */

static int
said(long r)
{
	return r == -1 ? errno : 0;
}

static int
try_font_folder(void)
{
	return said(openat(AT_FDCWD, "/usr/share/fonts", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int
try_read(void)
{
	char s[5];

	return pread(DRAWER_DOCUMENT, s, 5, 0) == 5 && memcmp(s, "%PDF-", 5) == 0 ? 0 : EIO;
}

static int
try_answer(void)
{
	return said(write(DRAWER_ANSWERS, "x", 1));
}

static int
try_open(void)
{
	return said(openat(AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int
try_proc(void)
{
	return said(openat(AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC));
}

static int
try_open_write(void)
{
	return said(openat(AT_FDCWD, "/tmp/periksa-drawer", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int
try_write_fonts(void)
{
	return said(openat(AT_FDCWD, "/usr/share/fonts", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

static int
try_stderr(void)
{
	return said(write(STDERR_FILENO, "x", 1));
}

static int
try_write_document(void)
{
	return said(pwrite(DRAWER_DOCUMENT, "x", 1, 0));
}

static int
try_socket(void)
{
	return said(socket(AF_INET, SOCK_STREAM, 0));
}

static int
try_unix_socket(void)
{
	return said(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
try_connect(void)
{
	struct sockaddr a = {.sa_family = AF_UNIX};

	return said(connect(DRAWER_ANSWERS, &a, sizeof(a)));
}

static int
try_sendmsg(void)
{
	struct msghdr m = {.msg_name = NULL};

	return said(sendmsg(DRAWER_ANSWERS, &m, 0));
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return said(pid);
}

static int
try_vfork(void)
{
	return said(syscall(SYS_vfork));
}

static int
try_exec(void)
{
	return said(execl("/bin/true", "true", (char *)NULL));
}

static int
try_kill(void)
{
	return said(kill(getppid(), 0));
}

static int
try_no_alarm(void)
{
	(void)alarm(0);
	return 0;
}

static int
try_handler(void)
{
	return signal(SIGALRM, SIG_IGN) == SIG_ERR ? errno : 0;
}

static int
try_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		       MAP_FAILED
		   ? errno
		   : 0;
}

static int
try_unlink(void)
{
	return said(unlink("/tmp/periksa-drawer"));
}

static int
try_ptrace(void)
{
	return said(syscall(SYS_ptrace, 0, 0, 0, 0));
}

static int
try_prctl(void)
{
	return said(prctl(PR_SET_DUMPABLE, 1));
}

#define KILLED (-1)

static const struct {
	const char *name;
	int (*attempt)(void);
	int want; /* errno, or KILLED */
} attempts[] = {
    {"read the document", try_read, 0},
    {"write an answer", try_answer, 0},
    {"look for fonts", try_font_folder, 0},
    {"open another file", try_open, EACCES},
    {"open its own memory", try_proc, EACCES},
    {"write to stderr", try_stderr, EBADF},
    {"fork", try_fork, EACCES},
    {"open a file for writing", try_open_write, KILLED},
    {"make a file among the fonts", try_write_fonts, KILLED},
    {"write the document", try_write_document, KILLED},
    {"make a network socket", try_socket, KILLED},
    {"make a Unix socket", try_unix_socket, KILLED},
    {"connect", try_connect, KILLED},
    {"send a message", try_sendmsg, KILLED},
    {"vfork", try_vfork, KILLED},
    {"exec", try_exec, KILLED},
    {"signal its parent", try_kill, KILLED},
    {"stop its clock", try_no_alarm, KILLED},
    {"ignore its clock", try_handler, KILLED},
    {"map code", try_code, KILLED},
    {"unlink", try_unlink, KILLED},
    {"ptrace", try_ptrace, KILLED},
    {"prctl", try_prctl, KILLED},
};

static int
sealed(const struct seal *seal, int document, int (*attempt)(void))
{
	int status, pair[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	fflush(NULL);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		int d = fcntl(document, F_DUPFD, 20), a = fcntl(pair[0], F_DUPFD, 20);

		if (dup2(a, DRAWER_ANSWERS) == -1 || dup2(d, DRAWER_DOCUMENT) == -1 ||
		    close_range(0, 2, 0) == -1 || !drawer_fence() || seal_load(seal) != RC_OK)
			_exit(255);
		errno = 0;
		_exit(attempt());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(pair[0]);
	close(pair[1]);
	return status;
}

static int
document(const void *p, size_t len)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(io_write_full(fd, p, len), RC_OK);
	return fd;
}

static void
test_attempts(void **state)
{
	int fd = document("%PDF-1.7", 8), status;
	struct seal *seal;
	size_t i;

	(void)state;
	if (SEAL_OFF)
		skip();
	assert_int_equal(seal_new(&seal, drawer_rules), RC_OK);
	for (i = 0; i < nitems(attempts); i++) {
		status = sealed(seal, fd, attempts[i].attempt);
		if (attempts[i].want == KILLED) {
			if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
				fail_msg("%s: not killed, status %x", attempts[i].name, status);
		} else if (!WIFEXITED(status) || WEXITSTATUS(status) != attempts[i].want)
			fail_msg("%s: status %x, want errno %d", attempts[i].name, status,
			    attempts[i].want);
	}
	seal_free(seal);
	close(fd);
}

/* --- documents --- */

struct visit {
	int answers, document, album;
	struct painter painter;
};

static void
begin(struct visit *v, const struct pm *m, const char *password, bool pictures)
{
	struct paint_job job;
	int drawer;

	v->document = document(m->b.p, m->b.len);
	v->album = pictures ? album_open() : -1;
	painter_job(
	    &job, 0, m->b.len, (const uint8_t *)password, password == NULL ? 0 : strlen(password));
	assert_int_equal(painter_stream(&v->answers, &drawer), RC_OK);
	assert_int_equal(painter_hire(jobs, &job, drawer, v->document, v->album), RC_OK);
	close(drawer);
	painter_init(&v->painter, &v->answers);
}

static void
end(struct visit *v)
{
	io_close(&v->answers);
	io_close(&v->document);
	io_close(&v->album);
}

static enum rc
cover(struct visit *v, uint32_t page, uint64_t upto, struct paint_answer *a)
{
	struct paint_question q = {.kind = PAINT_COVER,
	    .page = page,
	    .end = upto,
	    .nrects = 1,
	    .rects = {{90, 90, 120, 120}}};

	return v->painter.ask(v->painter.ctx, &q, a);
}

static void
letter(struct pm *m, const char *content)
{
	char text[4096];

	pm_init(m);
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(
	    m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<<>>>>");
	snprintf(text, sizeof(text), "<</Length %zu>>\nstream\n%s\nendstream", strlen(content) + 1,
	    content);
	pm_obj(m, 4, text);
	pm_end(m, "");
}

#define BARS "0 g 100 100 4 10 re 140 140 4 10 re 160 140 4 10 re 165 100 4 10 re f"

/* Forms that draw each other ten times, nine deep: a kilobyte that asks for hours. */
static void
bomb(struct pm *m)
{
	char text[512];
	unsigned i;

	pm_init(m);
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(m, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R"
	    "/Resources<</XObject<</F 5 0 R>>>>>>");
	pm_obj(m, 4, "<</Length 6>>\nstream\n/F Do \nendstream");
	for (i = 5; i < 15; i++) {
		snprintf(text, sizeof(text),
		    "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %u 0 "
		    "R>>>>/Length 60>>\nstream\n%-60s\nendstream",
		    i + 1,
		    i == 14 ? "0 0 9 9 re f"
			    : "/F Do /F Do /F Do /F Do /F Do /F Do /F Do "
			      "/F Do /F Do /F Do");
		pm_obj(m, i, text);
	}
	pm_end(m, "");
}

static void
test_answers(void **state)
{
	struct paint_question q = {.kind = 7, .page = 1};
	struct paint_answer a;
	struct visit v;
	struct pm m;

	(void)state;
	letter(&m, BARS);
	begin(&v, &m, NULL, false);
	assert_int_equal(cover(&v, 1, m.b.len, &a), RC_OK);
	assert_true(a.points > 35 && a.points < 45 && a.ink > 0.24 && a.ink < 0.26);
	/* what can't be answered does not end the rest */
	assert_int_equal(cover(&v, 2, m.b.len, &a), RC_ABSENT);
	assert_int_equal(cover(&v, 0, m.b.len, &a), RC_ABSENT);
	assert_int_equal(cover(&v, 1, m.b.len + 1, &a), RC_ABSENT);
	assert_int_equal(cover(&v, 1, 0, &a), RC_ABSENT);
	q.end = m.b.len;
	assert_int_equal(v.painter.ask(v.painter.ctx, &q, &a), RC_ABSENT);
	q.kind = PAINT_COVER;
	q.nrects = PAINT_RECTS + 1;
	assert_int_equal(v.painter.ask(v.painter.ctx, &q, &a), RC_ABSENT);
	assert_int_equal(cover(&v, 1, m.b.len, &a), RC_OK);
	end(&v);
	buf_clear(&m.b);
}

/* The signed revision is drawn, not what came after; and the difference is seen, in pictures too.
 */
static void
test_revisions(void **state)
{
	struct paint_question q = {.kind = PAINT_DIFFER, .page = 1, .pictures = 1};
	struct album_picture pic;
	struct paint_answer a;
	struct visit v;
	struct buf b;
	struct pm m;
	size_t off = 0;
	unsigned i;

	(void)state;
	letter(&m, BARS);
	q.end = m.b.len;
	pm_obj(&m, 4, "<</Length 22>>\nstream\n0 g 95 95 20 20 re f  \nendstream");
	pm_end(&m, "");
	begin(&v, &m, NULL, true);
	assert_int_equal(cover(&v, 1, q.end, &a), RC_OK);
	assert_true(a.points > 35 && a.points < 45);
	assert_int_equal(v.painter.ask(v.painter.ctx, &q, &a), RC_OK);
	assert_true(a.points > 475 && a.points < 485);
	buf_init(&b, ALBUM_MAX);
	assert_int_equal(album_read(v.album, &b), RC_OK);
	for (i = 0; i < 2; i++) {
		assert_int_equal(album_next(&b, &off, &pic), RC_OK);
		assert_int_equal(pic.page, 1);
		assert_int_equal(pic.kind, i == 0 ? ALBUM_SIGNED : ALBUM_NOW);
	}
	assert_int_equal(album_next(&b, &off, &pic), RC_ABSENT);
	buf_clear(&b);
	end(&v);
	buf_clear(&m.b);
}

/* A bomb is cut off at its time; others are served meanwhile and after. */
static void
test_time(void **state)
{
	struct visit bad, good;
	struct paint_answer a;
	struct pm m, ok;
	long long began = io_now_ms(), took;

	(void)state;
	bomb(&m);
	letter(&ok, BARS);
	assert_true(m.b.len < 4096);
	begin(&bad, &m, NULL, false);
	begin(&good, &ok, NULL, false);
	assert_int_equal(cover(&good, 1, ok.b.len, &a), RC_OK);
	assert_int_equal(cover(&bad, 1, m.b.len, &a), RC_IO);
	took = io_now_ms() - began;
	assert_true(took >= CAP_DRAW_CPU * 1000 - 500 && took < CAP_DRAW_SECONDS * 1000 + 3000);
	assert_int_equal(bad.answers, -1);
	assert_int_equal(cover(&bad, 1, m.b.len, &a), RC_ABSENT);
	end(&good);
	begin(&good, &ok, NULL, false);
	assert_int_equal(cover(&good, 1, ok.b.len, &a), RC_OK);
	end(&bad);
	end(&good);
	buf_clear(&m.b);
	buf_clear(&ok.b);
}

/* The warm process' only child. */
static pid_t
drawer_pid(void)
{
	char path[64];
	char line[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)warm, (int)warm);
	assert_non_null(f = fopen(path, "re"));
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	return (pid_t)strtol(line, NULL, 10);
}

static void
test_crash(void **state)
{
	struct paint_answer a;
	struct visit v;
	struct pm m;
	pid_t pid;

	(void)state;
	letter(&m, BARS);
	begin(&v, &m, NULL, false);
	assert_int_equal(cover(&v, 1, m.b.len, &a), RC_OK);
	/* the last of those that are there is ours */
	pid = drawer_pid();
	assert_int_equal(kill(pid, SIGSEGV), 0);
	while (kill(pid, 0) == 0 && cover(&v, 1, m.b.len, &a) == RC_OK)
		usleep(1000);
	assert_int_not_equal(cover(&v, 1, m.b.len, &a), RC_OK);
	end(&v);
	begin(&v, &m, NULL, false);
	assert_int_equal(cover(&v, 1, m.b.len, &a), RC_OK);
	end(&v);
	buf_clear(&m.b);
}

/* More documents than drawers at once: they wait their turn. */
static void
test_many(void **state)
{
	struct visit v[3 * CAP_DRAWERS];
	struct paint_answer a;
	struct pm m;
	size_t i;

	(void)state;
	letter(&m, BARS);
	for (i = 0; i < nitems(v); i++)
		begin(&v[i], &m, NULL, false);
	for (i = 0; i < nitems(v); i++) {
		assert_int_equal(cover(&v[i], 1, m.b.len, &a), RC_OK);
		end(&v[i]);
	}
	buf_clear(&m.b);
}

/* A message that is none, and an answer that is none. */
static void
test_nonsense(void **state)
{
	static const struct paint_answer lies[] = {
	    {(double)NAN, 0, 0}, {0, 2, 0}, {0, 0, -1}, {1.5, 0, 0}, {0, 0, (double)NAN}};
	struct paint_answer a;
	struct paint_job job;
	struct visit v;
	struct pm m;
	size_t i;
	int fd;

	(void)state;
	letter(&m, BARS);
	memset(&job, 0xff, sizeof(job));
	fd = document("x", 1);
	assert_int_equal(painter_hire(jobs, &job, fd, fd, -1), RC_OK);
	assert_int_equal(io_send_fds(jobs, "x", 1, &fd, 1), RC_OK);
	assert_int_equal(io_send_fds(jobs, &job, sizeof(job), NULL, 0), RC_OK);
	painter_job(&job, 5, UINT64_MAX, NULL, 0);
	assert_int_equal(painter_hire(jobs, &job, fd, fd, -1), RC_OK);
	close(fd);
	begin(&v, &m, NULL, false);
	assert_int_equal(cover(&v, 1, m.b.len, &a), RC_OK);
	end(&v);
	for (i = 0; i < nitems(lies); i++) {
		assert_int_equal(painter_stream(&v.answers, &fd), RC_OK);
		painter_init(&v.painter, &v.answers);
		assert_int_equal(io_write_full(fd, &lies[i], sizeof(lies[i])), RC_OK);
		assert_int_equal(cover(&v, 1, 1, &a), RC_ABSENT);
		close(fd);
		io_close(&v.answers);
	}
	buf_clear(&m.b);
}

static int
set_up(void **state)
{
	const char *build = getenv("BUILD");

	(void)state;
	snprintf(program, sizeof(program), "%s/periksa-draw", build != NULL ? build : "build");
	return painter_start(program, &jobs, &warm) == RC_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	int status;

	(void)state;
	io_close(&jobs);
	return waitpid(warm, &status, 0) == warm && WIFEXITED(status) && WEXITSTATUS(status) == 0
		   ? 0
		   : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_attempts),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_revisions),
	    cmocka_unit_test(test_crash),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_nonsense),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("drawer", tests, set_up, tear_down);
}
