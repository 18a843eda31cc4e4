/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people type: ids, codes, texts.  What is read is read again as itself; else nothing is. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "crockford.h"
#include "prose.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char id[CROCKFORD_ID_LEN + 1], again[CROCKFORD_ID_LEN + 1], code[9];
	char text[4 * CAP_LETTER_TEXT + 1];
	size_t i;

	if (crockford_id_read((const char *)data, len, id)) {
		if (strlen(id) != CROCKFORD_ID_LEN ||
		    !crockford_id_read(id, CROCKFORD_ID_LEN, again) || strcmp(id, again) != 0)
			abort();
	} else if (id[0] != '\0') {
		abort();
	}
	if (crockford_code_read((const char *)data, len, code, 8)
		? code[0] == '\0' || strlen(code) > 8
		: code[0] != '\0')
		abort();
	if (len >= sizeof(text))
		return 0;
	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	if (prose_ok(text, 1, CAP_LETTER_TEXT))
		for (i = 0; text[i] != '\0'; i++)
			if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
				abort();
	return 0;
}
