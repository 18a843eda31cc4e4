/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Debian machine has some sixty files of rules for fonts, which take longer to read than a
 * page to draw.  Of them, only those count here that name stand-ins with the same
 * measures and preferences among Latin fonts.
 */
#include <stddef.h>

#include <fontconfig/fontconfig.h>

#include "fonts.h"

#define RULES(name) \
	"<include ignore_missing=\"yes\">/usr/share/fontconfig/conf.avail/" name ".conf</include>"

/* clang-format off */
static const char conf[] =
    "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\"><fontconfig>"
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
    "<cachedir>/var/cache/fontconfig</cachedir><cachedir prefix=\"xdg\">fontconfig</cachedir>"
    RULES("30-metric-aliases") RULES("45-latin") RULES("49-sansserif") RULES("60-latin")
    RULES("urw-bookman") RULES("urw-c059") RULES("urw-d050000l") RULES("urw-gothic")
    RULES("urw-nimbus-mono-ps") RULES("urw-nimbus-roman") RULES("urw-nimbus-sans")
    RULES("urw-p052") RULES("urw-standard-symbols-ps") RULES("urw-z003")
    "</fontconfig>";
/* clang-format on */

enum rc
fonts_load(void)
{
	FcConfig *c = FcConfigCreate();
	enum rc rc = RC_FORMAT;

	if (c == NULL)
		return RC_NOMEM;
	if (FcConfigParseAndLoadFromMemory(c, (const FcChar8 *)conf, FcTrue) &&
	    FcConfigBuildFonts(c) && FcConfigSetCurrent(c))
		rc = RC_OK;
	FcConfigDestroy(c); /* that it is current keeps it */
	return rc;
}
