/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates, revocation and timestamps: who, when, by what proof. */
#include "forge_run.h"

int
main(void)
{
	return forge_run(forge_shadow);
}
