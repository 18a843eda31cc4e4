/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONF_H
#define CONF_H

/*
 * Configuration files in lines: [heading], key = value, # or ; before a
 * comment, empty lines.  What the keys mean is the caller's.
 */

enum conf_kind {
	CONF_END,        /* no more lines */
	CONF_HEADING,    /* key: what stands between the brackets */
	CONF_UNFINISHED, /* a heading without its "]"; key: the rest of the line */
	CONF_PAIR,       /* key and value, blanks cut off; the value may be empty */
	CONF_OTHER       /* none of these */
};

/*
 * The next line that says something.  *rest begins as a NUL-terminated text,
 * which is cut up and must live as long as the keys and values; it is NULL at the end.
 */
enum conf_kind conf_next(char **rest, char **key, char **value);
/* Cut blanks off both ends of the text. */
char *conf_trim(char *s);

#endif /* CONF_H */
