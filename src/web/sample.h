/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "asset.h"
#include "html.h"

/*
 * The sample letters that samples.tsv lists (file, conclusion, a line in
 * Indonesian, one in English) as far as their files are there.  The last one has no
 * file; NULL if there is no list, or no memory.  Called once; lives as long as the portal.
 */
const struct html_sample *samples_list(const struct assets *demo);

#endif /* SAMPLE_H */
