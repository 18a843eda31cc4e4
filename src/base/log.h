/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOG_H
#define LOG_H

/*
 * One line per event on standard error: "name: text".  What is printed is
 * escaped on the way out, so that outside text can't forge a line.  No line may
 * hold a person's name, a DN, a file's name or a full address.
 */

/* The name in front of each line ("periksa supervisor"); kept by reference. */
void log_name(const char *name);
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Trouble, with errno's text behind it; errno is kept. */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Trouble without errno. */
void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* LOG_H */
