/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "buf.h"
#include "crockford.h"
#include "register.h"
#include "report.h"
#include "storemake.h"
#include "wire.h"

static const struct register_signer signers[] = {
    {"KEPALA DINAS KOMUNIKASI DAN INFORMATIKA", "Ir. Sari Wulan, M.Si.", "Pembina (IV/a)"},
    {"SEKRETARIS DAERAH", "Drs. Bayu Ábel", ""},
};
static const struct register_content content = {
    .number = "555/0320.g/2026",
    .subject = "Undangan rapat",
    .date = "2026-11-01",
    .unit = "Bidang Persandian",
    .visibility = LETTER_PUBLIC,
    .signers = signers,
    .nsigners = 2,
};
/* of the first agency, and of the second; nobody has these accounts but the table */
static const struct actor staff = {1, 1, ROLE_STAFF}, other = {2, 2, ROLE_STAFF};
static const struct actor auditor = {3, 2, ROLE_AUDITOR}, admin = {4, 2, ROLE_ADMIN};

static char id[CROCKFORD_ID_LEN + 1], code[REGISTER_CODE_LEN + 1];
static enum register_answer answer;

static int
agencies(void **state)
{
	static const char sql[] =
	    "INSERT INTO agency VALUES (1, 'KOMINFO', 'Dinas Kominfo'), (2, 'DINKES', 'x');"
	    "INSERT INTO account VALUES (1, 'a', 'staff', 1, '', zeroblob(20), 0, 0, 0),"
	    "(2, 'b', 'staff', 2, '', zeroblob(20), 0, 0, 0),"
	    "(3, 'c', 'auditor', 2, '', zeroblob(20), 0, 0, 0),"
	    "(4, 'd', 'admin', 2, '', zeroblob(20), 0, 0, 0)";

	return open_store(state) == 0 && tamper(sql) == SQLITE_OK ? 0 : -1;
}

static enum register_answer
draft(const struct register_content *c)
{
	assert_int_equal(register_draft(store, &staff, 1, c, NOW, id, code, &answer), RC_OK);
	return answer;
}

static enum register_answer
issue(const struct actor *who)
{
	assert_int_equal(register_issue(store, who, id, NOW + 1, &answer), RC_OK);
	return answer;
}

/* As wire_encode() begins. */
#define HEADER     "PRKS\0\0\0\4"
#define HEADER_LEN (sizeof(HEADER) - 1)

static struct report *report; /* on the file that is registered next; another for each */

static struct register_signing
signing(void)
{
	static char policy[] = "nasional", version[] = "1";
	static uint32_t files;
	struct register_signing g = {
	    .size = 4711, .differences = "", .reason = "", .wire = HEADER, .wire_len = HEADER_LEN};

	report_free(report);
	report = report_new();
	assert_non_null(report);
	report->conclusion = CONCLUSION_VALID;
	report->policy_id = policy;
	report->policy_version = version;
	memset(report->trust_id, 0x5c, 32);
	memset(report->document.sha256, 7, 32);
	files++;
	memcpy(report->document.sha256 + 1, &files, sizeof(files));
	g.sha256 = report->document.sha256;
	g.report = report;
	return g;
}

static enum register_answer
sign(const struct actor *who)
{
	struct register_signing g = signing();

	assert_int_equal(register_sign(store, who, id, &g, NOW + 2, &answer), RC_OK);
	return answer;
}

static enum register_answer
withdraw(const struct actor *who)
{
	assert_int_equal(
	    register_withdraw(store, who, id, "2026-12-01", "salah tanggal", NOW + 3, &answer),
	    RC_OK);
	return answer;
}

static enum register_answer
supersede(const struct actor *who, const char *by)
{
	assert_int_equal(
	    register_supersede(store, who, id, by, "2026-12-01", "jadwal baru", NOW + 3, &answer),
	    RC_OK);
	return answer;
}

static enum register_answer
edit(const struct actor *who, const struct register_content *c)
{
	assert_int_equal(register_edit(store, who, id, c, NOW + 1, code, &answer), RC_OK);
	return answer;
}

static struct register_letter *
get(const struct actor *who)
{
	struct register_letter *l;

	assert_int_equal(register_read(store, who, id, NOW, &l, &answer), RC_OK);
	assert_true((answer == REGISTER_DONE) == (l != NULL));
	return l;
}

static enum letter_state
state_of(void)
{
	struct register_letter *l = get(&actor_operator);
	enum letter_state s;

	assert_non_null(l);
	s = l->state;
	register_free(l);
	return s;
}

/* ---- ids ---- */

static void
test_id(void **state)
{
	static const struct {
		const char *typed;
		bool ok;
	} t[] = {
	    {"00000000000000000000000000 0", true},
	    {"ooOOooOOooOOooOOooOOooOOooO", true},
	    {"0000000-0000000-0000000-000000", true},
	    {"\t00000 00000 00000 00000 00000 00\r\n", true},
	    {"000000000000000000000000000", true},
	    {"00000000000000000000000000", false},
	    {"0000000000000000000000000000", false},
	    {"", false},
	    {"-", false},
	    {"80000000000000000000000000", false},
	    {"U00000000000000000000000000", false},
	    {"00000000000000000000000000*", false},
	    {"00000000000000000000000000\xc2\xa0", false},
	};
	char made[CROCKFORD_ID_LEN + 1], typed[64], got[CROCKFORD_ID_LEN + 1];
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t bits[16];
	size_t i, j, n;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (crockford_id_read(t[i].typed, strlen(t[i].typed), got) != t[i].ok)
			fail_msg("%zu", i);
		assert_string_equal(got, t[i].ok ? "000000000000000000000000000" : "");
	}
	for (n = 0; n < 64; n++) {
		for (i = 0; i < 16; i++)
			bits[i] = (uint8_t)(n * 37 + i * (n + 11) * 5);
		crockford_id(bits, made);
		assert_int_equal(strlen(made), CROCKFORD_ID_LEN);
		assert_true(crockford_id_read(made, CROCKFORD_ID_LEN, got));
		assert_string_equal(got, made);
		/* as people type it */
		for (i = 0; i < CROCKFORD_ID_LEN; i++) {
			typed[i] = made[i];
			if (made[i] == '0')
				typed[i] = 'o';
			else if (made[i] == '1')
				typed[i] = "iIlL"[i % 4];
			else if (made[i] >= 'A')
				typed[i] = (char)(made[i] - 'A' + 'a');
		}
		assert_true(crockford_id_read(typed, CROCKFORD_ID_LEN, got));
		assert_string_equal(got, made);
		/* one wrong character */
		for (i = 0; i < CROCKFORD_ID_LEN; i++)
			for (j = 0; j < 32; j++) {
				memcpy(typed, made, sizeof(made));
				typed[i] = digits[j];
				assert_int_equal(crockford_id_read(typed, CROCKFORD_ID_LEN, got),
				    typed[i] == made[i]);
			}
		/* two exchanged */
		for (i = 0; i < CROCKFORD_ID_LEN; i++)
			for (j = 0; j < i; j++) {
				memcpy(typed, made, sizeof(made));
				typed[i] = made[j];
				typed[j] = made[i];
				assert_int_equal(crockford_id_read(typed, CROCKFORD_ID_LEN, got),
				    made[i] == made[j]);
			}
	}
}

/* ---- what a letter says ---- */

static void
test_draft(void **state)
{
	struct register_letter *l;
	char first[CROCKFORD_ID_LEN + 1], lower[80];
	size_t i;

	(void)state;
	assert_int_equal(draft(&content), REGISTER_DONE);
	assert_string_equal(code, "");
	memcpy(first, id, sizeof(id));
	assert_int_equal(draft(&content), REGISTER_DONE);
	assert_string_not_equal(id, first);
	for (i = 0; i < CROCKFORD_ID_LEN; i++) {
		lower[2 * i] = (char)(id[i] >= 'A' ? id[i] + 32 : id[i]);
		lower[2 * i + 1] = i % 2 != 0 ? ' ' : '-';
	}
	lower[2 * i] = '\0';
	assert_int_equal(register_read(store, &staff, lower, NOW, &l, &answer), RC_OK);
	assert_non_null(l);
	assert_string_equal(l->id, id);
	assert_int_equal(l->state, LETTER_DRAFT);
	assert_int_equal(l->version, 1);
	assert_int_equal(l->created, NOW);
	assert_string_equal(l->agency_code, "KOMINFO");
	assert_string_equal(l->agency_name, "Dinas Kominfo");
	assert_string_equal(l->content.number, content.number);
	assert_string_equal(l->content.subject, content.subject);
	assert_string_equal(l->content.date, content.date);
	assert_string_equal(l->content.unit, content.unit);
	assert_int_equal(l->content.visibility, LETTER_PUBLIC);
	assert_int_equal(l->content.nsigners, 2);
	for (i = 0; i < 2; i++) {
		assert_string_equal(l->content.signers[i].title, signers[i].title);
		assert_string_equal(l->content.signers[i].name, signers[i].name);
		assert_string_equal(l->content.signers[i].rank, signers[i].rank);
	}
	assert_true(l->shown);
	assert_false(l->has_file);
	assert_string_equal(l->successor, "");
	register_free(l);
	register_free(NULL);
}

static void
test_malformed(void **state)
{
	static struct register_signer many[CAP_SIGNERS + 1];
	char huge[CAP_LETTER_TEXT + 2];
	struct register_content t[16];
	struct register_signer bad[4] = {signers[0], signers[0], signers[0], signers[0]};
	size_t i, n;

	(void)state;
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	for (i = 0; i <= CAP_SIGNERS; i++)
		many[i] = signers[0];
	for (i = 0; i < 16; i++)
		t[i] = content;
	n = 0;
	t[n++].number = "";
	t[n++].number = NULL;
	t[n++].subject = huge;
	t[n++].subject = "a\tb";
	t[n++].subject = "\xc0\xaf";
	t[n++].unit = " x";
	t[n++].date = "2026-02-29";
	t[n++].date = "2026-1-1";
	t[n++].date = "2026-11-01T00:00:00Z";
	t[n++].visibility = LETTER_VISIBILITY__MAX;
	t[n++].nsigners = 0;
	t[n].signers = many;
	t[n++].nsigners = CAP_SIGNERS + 1;
	bad[0].name = "";
	bad[1].title = "";
	bad[2].rank = huge;
	bad[3].rank = NULL;
	for (i = 0; i < 4; i++) {
		t[n].signers = &bad[i];
		t[n++].nsigners = 1;
	}
	assert_int_equal(n, 16);
	for (i = 0; i < n; i++) {
		if (draft(&t[i]) != REGISTER_MALFORMED)
			fail_msg("%zu", i);
		assert_string_equal(id, "");
	}
	assert_int_equal(ask("SELECT count(*) FROM letter"), 0);
	huge[CAP_LETTER_TEXT] = '\0';
	t[2].subject = huge;
	assert_int_equal(draft(&t[2]), REGISTER_DONE);
	t[11].nsigners = CAP_SIGNERS;
	assert_int_equal(draft(&t[11]), REGISTER_DONE);
	assert_int_equal(edit(&staff, &t[0]), REGISTER_MALFORMED);
	assert_int_equal(register_withdraw(store, &staff, id, "kemarin", "x", NOW, &answer), RC_OK);
	assert_int_equal(answer, REGISTER_MALFORMED);
	assert_int_equal(
	    register_withdraw(store, &staff, id, "2026-11-01", "", NOW, &answer), RC_OK);
	assert_int_equal(answer, REGISTER_MALFORMED);
	assert_int_equal(state_of(), LETTER_DRAFT);
}

struct events {
	size_t n;
	char what[8][16];
	unsigned version[8];
	char reason[40], date[16], successor[40];
	int64_t account;
};

static bool
see_event(const struct register_event *e, void *arg)
{
	struct events *v = arg;

	assert_true(v->n < 8);
	snprintf(v->what[v->n], sizeof(v->what[0]), "%s", e->what);
	snprintf(v->reason, sizeof(v->reason), "%s", e->reason);
	snprintf(v->date, sizeof(v->date), "%s", e->date);
	snprintf(v->successor, sizeof(v->successor), "%s", e->successor);
	v->account = e->account;
	v->version[v->n++] = e->version;
	return true;
}

struct checks {
	size_t n;
	int64_t at; /* of the last */
	char said[200];
};

static bool
see_check(const struct register_check *c, void *arg)
{
	struct checks *v = arg;
	size_t len = strlen(v->said);

	snprintf(v->said + len, sizeof(v->said) - len, "%s%s%s%s%s ",
	    conclusion_name(c->conclusion), c->pending ? "+" : "", *c->reasons != '\0' ? "(" : "",
	    c->reasons, *c->reasons != '\0' ? ")" : "");
	assert_string_equal(c->policy, "nasional");
	v->at = c->at;
	v->n++;
	return true;
}

/* An edit is a version; the earlier ones stay, and all of it is history. */
static void
test_history(void **state)
{
	static const char *const what[] = {"drafted", "edited", "issued", "signed", "withdrawn"};
	struct register_content c = content;
	struct register_letter *l;
	struct events v = {0};
	size_t i;

	(void)state;
	assert_int_equal(draft(&content), REGISTER_DONE);
	c.subject = "Undangan rapat kedua";
	c.nsigners = 1;
	assert_int_equal(edit(&staff, &c), REGISTER_DONE);
	l = get(&staff);
	assert_string_equal(l->content.subject, c.subject);
	assert_int_equal(l->content.nsigners, 1);
	assert_int_equal(l->version, 2);
	register_free(l);
	assert_int_equal(issue(&staff), REGISTER_DONE);
	assert_int_equal(edit(&staff, &c), REGISTER_STATE);
	assert_int_equal(sign(&admin), REGISTER_DONE);
	l = get(&auditor);
	assert_true(l->has_file);
	assert_int_equal(l->size, 4711);
	assert_int_equal(l->sha256[0], 7);
	register_free(l);
	assert_int_equal(withdraw(&staff), REGISTER_DONE);
	l = get(&staff);
	assert_string_equal(l->reason, "salah tanggal");
	assert_string_equal(l->since, "2026-12-01");
	assert_true(l->has_file);
	register_free(l);

	assert_int_equal(register_history(store, &auditor, id, NOW, see_event, &v, &answer), RC_OK);
	assert_int_equal(v.n, 5);
	for (i = 0; i < 5; i++) {
		assert_string_equal(v.what[i], what[i]);
		assert_int_equal(v.version[i], i == 0 ? 1 : 2);
	}
	assert_string_equal(v.reason, "salah tanggal");
	assert_string_equal(v.date, "2026-12-01");
	assert_int_equal(v.account, 1);
	assert_int_equal(
	    ask("SELECT count(*) FROM letter_content WHERE subject = 'Undangan rapat'"), 1);
	assert_int_equal(acts(ACT_LETTER_DRAFTED), 1);
	assert_int_equal(acts(ACT_LETTER_SIGNED), 1);
	assert_int_equal(acts(ACT_LETTER_WITHDRAWN), 1);
}

/* Not even who has the file and writes SQL changes it by mistake. */
static void
test_kept(void **state)
{
	static const char *const t[] = {
	    "DELETE FROM letter",
	    "DELETE FROM letter_event",
	    "DELETE FROM letter_content",
	    "DELETE FROM letter_signer",
	    "UPDATE letter_event SET at = 0",
	    "UPDATE letter_content SET subject = 'x'",
	    "UPDATE letter_signer SET name = 'x'",
	    "INSERT INTO letter_signer SELECT letter, version, 9, 'x', 'x', '' FROM letter_signer",
	    "UPDATE letter SET id = 'x'",
	    "UPDATE letter SET agency = 2",
	    "UPDATE letter SET version = 2",
	    "UPDATE letter SET version = 0",
	    "UPDATE letter SET sha256 = zeroblob(32), size = 1",
	    "UPDATE letter SET state = 'draft'",
	    "UPDATE letter SET state = 'issued'",
	    "UPDATE letter SET state = 'superseded'",
	    "UPDATE letter SET state = 'lost'",
	    "DELETE FROM registration",
	    "UPDATE registration SET at = 0",
	    "UPDATE registration SET account = NULL",
	    "UPDATE registration SET differences = 'x', reason = 'x'",
	    "UPDATE registration SET pending = 2",
	    "UPDATE registration SET verdict = NULL",
	    "INSERT INTO registration VALUES (1, 1, 1, '', '', 0, 0, NULL, 0)",
	    "DELETE FROM letter_check",
	    "UPDATE letter_check SET conclusion = 'VALID'",
	    "DELETE FROM letter_report",
	};
	size_t i;

	(void)state;
	draft(&content); /* one that has no file */
	draft(&content);
	issue(&staff);
	assert_int_equal(sign(&staff), REGISTER_DONE);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (tamper(t[i]) == SQLITE_OK)
			fail_msg("%s", t[i]);
	assert_int_equal(state_of(), LETTER_SIGNED);
}

/* ---- from state to state ---- */

/* Brings a new letter to a state. */
static void
bring(enum letter_state to)
{
	char by[CROCKFORD_ID_LEN + 1];

	draft(&content);
	issue(&staff);
	memcpy(by, id, sizeof(id));
	draft(&content);
	if (to == LETTER_ISSUED || to == LETTER_SIGNED || to == LETTER_SUPERSEDED)
		issue(&staff);
	if (to == LETTER_SIGNED)
		sign(&staff);
	if (to == LETTER_SUPERSEDED)
		supersede(&staff, by);
	if (to == LETTER_WITHDRAWN)
		withdraw(&staff);
	assert_int_equal(state_of(), to);
}

static void
test_states(void **state)
{
	/* from the row to: issued, signed, superseded, withdrawn */
	static const bool may[LETTER_STATE__MAX][LETTER_STATE__MAX] = {
	    [LETTER_DRAFT] = {false, true, false, false, true},
	    [LETTER_ISSUED] = {false, false, true, true, true},
	    [LETTER_SIGNED] = {false, false, false, true, true},
	};
	char by[CROCKFORD_ID_LEN + 1];
	unsigned from, to;

	(void)state;
	draft(&content);
	issue(&staff);
	memcpy(by, id, sizeof(id));
	for (from = 0; from < LETTER_STATE__MAX; from++)
		for (to = LETTER_ISSUED; to < LETTER_STATE__MAX; to++) {
			bring(from);
			if (to == LETTER_ISSUED)
				issue(&staff);
			else if (to == LETTER_SIGNED)
				sign(&staff);
			else if (to == LETTER_SUPERSEDED)
				supersede(&staff, by);
			else
				withdraw(&staff);
			if ((answer == REGISTER_DONE) != may[from][to])
				fail_msg("%s to %s: %d", letter_state_name(from),
				    letter_state_name(to), answer);
			if (!may[from][to])
				assert_int_equal(answer, REGISTER_STATE);
			assert_int_equal(state_of(), may[from][to] ? to : from);
		}
}

static void
test_successor(void **state)
{
	char self[CROCKFORD_ID_LEN + 1], drafted[CROCKFORD_ID_LEN + 1];
	char foreign[CROCKFORD_ID_LEN + 1], good[CROCKFORD_ID_LEN + 1];
	struct register_letter *l;

	(void)state;
	draft(&content);
	memcpy(drafted, id, sizeof(id));
	assert_int_equal(register_draft(store, &other, 2, &content, NOW, id, code, &answer), RC_OK);
	assert_int_equal(issue(&other), REGISTER_DONE);
	memcpy(foreign, id, sizeof(id));
	draft(&content);
	issue(&staff);
	memcpy(good, id, sizeof(id));
	draft(&content);
	issue(&staff);
	memcpy(self, id, sizeof(id));
	assert_int_equal(supersede(&staff, self), REGISTER_SUCCESSOR);
	assert_int_equal(supersede(&staff, drafted), REGISTER_SUCCESSOR);
	assert_int_equal(supersede(&staff, foreign), REGISTER_SUCCESSOR);
	assert_int_equal(supersede(&admin, foreign), REGISTER_SUCCESSOR);
	assert_int_equal(supersede(&staff, "bukan id"), REGISTER_SUCCESSOR);
	assert_int_equal(supersede(&staff, NULL), REGISTER_MALFORMED);
	assert_int_equal(state_of(), LETTER_ISSUED);
	assert_int_equal(supersede(&staff, good), REGISTER_DONE);
	l = get(&staff);
	assert_string_equal(l->successor, good);
	assert_string_equal(l->reason, "jadwal baru");
	register_free(l);
	/* round in a circle there is no way: what was superseded supersedes nothing */
	memcpy(id, good, sizeof(id));
	assert_int_equal(supersede(&staff, self), REGISTER_SUCCESSOR);
}

/* ---- who may ---- */

static void
test_agency(void **state)
{
	static const struct actor none = {.role = ROLE__MAX};
	static const struct {
		const struct actor *who;
		enum register_answer read, write;
	} t[] = {
	    {&staff, REGISTER_DONE, REGISTER_DONE},
	    {&other, REGISTER_ABSENT, REGISTER_ABSENT},
	    {&auditor, REGISTER_DONE, REGISTER_FORBIDDEN},
	    {&admin, REGISTER_DONE, REGISTER_DONE},
	    {&actor_operator, REGISTER_DONE, REGISTER_DONE},
	    {&none, REGISTER_ABSENT, REGISTER_ABSENT},
	};
	struct events v = {0};
	struct checks checks = {0};
	int64_t refused;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		draft(&content);
		refused = acts(ACT_LETTER_REFUSED);
		register_free(get(t[i].who));
		assert_int_equal(answer, t[i].read);
		assert_int_equal(
		    register_history(store, t[i].who, id, NOW, see_event, &v, &answer), RC_OK);
		assert_int_equal(answer, t[i].read);
		v.n = 0;
		assert_int_equal(
		    register_checks(store, t[i].who, id, NOW, see_check, &checks, &answer), RC_OK);
		assert_int_equal(answer, t[i].read);
		assert_int_equal(edit(t[i].who, &content), t[i].write);
		assert_int_equal(issue(t[i].who), t[i].write);
		assert_int_equal(sign(t[i].who), t[i].write);
		assert_int_equal(withdraw(t[i].who), t[i].write);
		assert_int_equal(
		    state_of(), t[i].write == REGISTER_DONE ? LETTER_WITHDRAWN : LETTER_DRAFT);
		assert_int_equal(acts(ACT_LETTER_REFUSED) - refused,
		    (t[i].read != REGISTER_DONE ? 3 : 0) + (t[i].write != REGISTER_DONE ? 4 : 0));
	}
	/* nobody puts a letter among those of another agency */
	assert_int_equal(register_draft(store, &other, 1, &content, NOW, id, code, &answer), RC_OK);
	assert_int_equal(answer, REGISTER_FORBIDDEN);
	assert_int_equal(
	    register_draft(store, &auditor, 2, &content, NOW, id, code, &answer), RC_OK);
	assert_int_equal(answer, REGISTER_FORBIDDEN);
	assert_string_equal(id, "");
	/* an id that nobody has: the same answer as for one of others */
	memset(id, '0', CROCKFORD_ID_LEN);
	id[CROCKFORD_ID_LEN] = '\0';
	assert_null(get(&staff));
	assert_int_equal(answer, REGISTER_ABSENT);
}

/* ---- registering ---- */

static enum register_answer
sign_with(const struct actor *who, const struct register_signing *g, int64_t at)
{
	assert_int_equal(register_sign(store, who, id, g, at, &answer), RC_OK);
	return answer;
}

static void
assert_report(const char *name, int64_t when)
{
	struct report *r;
	int64_t at;

	assert_int_equal(register_report(store, id, &r, &at), when != 0 ? RC_OK : RC_ABSENT);
	assert_int_equal(at, when);
	if (name == NULL)
		assert_null(r);
	else
		assert_string_equal(r->document.name, name);
	report_free(r);
}

static void
test_sign(void **state)
{
	static const struct {
		const struct actor *who;
		enum conclusion conclusion;
		bool pending;
		const char *differences, *reason;
		enum register_answer answer;
	} t[] = {
	    {&staff, CONCLUSION_VALID, false, "", "", REGISTER_DONE},
	    {&staff, CONCLUSION_INDETERMINATE, true, "", "", REGISTER_DONE},
	    {&admin, CONCLUSION_VALID, false, "signer_missing no_id", "Plt.", REGISTER_DONE},
	    {&actor_operator, CONCLUSION_VALID, false, "no_id", "Plt.", REGISTER_DONE},
	    {&admin, CONCLUSION_INDETERMINATE, true, "no_id", "Plt.", REGISTER_DONE},
	    /* an admin's decision, and a reason */
	    {&staff, CONCLUSION_VALID, false, "no_id", "Plt.", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_VALID, false, "no_id", "", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_VALID, false, "no_id", " ", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_VALID, false, "no_id", "a\nb", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_VALID, false, "no_id", NULL, REGISTER_FORBIDDEN},
	    /* what nobody overrules */
	    {&admin, CONCLUSION_INDETERMINATE, false, "", "", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_INVALID, false, "verdict", "Plt.", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_INVALID, true, "", "", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_VALID, true, "", "", REGISTER_FORBIDDEN},
	    {&admin, CONCLUSION_NO_SIGNATURE, false, "", "", REGISTER_FORBIDDEN},
	    /* who may not at all */
	    {&other, CONCLUSION_VALID, false, "", "", REGISTER_ABSENT},
	    {&auditor, CONCLUSION_VALID, false, "", "", REGISTER_FORBIDDEN},
	};
	struct register_signing g;
	struct register_letter *l;
	int64_t refused;
	size_t i;
	bool done;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		draft(&content);
		issue(&staff);
		refused = acts(ACT_LETTER_REFUSED);
		g = signing();
		report->conclusion = t[i].conclusion;
		g.pending = t[i].pending;
		g.kept = true;
		g.differences = t[i].differences;
		g.reason = t[i].reason;
		if (sign_with(t[i].who, &g, NOW + 5) != t[i].answer)
			fail_msg("%zu: %d", i, answer);
		done = t[i].answer == REGISTER_DONE;
		assert_int_equal(acts(ACT_LETTER_REFUSED) - refused, done ? 0 : 1);
		l = get(&staff);
		assert_int_equal(l->state, done ? LETTER_SIGNED : LETTER_ISSUED);
		assert_int_equal(l->has_file, done);
		assert_int_equal(l->kept, done);
		assert_int_equal(l->pending, done && t[i].pending);
		assert_int_equal(l->registered, done ? NOW + 5 : 0);
		assert_int_equal(l->checked, done ? NOW + 5 : 0);
		assert_int_equal(l->verdict, done ? t[i].conclusion : CONCLUSION_INDETERMINATE);
		assert_string_equal(l->differences, done ? t[i].differences : "");
		assert_string_equal(
		    l->overruled, done && *t[i].differences != '\0' ? t[i].reason : "");
		register_free(l);
		assert_report(NULL, done ? NOW + 5 : 0);
	}
	assert_int_equal(ask("SELECT count(*) FROM registration"), 5);
	assert_int_equal(ask("SELECT count(*) FROM letter_check"), 5);
	assert_int_equal(acts(ACT_LETTER_OVERRULED), 3);
	assert_int_equal(acts(ACT_LETTER_SIGNED), 5);
}

/* One file is one letter; a report on another file is none. */
static void
test_taken(void **state)
{
	char first[CROCKFORD_ID_LEN + 1], found[CROCKFORD_ID_LEN + 1];
	static char huge[CAP_DIFFERENCES + 2];
	struct register_signing g;
	uint8_t sha256[32];

	(void)state;
	draft(&content);
	issue(&staff);
	g = signing();
	memcpy(sha256, g.sha256, 32);
	assert_int_equal(register_by_file(store, sha256, found), RC_OK);
	assert_string_equal(found, "");
	assert_int_equal(sign_with(&staff, &g, NOW), REGISTER_DONE);
	assert_int_equal(register_by_file(store, sha256, found), RC_OK);
	assert_string_equal(found, id);
	memcpy(first, id, sizeof(id));

	assert_int_equal(register_draft(store, &other, 2, &content, NOW, id, code, &answer), RC_OK);
	assert_int_equal(issue(&other), REGISTER_DONE);
	assert_int_equal(sign_with(&other, &g, NOW), REGISTER_TAKEN);
	assert_int_equal(acts(ACT_LETTER_REFUSED), 1);
	assert_int_equal(sign_with(&actor_operator, &g, NOW), REGISTER_TAKEN);
	assert_int_equal(state_of(), LETTER_ISSUED);
	/* also when the first is no more */
	memcpy(found, id, sizeof(id));
	memcpy(id, first, sizeof(id));
	assert_int_equal(withdraw(&staff), REGISTER_DONE);
	memcpy(id, found, sizeof(id));
	assert_int_equal(sign_with(&other, &g, NOW), REGISTER_TAKEN);
	assert_int_not_equal(
	    tamper("UPDATE letter SET state = 'signed', size = 1, sha256 = "
		   "(SELECT sha256 FROM letter WHERE sha256 IS NOT NULL) WHERE state = 'issued'"),
	    SQLITE_OK);

	g = signing();
	g.sha256 = sha256;
	assert_int_equal(sign_with(&other, &g, NOW), REGISTER_MALFORMED);
	g = signing();
	g.size = CAP_DOCUMENT + 1;
	assert_int_equal(sign_with(&other, &g, NOW), REGISTER_MALFORMED);
	memset(huge, 'x', sizeof(huge) - 1);
	g = signing();
	g.differences = huge;
	g.reason = "Plt.";
	assert_int_equal(sign_with(&admin, &g, NOW), REGISTER_MALFORMED);
	assert_int_equal(state_of(), LETTER_ISSUED);
}

/* All of it or nothing, wherever it ends. */
static void
test_whole(void **state)
{
	static const char *const tables[] = {
	    "registration", "letter_check", "letter_report", "letter_event", "act"};
	struct register_signing g;
	char sql[200];
	size_t i;

	(void)state;
	draft(&content);
	issue(&staff);
	g = signing();
	g.differences = "no_id";
	g.reason = "Plt.";
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		snprintf(sql, sizeof(sql),
		    "CREATE TRIGGER full_disk BEFORE INSERT ON %s "
		    "BEGIN SELECT RAISE(ABORT, 'full'); END",
		    tables[i]);
		assert_int_equal(tamper(sql), SQLITE_OK);
		if (register_sign(store, &admin, id, &g, NOW, &answer) == RC_OK)
			fail_msg("%s", tables[i]);
		assert_int_equal(answer, REGISTER_ABSENT);
		assert_int_equal(tamper("DROP TRIGGER full_disk"), SQLITE_OK);
		assert_int_equal(state_of(), LETTER_ISSUED);
		assert_int_equal(ask("SELECT count(*) FROM registration"), 0);
		assert_int_equal(ask("SELECT count(*) FROM letter_check"), 0);
		assert_int_equal(ask("SELECT count(*) FROM letter_report"), 0);
		assert_int_equal(ask("SELECT count(*) FROM letter_event WHERE what = 'signed'"), 0);
		assert_int_equal(acts(ACT_LETTER_OVERRULED) + acts(ACT_LETTER_SIGNED), 0);
	}
	assert_int_equal(sign_with(&admin, &g, NOW), REGISTER_DONE);
}

/* ---- looking again ---- */

static enum rc
look(enum conclusion conclusion, bool pending, bool kept, const char *name, int64_t at,
    enum conclusion *before)
{
	struct buf wire;
	enum rc rc;

	report->conclusion = conclusion;
	report->document.name = arena_str(report->arena, name, strlen(name));
	buf_init(&wire, CAP_WIRE);
	wire_encode(&wire, report);
	assert_int_equal(buf_rc(&wire), RC_OK);
	rc = register_checked(store, id, report, wire.p, wire.len, pending, kept, at, before);
	buf_clear(&wire);
	return rc;
}

/* After each: what stands there, and whether anybody is told. */
static void
test_checked(void **state)
{
	static const struct {
		enum conclusion conclusion;
		bool pending, now_pending, alert;
		int64_t rows, turned;
	} t[] = {
	    {CONCLUSION_INDETERMINATE, true, true, false, 1, 0}, /* nothing new is not written */
	    {CONCLUSION_VALID, true, false, false, 2, 1},        /* lacks nothing */
	    {CONCLUSION_VALID, false, false, false, 2, 1},
	    {CONCLUSION_INVALID, true, false, true, 3, 2},
	    {CONCLUSION_INDETERMINATE, false, false, true, 4, 3},
	    {CONCLUSION_INDETERMINATE, true, true, false, 5, 3},
	    {CONCLUSION_VALID, false, false, false, 6, 4},
	};
	enum conclusion before, was = CONCLUSION_INDETERMINATE;
	struct register_signing g;
	struct register_letter *l;
	struct register_counts n;
	int64_t at = NOW;
	struct checks seen = {0};
	char name[20];
	size_t i;

	(void)state;
	draft(&content);
	issue(&staff);
	g = signing();
	assert_int_equal(look(CONCLUSION_VALID, false, true, "x", NOW, &before), RC_ABSENT);
	assert_int_equal(before, CONCLUSION__MAX);
	report->conclusion = CONCLUSION_INDETERMINATE;
	g.pending = g.kept = true;
	assert_int_equal(sign_with(&staff, &g, NOW), REGISTER_DONE);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		at += 10;
		snprintf(name, sizeof(name), "laporan %zu", i);
		assert_int_equal(
		    look(t[i].conclusion, t[i].pending, true, name, at, &before), RC_OK);
		assert_int_equal(before, was);
		was = t[i].conclusion;
		l = get(&auditor);
		assert_int_equal(l->verdict, was);
		assert_int_equal(l->pending, t[i].now_pending);
		assert_int_equal(l->checked, at);
		assert_int_equal(l->registered, NOW);
		register_free(l);
		assert_report(name, at);
		if (ask("SELECT count(*) FROM letter_check") != t[i].rows)
			fail_msg("%zu: rows", i);
		assert_int_equal(acts(ACT_LETTER_TURNED), t[i].turned);
		assert_int_equal(register_count(store, &staff, &n), RC_OK);
		assert_int_equal(n.pending, t[i].now_pending);
		assert_int_equal(n.alerts, t[i].alert);
		assert_int_equal(n.last_check, at);
	}
	/* other anchors are something new */
	report->trust_id[0] ^= 1;
	assert_int_equal(look(CONCLUSION_VALID, false, true, "x", at + 1, &before), RC_OK);
	assert_int_equal(ask("SELECT count(*) FROM letter_check"), 7);
	/* and so are other reasons for the same */
	report->reasons = arena_array(report->arena, 1, sizeof(*report->reasons));
	assert_non_null(report->reasons);
	report->reasons[report->nreasons++] = CHECK_TIMESTAMP;
	assert_int_equal(look(CONCLUSION_VALID, false, true, "x", at + 2, &before), RC_OK);
	assert_int_equal(ask("SELECT count(*) FROM letter_check WHERE reasons <> ''"), 1);
	assert_int_equal(register_checks(store, &staff, id, NOW, see_check, &seen, &answer), RC_OK);
	assert_int_equal(seen.n, 8);
	assert_string_equal(seen.said, "INDETERMINATE+ VALID INVALID INDETERMINATE INDETERMINATE+ "
				       "VALID VALID VALID(TIMESTAMP) ");
	assert_int_equal(seen.at, at + 2);
	/* its file is lost: there is nothing to look at */
	assert_int_equal(
	    register_checked(store, id, NULL, NULL, 0, false, false, at + 5, &before), RC_OK);
	assert_int_equal(before, CONCLUSION_VALID);
	l = get(&staff);
	assert_false(l->kept);
	assert_int_equal(l->checked, at + 2);
	assert_int_equal(l->verdict, CONCLUSION_VALID);
	register_free(l);
	assert_int_equal(ask("SELECT count(*) FROM letter_check"), 8);
	id[2] = id[2] == '2' ? '3' : '2';
	assert_int_equal(look(CONCLUSION_VALID, false, true, "x", NOW, &before), RC_ABSENT);
	assert_int_equal(
	    register_checked(store, "x", report, "", CAP_WIRE + 1ul, false, false, NOW, &before),
	    RC_TOOBIG);
}

struct due {
	size_t n, stop;
	char id[8][CROCKFORD_ID_LEN + 1];
	uint8_t number[8]; /* of the file: signing() */
};

static bool
see_due(const char *letter, const uint8_t sha256[32], void *arg)
{
	struct due *d = arg;

	assert_true(d->n < 8);
	memcpy(d->id[d->n], letter, CROCKFORD_ID_LEN + 1);
	d->number[d->n++] = sha256[1];
	return d->n != d->stop;
}

/* Whose file is kept, longest ago first; neither drafts nor withdrawn ones. */
static void
test_due(void **state)
{
	char by[CROCKFORD_ID_LEN + 1], ids[5][CROCKFORD_ID_LEN + 1];
	struct register_signing g;
	struct due d = {.stop = 9};
	enum conclusion before;
	uint8_t number[5];
	size_t i;

	(void)state;
	draft(&content);
	issue(&staff);
	memcpy(by, id, sizeof(id));
	for (i = 0; i < 5; i++) {
		draft(&content);
		issue(&staff);
		g = signing();
		number[i] = g.sha256[1];
		g.kept = i != 2;
		assert_int_equal(sign_with(&staff, &g, NOW + (int64_t)i), REGISTER_DONE);
		if (i == 1)
			supersede(&staff, by);
		if (i == 3)
			withdraw(&staff);
		memcpy(ids[i], id, sizeof(id));
	}
	assert_int_equal(register_due(store, NOW, see_due, &d), RC_OK);
	assert_int_equal(d.n, 0);
	assert_int_equal(register_due(store, NOW + 100, see_due, &d), RC_OK);
	assert_int_equal(d.n, 3);
	assert_string_equal(d.id[0], ids[0]);
	assert_string_equal(d.id[1], ids[1]);
	assert_string_equal(d.id[2], ids[4]);
	assert_int_equal(d.number[0], number[0]);
	assert_int_equal(d.number[1], number[1]);
	assert_int_equal(d.number[2], number[4]);
	/* who was looked at goes to the end */
	memcpy(id, ids[0], sizeof(id));
	assert_int_equal(look(CONCLUSION_VALID, false, true, "x", NOW + 50, &before), RC_OK);
	d.n = 0;
	d.stop = 2;
	assert_int_equal(register_due(store, NOW + 100, see_due, &d), RC_OK);
	assert_int_equal(d.n, 2);
	assert_string_equal(d.id[0], ids[1]);
	assert_string_equal(d.id[1], ids[4]);
	d.n = 0;
	assert_int_equal(register_due(store, NOW + 50, see_due, &d), RC_OK);
	assert_int_equal(d.n, 2);
}

/* What another version has kept can't be read, and is due whenever it was made. */
static void
test_other_version(void **state)
{
	struct register_signing g;
	struct register_letter *l;
	struct due d = {.stop = 9};
	enum conclusion before;

	(void)state;
	draft(&content);
	issue(&staff);
	g = signing();
	g.kept = true;
	assert_int_equal(sign_with(&staff, &g, NOW), REGISTER_DONE);
	report->demonstration = true;
	assert_int_equal(look(CONCLUSION_VALID, false, true, "x", NOW + 50, &before), RC_OK);
	assert_report("x", NOW + 50);
	assert_int_equal(register_due(store, NOW, see_due, &d), RC_OK);
	assert_int_equal(d.n, 0);
	assert_int_equal(tamper("UPDATE letter_report SET wire = "
				"CAST(x'50524b5300000003' || substr(wire, 9) AS BLOB)"),
	    0);
	assert_report(NULL, NOW + 50);
	l = get(&staff);
	assert_int_equal(l->verdict, CONCLUSION_VALID);
	assert_int_equal(l->caveat, CAVEAT_PRACTICE);
	register_free(l);
	assert_int_equal(register_due(store, NOW, see_due, &d), RC_OK);
	assert_int_equal(d.n, 1);
	assert_string_equal(d.id[0], id);
	/* once, though it is due in both ways */
	assert_int_equal(register_due(store, NOW + 100, see_due, &d), RC_OK);
	assert_int_equal(d.n, 2);
	report->demonstration = false;
	assert_int_equal(look(CONCLUSION_VALID, false, true, "y", NOW + 60, &before), RC_OK);
	assert_report("y", NOW + 60);
	l = get(&staff);
	assert_int_equal(l->caveat, CAVEAT_NONE);
	register_free(l);
	assert_int_equal(register_due(store, NOW, see_due, &d), RC_OK);
	assert_int_equal(d.n, 2);
	assert_int_equal(tamper("UPDATE letter_report SET wire = x'50524b5300000005'"), 0);
	withdraw(&staff);
	assert_int_equal(register_due(store, NOW, see_due, &d), RC_OK);
	assert_int_equal(d.n, 2);
}

static int64_t
listed(const struct actor *who, bool pending, bool alerts,
    bool (*row)(const struct register_row *, void *))
{
	const struct register_query q = {
	    .state = LETTER_STATE__MAX, .pending = pending, .alerts = alerts};
	int64_t n = 0;

	assert_int_equal(register_list(store, who, &q, row, &n, &answer), RC_OK);
	return n;
}

static bool
all_pending(const struct register_row *row, void *arg)
{
	assert_true(row->pending && !row->alert);
	(*(int64_t *)arg)++;
	return true;
}

static bool
all_alerts(const struct register_row *row, void *arg)
{
	assert_true(row->alert && !row->pending);
	(*(int64_t *)arg)++;
	return true;
}

/* What a dashboard says, by agency. */
static void
test_count(void **state)
{
	static const struct actor none = {.role = ROLE__MAX};
	static const struct {
		const struct actor *who;
		int64_t drafts, signeds, withdrawn, pending, alerts, last;
	} t[] = {
	    {&staff, 1, 2, 1, 1, 1, NOW + 9},
	    {&other, 0, 1, 0, 1, 0, NOW + 9},
	    {&auditor, 1, 3, 1, 2, 1, NOW + 9},
	    {&admin, 1, 3, 1, 2, 1, NOW + 9},
	    {&actor_operator, 1, 3, 1, 2, 1, NOW + 9},
	    {&none, 0, 0, 0, 0, 0, 0},
	};
	struct register_counts n;
	struct register_signing g;
	enum conclusion before;
	size_t i;

	(void)state;
	assert_int_equal(register_count(store, &admin, &n), RC_OK);
	assert_int_equal(n.last_check, 0);
	draft(&content);
	for (i = 0; i < 4; i++) {
		assert_int_equal(register_draft(store, &actor_operator, i == 3 ? 2 : 1, &content,
				     NOW, id, code, &answer),
		    RC_OK);
		issue(&actor_operator);
		g = signing();
		g.pending = i > 0;
		report->conclusion = i > 0 ? CONCLUSION_INDETERMINATE : CONCLUSION_VALID;
		g.kept = i % 2 == 0;
		assert_int_equal(sign_with(&actor_operator, &g, NOW), REGISTER_DONE);
		if (i == 0)
			assert_int_equal(
			    look(CONCLUSION_INVALID, false, true, "x", NOW + 9, &before), RC_OK);
		if (i == 2)
			withdraw(&staff); /* its verdict is no matter any more */
	}
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(register_count(store, t[i].who, &n), RC_OK);
		assert_int_equal(n.states[LETTER_DRAFT], t[i].drafts);
		assert_int_equal(n.states[LETTER_ISSUED], 0);
		assert_int_equal(n.states[LETTER_SIGNED], t[i].signeds);
		assert_int_equal(n.states[LETTER_SUPERSEDED], 0);
		assert_int_equal(n.states[LETTER_WITHDRAWN], t[i].withdrawn);
		assert_int_equal(n.pending, t[i].pending);
		assert_int_equal(n.alerts, t[i].alerts);
		assert_int_equal(n.last_check, t[i].last);
		assert_int_equal(listed(t[i].who, true, false, all_pending), t[i].pending);
		assert_int_equal(answer, t[i].who == &none ? REGISTER_FORBIDDEN : REGISTER_DONE);
		assert_int_equal(listed(t[i].who, false, true, all_alerts), t[i].alerts);
	}
	assert_int_equal(listed(&admin, true, true, all_alerts), 0);
	assert_int_equal(answer, REGISTER_MALFORMED);
}

/* ---- for anybody ---- */

static struct register_letter *
show(const char *typed, const char *address, int64_t at)
{
	struct register_letter *l;

	assert_int_equal(register_public(store, id, typed, address, at, &l, &answer), RC_OK);
	return l;
}

/* Nothing of the file, and nothing of what was said about it. */
static void
assert_no_file(const struct register_letter *l)
{
	static const uint8_t zero[32];

	assert_false(l->has_file || l->kept);
	assert_memory_equal(l->sha256, zero, 32);
	assert_int_equal(l->size, 0);
	assert_string_equal(l->differences, "");
	assert_string_equal(l->overruled, "");
}

/* That there is one, whose, and where it stands. */
static void
assert_held_back(const struct register_letter *l)
{
	const struct register_content *c = &l->content;

	assert_no_file(l);
	assert_false(l->shown || l->pending);
	assert_int_equal(l->registered + l->checked + l->created, 0);
	assert_int_equal(l->verdict, CONCLUSION_INDETERMINATE);
	assert_int_equal(
	    strlen(c->number) + strlen(c->subject) + strlen(c->date) + strlen(c->unit), 0);
	assert_int_equal(c->nsigners, 0);
	assert_int_equal(strlen(l->since) + strlen(l->reason) + strlen(l->successor), 0);
	assert_string_equal(l->agency_code, "KOMINFO");
}

static void
test_public(void **state)
{
	struct register_content c = content;
	struct register_signing g;
	struct register_letter *l;

	(void)state;
	draft(&content);
	l = show(NULL, "a", NOW);
	assert_int_equal(answer, REGISTER_DONE);
	assert_int_equal(l->state, LETTER_DRAFT);
	assert_held_back(l);
	register_free(l);
	/* a draft that was thrown away was never anybody's business */
	withdraw(&staff);
	l = show(NULL, "a", NOW);
	assert_int_equal(l->state, LETTER_WITHDRAWN);
	assert_held_back(l);
	register_free(l);

	draft(&content);
	issue(&staff);
	sign(&staff);
	l = show(NULL, "a", NOW);
	assert_true(l->shown && l->has_file);
	assert_string_equal(l->content.subject, content.subject);
	assert_int_equal(l->content.nsigners, 2);
	register_free(l);

	c.visibility = LETTER_FACT;
	draft(&c);
	issue(&staff);
	g = signing();
	g.kept = true;
	g.differences = "no_id";
	g.reason = "Plt.";
	assert_int_equal(sign_with(&admin, &g, NOW + 2), REGISTER_DONE);
	l = show(NULL, "a", NOW);
	assert_int_equal(answer, REGISTER_DONE);
	assert_string_equal(l->content.number, content.number);
	assert_string_equal(l->content.date, content.date);
	assert_string_equal(l->content.unit, content.unit);
	assert_int_equal(l->state, LETTER_SIGNED);
	assert_int_equal(l->registered, NOW + 2);
	assert_int_equal(l->checked, NOW + 2);
	assert_int_equal(l->verdict, CONCLUSION_VALID);
	assert_string_equal(l->content.subject, "");
	assert_int_equal(l->content.nsigners, 0);
	assert_no_file(l);
	register_free(l);

	id[3] = id[3] == '7' ? '8' : '7';
	assert_null(show(NULL, "a", NOW));
	assert_int_equal(answer, REGISTER_ABSENT);
}

static void
test_code(void **state)
{
	struct register_content c = content;
	char typed[40], first[REGISTER_CODE_LEN + 1];
	struct register_signing g;
	struct register_letter *l;
	int i;

	(void)state;
	c.visibility = LETTER_CODE;
	assert_int_equal(draft(&c), REGISTER_DONE);
	assert_int_equal(strlen(code), REGISTER_CODE_LEN);
	memcpy(first, code, sizeof(code));
	assert_int_equal(edit(&staff, &c), REGISTER_DONE);
	assert_string_equal(code, ""); /* it keeps its own */
	issue(&staff);
	g = signing();
	g.kept = g.pending = true;
	g.differences = "no_id";
	g.reason = "Plt.";
	report->conclusion = CONCLUSION_INDETERMINATE;
	assert_int_equal(sign_with(&admin, &g, NOW), REGISTER_DONE);
	l = show(NULL, "a", NOW);
	assert_int_equal(answer, REGISTER_CODE);
	assert_int_equal(l->state, LETTER_SIGNED);
	assert_held_back(l);
	register_free(l);
	l = show("0000-0000", "b", NOW);
	assert_int_equal(answer, REGISTER_CODE);
	assert_held_back(l);
	register_free(l);
	l = show(first, "b", NOW);
	assert_int_equal(answer, REGISTER_DONE);
	assert_true(l->has_file && l->kept && l->pending);
	assert_memory_equal(l->sha256, g.sha256, 32);
	assert_string_equal(l->overruled, "Plt.");
	register_free(l);

	/* in any spelling, as often as one likes */
	snprintf(typed, sizeof(typed), " %.4s %s", first, first + 4);
	for (i = 0; i < 2 * CAP_LOGIN_TRIES; i++) {
		l = show(i % 2 != 0 ? typed : first, "a", NOW);
		assert_int_equal(answer, REGISTER_DONE);
		assert_true(l->shown);
		assert_string_equal(l->content.number, content.number);
		register_free(l);
	}
	/* wrong ones: five from one address */
	for (i = 0; i < CAP_LOGIN_TRIES; i++) {
		register_free(show("0000-0000", "guesser", NOW));
		assert_int_equal(answer, REGISTER_CODE);
	}
	l = show(first, "guesser", NOW);
	assert_int_equal(answer, REGISTER_LOCKED);
	assert_false(l->shown);
	register_free(l);
	assert_int_equal(acts(ACT_CODE_REFUSED), CAP_LOGIN_TRIES + 2);
	register_free(show(first, "a", NOW));
	assert_int_equal(answer, REGISTER_DONE);
	register_free(show(first, "guesser", NOW + CAP_LOGIN_LOCK));
	assert_int_equal(answer, REGISTER_DONE);
	/* the code itself is nowhere */
	assert_int_equal(ask("SELECT count(*) FROM letter WHERE code NOT LIKE '$argon2id$%'"), 0);
	/* a letter that becomes one later gets one then */
	draft(&content);
	assert_string_equal(code, "");
	assert_int_equal(edit(&staff, &c), REGISTER_DONE);
	assert_int_equal(strlen(code), REGISTER_CODE_LEN);
	issue(&staff);
	register_free(show(code, "a", NOW));
	assert_int_equal(answer, REGISTER_DONE);
	register_free(show(first, "a", NOW));
	assert_int_equal(answer, REGISTER_CODE);
}

/* ---- many ---- */

struct found {
	size_t n;
	char id[16][CROCKFORD_ID_LEN + 1];
};

static bool
find(const struct register_row *row, void *arg)
{
	struct found *f = arg;

	assert_true(f->n < 16);
	memcpy(f->id[f->n++], row->id, CROCKFORD_ID_LEN + 1);
	return true;
}

static size_t
search(const struct actor *who, const struct register_query *q, struct found *f)
{
	f->n = 0;
	assert_int_equal(register_list(store, who, q, find, f, &answer), RC_OK);
	return f->n;
}

static void
test_list(void **state)
{
	static const char *const dates[] = {"2026-11-01", "2026-11-02", "2026-11-03"};
	struct register_query all = {.state = LETTER_STATE__MAX}, q;
	struct register_content c = content;
	struct found f, next;
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		c.date = dates[i / 2];
		c.subject = i == 4 ? "100% Selesai" : "Undangan";
		assert_int_equal(draft(&c), REGISTER_DONE);
		if (i % 2 == 0)
			issue(&staff);
	}
	assert_int_equal(register_draft(store, &other, 2, &content, NOW, id, code, &answer), RC_OK);

	assert_int_equal(search(&staff, &all, &f), 6);
	assert_int_equal(search(&other, &all, &f), 1);
	assert_int_equal(search(&auditor, &all, &f), 7);
	assert_int_equal(search(&admin, &all, &f), 7);
	assert_string_equal(f.id[0], id); /* the newest first */

	q = all;
	q.agency = 1;
	assert_int_equal(search(&admin, &q, &f), 6);
	assert_int_equal(search(&other, &q, &f), 0);
	assert_int_equal(answer, REGISTER_FORBIDDEN);
	q = all;
	q.state = LETTER_ISSUED;
	assert_int_equal(search(&staff, &q, &f), 3);
	q.since = dates[1];
	assert_int_equal(search(&staff, &q, &f), 2);
	q.until = dates[1];
	assert_int_equal(search(&staff, &q, &f), 1);
	q = all;
	q.words = "sari wulan";
	assert_int_equal(search(&staff, &q, &f), 6);
	q.words = "100%";
	assert_int_equal(search(&staff, &q, &f), 1);
	q.words = "0320.G";
	assert_int_equal(search(&staff, &q, &f), 6);
	q.words = "_ndangan";
	assert_int_equal(search(&staff, &q, &f), 0);

	/* page by page, and nothing twice */
	assert_int_equal(search(&staff, &all, &f), 6);
	q = all;
	q.limit = 4;
	assert_int_equal(search(&staff, &q, &next), 4);
	assert_memory_equal(next.id, f.id, 4 * sizeof(f.id[0]));
	q.before = f.id[3];
	assert_int_equal(search(&staff, &q, &next), 2);
	assert_memory_equal(next.id, f.id + 4, 2 * sizeof(f.id[0]));
	q.before = "x";
	assert_int_equal(search(&staff, &q, &next), 0);
	assert_int_equal(answer, REGISTER_MALFORMED);
	q = all;
	q.since = "kemarin";
	assert_int_equal(search(&staff, &q, &next), 0);
	assert_int_equal(answer, REGISTER_MALFORMED);
}

static void
test_names(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < LETTER_STATE__MAX; i++)
		assert_int_equal(letter_state_parse(letter_state_name(i)), i);
	for (i = 0; i < LETTER_VISIBILITY__MAX; i++)
		assert_int_equal(letter_visibility_parse(letter_visibility_name(i)), i);
	assert_int_equal(letter_state_parse("lost"), LETTER_STATE__MAX);
	assert_int_equal(letter_visibility_parse("all"), LETTER_VISIBILITY__MAX);
	assert_null(letter_state_name(LETTER_STATE__MAX));
	assert_null(letter_visibility_name(LETTER_VISIBILITY__MAX));
}

static int
leave(void **state)
{
	report_free(report);
	report = NULL;
	return close_store(state);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, agencies, leave)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_id),
	    WITH(test_draft),
	    WITH(test_malformed),
	    WITH(test_history),
	    WITH(test_kept),
	    WITH(test_states),
	    WITH(test_successor),
	    WITH(test_agency),
	    WITH(test_sign),
	    WITH(test_taken),
	    WITH(test_whole),
	    WITH(test_checked),
	    WITH(test_due),
	    WITH(test_other_version),
	    WITH(test_count),
	    WITH(test_public),
	    WITH(test_code),
	    WITH(test_list),
	    cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
