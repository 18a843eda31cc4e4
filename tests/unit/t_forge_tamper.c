/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deed.h"

int
main(void)
{
	return deed_run(deed_tamper);
}
