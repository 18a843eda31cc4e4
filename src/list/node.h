/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct _xmlNode; /* libxml2's xmlNode */

/* Elements of a parsed document: always by name and namespace.  All take NULL for a node. */

bool node_is(struct _xmlNode *n, const char *name, const char *ns);
/* The first element below, the next one beside; NULL if there is none. */
struct _xmlNode *node_first(struct _xmlNode *n);
struct _xmlNode *node_next(struct _xmlNode *n);
/* The next element in the document's order below top; NULL at the end. */
struct _xmlNode *node_after(struct _xmlNode *top, struct _xmlNode *n);
/* The first child of that name. */
struct _xmlNode *node_child(struct _xmlNode *n, const char *name, const char *ns);

/* An attribute without namespace.  False, and "" in out, if it is absent or does not fit. */
bool node_attr(struct _xmlNode *n, const char *name, char *out, size_t max);
/* Its Id: letters, digits and "_-." only, so that a reference to it means nothing else. */
bool node_id(struct _xmlNode *n, char *out, size_t max);
/*
 * Its text as one printable line: blanks run together, control characters are blanks.
 * False, and "" in out, if it is NULL or does not fit.
 */
bool node_text(struct _xmlNode *n, char *out, size_t max);
/* Its text as base64, at most max octets: free with xmlFree().  NULL if it is something else. */
uint8_t *node_octets(struct _xmlNode *n, size_t max, size_t *len);

#endif /* NODE_H */
