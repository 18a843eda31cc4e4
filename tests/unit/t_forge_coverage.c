/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No attack on what a signature covers is VALID. */
#include "forge_run.h"

int
main(void)
{
	return forge_run(forge_coverage);
}
