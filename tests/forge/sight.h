/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGHT_H
#define SIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/*
 * The newest revision of any PDF, as the strict reader sees it, for who wants to
 * write objects of it again with a few values changed.  A path names a value:
 * "Root/Pages/Kids/0/MediaBox" from the trailer, "#12/Annots/+" from object 12;
 * numbers are places in arrays, "+" is behind the last one.
 */
struct sight;

/* A value to be put in place of another. */
struct sight_set {
	unsigned holder; /* the object that it stands in; 0: the trailer */
	char *path;      /* inside that */
	char *text;      /* NULL: none any more */
};

/* What an update has to know of the file. */
struct sight_file {
	unsigned size;      /* the next free object number */
	uint64_t startxref; /* of the newest section */
	bool streams;       /* which is a stream */
	unsigned pages;
};

/* A reading of a copy of these bytes; NULL if they don't read.  Free with sight_close(). */
struct sight *sight_open(const void *p, size_t len, struct sight_file *out);
void sight_close(struct sight *s);

/* There is a value that is not null. */
bool sight_has(struct sight *p, const char *path);
/* Its number, if it is one, else dflt. */
double sight_value(struct sight *p, const char *path, double dflt);
/* Number of the object that the value refers to; 0 if it is no reference. */
unsigned sight_number(struct sight *p, const char *path);
/* The same of the first entry of a dictionary that is a reference. */
unsigned sight_first(struct sight *p, const char *path);
/* Object number of a page, 1 = first, or of the field with this full name; 0: there is none. */
unsigned sight_page(const struct sight *p, unsigned page);
unsigned sight_field(struct sight *p, const char *name);
/* The object that has to be written again to set this path (0: the trailer), and the rest of
 * the path inside it. */
unsigned sight_holder(struct sight *p, const char *path, const char **inside);
/* The value at a path, or the whole object ("#12"; of a stream with its bytes), with what is
 * set in it, as text.  False if there is none. */
bool sight_write(
    struct sight *p, struct buf *b, const char *path, const struct sight_set *sets, size_t nsets);

#endif /* SIGHT_H */
