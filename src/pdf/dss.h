/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DSS_H
#define DSS_H

#include "doc.h"

/* Which list of a document security store (ISO 32000-2, 12.8.4.3) a value is in. */
enum dss_kind { DSS_CERT, DSS_OCSP, DSS_CRL, DSS_TS };

/* What the catalogs of all revisions name as validation data.  RC_OK, RC_NOMEM. */
enum rc dss_collect(struct doc *d, struct pdf_dss *out);
/*
 * True if the view's /DSS holds nothing but validation data: the keys of the
 * standard, and streams without other keys that decode to one DER value each.
 * dss is the dictionary itself; what does not read, or is larger than anything
 * of its kind that is ever looked at, is not clean.
 */
bool dss_clean(struct doc *d, size_t section, const struct obj *dss);

#endif /* DSS_H */
