/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_H
#define CLI_H

#include "rc.h"

/*
 * The command line.  One verb, one file; main.c finds the verb and calls it
 * with argv[0] the verb itself, so that getopt_long() works on the rest.  What a
 * verb returns is the exit status.
 */

#define PERIKSA_VERSION "0.1.0"

/* Exit status of every verb; `verify` alone has the middle one. */
enum {
	CLI_OK = 0,        /* done; every file is VALID */
	CLI_NOT_VALID = 1, /* some file is not VALID */
	CLI_TROUBLE = 2,   /* usage, unreadable, I/O: not done, or not for every file */
};

int cmd_verify(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_trust(int argc, char **argv);
int cmd_user(int argc, char **argv);
int cmd_doc(int argc, char **argv);
int cmd_specimen(int argc, char **argv);
int cmd_footer(int argc, char **argv);
int cmd_stamp(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_scan(int argc, char **argv);

/*
 * "periksa: text" as one line on standard error; control characters of the
 * text are shown as '?'.  Returns CLI_TROUBLE.
 */
int cli_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* For a wrong option or operand: the text, and where to read more.  Returns CLI_TROUBLE. */
int cli_usage(const char *verb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * After getopt_long() gave '?' or ':' for argv (with opterr 0): says which
 * option is unknown or lacks its value.  Returns CLI_TROUBLE.
 */
int cli_bad_option(char *const *argv, int answer);
/* The help text on standard output.  Returns CLI_OK, or CLI_TROUBLE if it can't be written. */
int cli_help(const char *text);
/*
 * Flush standard output: a full disk or a closed pipe is not success.
 * Returns status, or CLI_TROUBLE with a line on standard error.
 */
int cli_done(int status);
/*
 * Take the policies of the program's folder, conf/policy.conf, before anything is judged.  What
 * policy_load() returns, its words as a line on standard error.  RC_ABSENT, silent: there is
 * none, the policies are those that the program was built with.
 */
enum rc cli_policies(void);
/* The folder that holds everything stored: PERIKSA_DATA, default "data". */
const char *cli_data_dir(void);

#endif /* CLI_H */
