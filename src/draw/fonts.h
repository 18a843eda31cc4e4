/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FONTS_H
#define FONTS_H

#include "rc.h"

/*
 * Once, before anything is drawn: which fonts stand in for those that a document does not
 * bring, whatever this machine's own fontconfig says.  RC_OK, or RC_FORMAT: then that
 * is asked after all.
 */
enum rc fonts_load(void);

#endif /* FONTS_H */
