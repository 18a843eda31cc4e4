/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/tree.h>

/* Elements of a parsed document: always by name and namespace.  All take NULL for a node. */

bool node_is(xmlNodePtr n, const char *name, const char *ns);
/* The first element below, the next one beside; NULL if there is none. */
xmlNodePtr node_first(xmlNodePtr n);
xmlNodePtr node_next(xmlNodePtr n);
/* The next element in the document's order below top; NULL at the end. */
xmlNodePtr node_after(xmlNodePtr top, xmlNodePtr n);
/* The first child of that name. */
xmlNodePtr node_child(xmlNodePtr n, const char *name, const char *ns);

/* An attribute without namespace.  False, and "" in out, if it is absent or does not fit. */
bool node_attr(xmlNodePtr n, const char *name, char *out, size_t max);
/* Its Id: letters, digits and "_-." only, so that a reference to it means nothing else. */
bool node_id(xmlNodePtr n, char *out, size_t max);
/*
 * Its text as one printable line: blanks run together, control characters are blanks.
 * False, and "" in out, if it is NULL or does not fit.
 */
bool node_text(xmlNodePtr n, char *out, size_t max);
/* Its text as base64, at most max octets: free with xmlFree().  NULL if it is something else. */
uint8_t *node_octets(xmlNodePtr n, size_t max, size_t *len);

#endif /* NODE_H */
