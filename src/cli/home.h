/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOME_H
#define HOME_H

#include <stddef.h>

/*
 * Where the program's own files (conf, templates, assets, portal.so) are:
 * PERIKSA_HOME, else the folder above the one that holds the executable.
 * Writes home + "/" + rel into out; returns out, or NULL if it does not fit.
 */
const char *home_path(const char *rel, char *out, size_t max);

/*
 * What is installed in that folder, or built beside the program: a module, a program.
 * out, or NULL if it is not there.
 */
const char *home_built(const char *name, char *out, size_t max);

#endif /* HOME_H */
