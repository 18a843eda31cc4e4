/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a QR holds: an id comes with our own letters always, and is one that passes its check.
 */
#include <assert.h>
#include <string.h>

#include "addresses.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char id[CROCKFORD_ID_LEN + 1], again[CROCKFORD_ID_LEN + 1];
	struct weblink w;
	enum address kind = addresses_look(data, len, "https://periksa.contoh.example", &w, id);

	assert(kind < ADDRESS__MAX);
	assert((kind != ADDRESS_OWN && kind != ADDRESS_ID) || id[0] != '\0');
	assert(kind <= ADDRESS_KNOWN || id[0] == '\0');
	if (id[0] != '\0')
		assert(crockford_id_read(id, strnlen(id, sizeof(id)), again) &&
		       strcmp(id, again) == 0);
	return 0;
}
