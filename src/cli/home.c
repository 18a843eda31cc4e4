/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's own folder, found from the running executable. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "home.h"

const char *
home_path(const char *rel, char *out, size_t max)
{
	char exe[4096], *slash;
	const char *home = getenv("PERIKSA_HOME");
	ssize_t n;
	int len, up;

	if (home == NULL || *home == '\0') {
		if ((n = readlink("/proc/self/exe", exe, sizeof(exe) - 1)) <= 0)
			return NULL;
		exe[n] = '\0';
		for (up = 0; up < 2; up++)
			if ((slash = strrchr(exe, '/')) != NULL)
				*slash = '\0';
		home = exe;
	}
	len = snprintf(out, max, "%s/%s", home, rel);
	return len < 0 || (size_t)len >= max ? NULL : out;
}

const char *
home_built(const char *name, char *out, size_t max)
{
	char exe[4096], *slash;
	ssize_t n;
	int len;

	if (out == NULL)
		return NULL;
	if (home_path(name, out, max) != NULL && access(out, F_OK) == 0)
		return out;
	if ((n = readlink("/proc/self/exe", exe, sizeof(exe) - 1)) <= 0)
		return NULL;
	exe[n] = '\0';
	if ((slash = strrchr(exe, '/')) == NULL)
		return NULL;
	*slash = '\0';
	len = snprintf(out, max, "%s/%s", exe, name);
	return len < 0 || (size_t)len >= max || access(out, F_OK) == -1 ? NULL : out;
}
