/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bent messages are told from good ones. */
#include "forge_run.h"

int
main(void)
{
	return forge_run(forge_message);
}
