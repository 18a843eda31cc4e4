/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMS_PART_H
#define CMS_PART_H

#include "cms.h"

/* A message while it is split.  Internal to cms.c and cms_attr.c. */
struct cms_parser {
	struct cms *cms;
	struct arena *a;
	enum cms_kind kind;
	size_t cap_certs, cap_crls, cap_ocsps, cap_attr_crls, cap_sig_ts, cap_content_ts;
	/* the SignerInfo, split */
	struct der digest_alg, sig_alg;
	struct der signed_attrs, unsigned_attrs; /* whole elements, len 0 if absent */
	struct der protection;                   /* CMSAlgorithmProtection, whole */
	size_t signer_attrs;
};

/* One span more in a list of at most limit.  RC_OK, RC_NOMEM, RC_TOOBIG. */
enum rc cms_span_add(
    struct arena *a, struct der **v, size_t *n, size_t *cap, size_t limit, struct der s);
enum rc cms_ocsp_add(struct cms_parser *p, struct der ocsp);
/* Note findings; RC_OK, so that what is wrong with a message can be returned. */
enum rc cms_broken(struct cms_parser *p, unsigned finding);

/*
 * The attributes of the SignerInfo (rules C3, C4, C8, C9) and the evidence in them.  RC_OK,
 * RC_NOMEM, RC_TOOBIG.
 */
enum rc cms_attr_signed(struct cms_parser *p);
enum rc cms_attr_unsigned(struct cms_parser *p);

#endif /* CMS_PART_H */
