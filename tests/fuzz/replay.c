/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A main for fuzz targets without libFuzzer: calls the target once for the
 * empty input and once for every file of the folder given, so that each seed
 * and each former finding is a test.  Each input lies in memory of exactly
 * its length, so that AddressSanitizer sees a read past its end.
 */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_input(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
replay(const char *dir, const char *name)
{
	static uint8_t all[INPUT_MAX];
	char path[4096];
	uint8_t *exact = NULL;
	FILE *f = NULL;
	size_t len;
	int ret = -1;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path))
		goto out;
	/* said before, so that a crash is the last name's */
	printf("# %s\n", path);
	fflush(stdout);
	if ((f = fopen(path, "rbe")) == NULL)
		goto out;
	len = fread(all, 1, sizeof(all), f);
	if (ferror(f) || len == sizeof(all) || (exact = malloc(len > 0 ? len : 1)) == NULL)
		goto out;
	memcpy(exact, all, len);
	(void)LLVMFuzzerTestOneInput(exact, len);
	ret = 0;
out:
	free(exact);
	if (f != NULL)
		fclose(f);
	return ret;
}

int
main(int argc, char **argv)
{
	struct dirent **names = NULL;
	int n = 0, bad = 0;

	printf("1..1\n");
	fflush(stdout);
	if (argc != 2 || (n = scandir(argv[1], &names, is_input, by_name)) < 0) {
		printf("not ok 1 - no folder of inputs: %s\n", argc == 2 ? argv[1] : "-");
		return 1;
	}
	(void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 0; i < n; i++) {
		if (replay(argv[1], names[i]->d_name) != 0) {
			printf("# cannot be read: %s\n", names[i]->d_name);
			bad++;
		}
		free(names[i]);
	}
	free(names);
	if (n == 0 || bad > 0) {
		printf("not ok 1 - %d inputs, %d unreadable\n", n, bad);
		return 1;
	}
	printf("ok 1 - %d inputs\n", n);
	return 0;
}
