/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENROL_H
#define ENROL_H

#include "staff.h"

/*
 * The page that shows the secrets of an account, this once: the key for an authenticator as a QR
 * and as text, and the recovery codes.  Run again while the QR is being drawn (KORE_RESULT_RETRY);
 * without periksa-paper the page has the text alone.  back: where its button leads.
 */
int enrol_show(
    struct visit *v, const char *login, const struct account_secrets *secrets, const char *back);

#endif /* ENROL_H */
