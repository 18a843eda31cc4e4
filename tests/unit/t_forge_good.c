/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Good letters of every shape are VALID. */
#include "forge_run.h"

int
main(void)
{
	return forge_run(forge_good);
}
