/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORGE_RUN_H
#define FORGE_RUN_H

#include "forge.h"

/* Check every case of a table (its end has no name) as one test each, in TAP; the exit status. */
int forge_run(const struct forge_case *cases);

#endif /* FORGE_RUN_H */
