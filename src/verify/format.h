/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdbool.h>

#include "dossier.h"
#include "report.h"

/* Format checking and cryptographic verification, EN 319 102-1 (V1.4.1), 5.2.2 to 5.2.7. */

struct judged {
	struct status st;
	enum check why;
};

/* The file's side: structure, dictionary, coverage.  False: *j has the final status. */
bool format_structure(const struct pdf_sig *p, struct judged *j);
/* The message: C1 to C9, digest and signature value.  False: *j has the final status. */
bool format_message(const struct dossier_sig *s, struct judged *j);

/* The check of the report that a rule of the PDF reader belongs to. */
enum check format_rule_check(enum pdf_rule rule);

#endif /* FORMAT_H */
