/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the catalog itself says: attachments, layers, another kind of form. */
#include "notice_look.h"

/* --- attachments, 7.11.4 and 14.13 --- */

static bool
empty(const struct obj *o)
{
	return (o->type != OBJ_ARRAY && !obj_is_dict(o)) || o->n == 0;
}

static void
attachments(struct look *l)
{
	const struct obj *files = look_key(l, look_key(l, l->root, "Names"), "EmbeddedFiles");

	if (!empty(look_key(l, files, "Names")) || !empty(look_key(l, files, "Kids")))
		look_tell(l, PDF_NOTICE_ATTACHMENT, 0, "/Names/EmbeddedFiles", NULL);
	else if (!empty(look_key(l, l->root, "AF")))
		look_tell(l, PDF_NOTICE_ATTACHMENT, 0, "/AF", NULL);
}

/* --- layers, 8.11.4 --- */

static bool
off(struct look *l, const struct obj *group, const char *event, const char *key)
{
	const struct obj *usage = look_key(l, group, "Usage");

	return obj_is_name(look_key(l, look_key(l, usage, event), key), "OFF");
}

/* Usage counts only where the configuration says for which event (table 101). */
static bool
switched(struct look *l, const struct obj *config)
{
	const struct obj *as = look_key(l, config, "AS"), *use, *groups, *event, *group;
	uint32_t i, k;

	for (i = 0; as->type == OBJ_ARRAY && i < as->n && look_step(l); i++) {
		use = look_get(l, &as->u.items[i]);
		event = look_key(l, use, "Event");
		groups = look_key(l, use, "OCGs");
		for (k = 0; groups->type == OBJ_ARRAY && k < groups->n && look_step(l); k++) {
			group = look_get(l, &groups->u.items[k]);
			if ((obj_is_name(event, "View") && off(l, group, "View", "ViewState")) ||
			    (obj_is_name(event, "Print") && off(l, group, "Print", "PrintState")))
				return true;
		}
	}
	return false;
}

/* Plain layers, all of them shown, are no news: drawings and good writers have them. */
static void
layers(struct look *l)
{
	const struct obj *oc = look_key(l, l->root, "OCProperties");
	const struct obj *config = look_key(l, oc, "D"), *groups = look_key(l, oc, "OCGs"), *on;

	if (empty(groups))
		return;
	on = look_key(l, config, "ON");
	if (!empty(look_key(l, config, "OFF")) ||
	    (obj_is_name(look_key(l, config, "BaseState"), "OFF") &&
		(on->type != OBJ_ARRAY || on->n < groups->n)) ||
	    switched(l, config))
		look_tell(l, PDF_NOTICE_OPTIONAL_CONTENT, 0, "/OCProperties", NULL);
}

void
look_catalog(struct look *l)
{
	if (l->n == 0)
		return;
	attachments(l);
	layers(l);
	if (look_key(l, look_key(l, l->root, "AcroForm"), "XFA")->type != OBJ_NULL)
		look_tell(l, PDF_NOTICE_XFA, 0, "/AcroForm/XFA", NULL);
}
