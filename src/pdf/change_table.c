/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later revisions may change: ISO 32000-2 by place.  A key that no table
 * allows to differ must be the same, as walk.c sees it.
 */
#include "change_allow.h"
#include "change_table.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

#define NONE    PDF_MOD_NONE
#define LTA     PDF_MOD_LTA_UPDATES
#define FILL    PDF_MOD_FORM_FILLING
#define NOTE    PDF_MOD_ANNOTATIONS
#define K(kind) PDF_CHANGE_##kind

/* Not compared: judged elsewhere, or without meaning. */
#define SKIP(key)                                          \
	{                                                  \
		key, NULL, NONE, K(OTHER), K(OTHER), false \
	}
/* Must be the same. */
#define KEEP(key, kind)                                    \
	{                                                  \
		key, never, NONE, K(OTHER), K(kind), false \
	}
#define DRAW(key, kind)                                   \
	{                                                 \
		key, never, NONE, K(OTHER), K(kind), true \
	}
/* May differ, if the condition holds. */
#define MAY(key, when, level, kind, bad)                 \
	{                                                \
		key, when, level, K(kind), K(bad), false \
	}

/* Must be the same rectangle, however its numbers are written. */
#define BOX(key, kind)                                        \
	{                                                     \
		key, same_box, NONE, K(OTHER), K(kind), false \
	}

/* Must be the same text, in whatever encoding. */
#define WORDS(key, kind)                                        \
	{                                                       \
		key, same_words, NONE, K(OTHER), K(kind), false \
	}

#define TABLE(name, list, ...) \
	const struct table name = {.rules = (list), .n = NITEMS(list), .other = __VA_ARGS__}

static const struct rule trailer[] = {
    SKIP("Root"),
    MAY("Info", NULL, LTA, METADATA, OTHER),
    MAY("ID", open_trailer, NONE, OTHER, ENCRYPTION),
    SKIP("Size"),
    SKIP("Prev"),
    SKIP("XRefStm"),
    SKIP("Type"),
    SKIP("W"),
    SKIP("Index"),
    SKIP("Length"),
    SKIP("Filter"),
    SKIP("DecodeParms"),
    SKIP("AdditionalStreams"),
    SKIP("DocChecksum"),
    /* Of each writing its own (ISO/TS 32004): a code over the file, for those who have its key. */
    SKIP("AuthCode"),
    KEEP("Encrypt", ENCRYPTION),
};
TABLE(table_trailer, trailer, KEEP(NULL, OTHER));

static const struct rule catalog[] = {
    MAY("Version", version_name, LTA, BOOKKEEPING, CATALOG),
    MAY("Extensions", extensions, LTA, BOOKKEEPING, CATALOG),
    MAY("MarkInfo", mark_info, LTA, BOOKKEEPING, CATALOG),
    MAY("PieceInfo", piece_info, LTA, BOOKKEEPING, CATALOG),
    MAY("Metadata", plain_metadata, LTA, METADATA, METADATA),
    MAY("DSS", dss_update, LTA, EVIDENCE_ADDED, EVIDENCE_REMOVED),
    SKIP("AcroForm"),
    SKIP("Pages"),
    SKIP("Names"),
    SKIP("StructTreeRoot"),
    KEEP("Type", CATALOG),
    KEEP("OpenAction", ACTION),
    KEEP("AA", ACTION),
    KEEP("AF", ATTACHMENT),
    KEEP("Collection", ATTACHMENT),
    KEEP("OCProperties", LAYERS),
    KEEP("PageLabels", CATALOG),
    KEEP("Dests", CATALOG),
    KEEP("ViewerPreferences", CATALOG),
    KEEP("PageLayout", CATALOG),
    KEEP("PageMode", CATALOG),
    KEEP("Outlines", CATALOG),
    KEEP("Threads", CATALOG),
    KEEP("URI", ACTION),
    KEEP("Lang", CATALOG),
    KEEP("SpiderInfo", CATALOG),
    KEEP("OutputIntents", CATALOG),
    KEEP("Perms", CATALOG),
    KEEP("Legal", CATALOG),
    KEEP("Requirements", ACTION),
    KEEP("NeedsRendering", XFA),
    KEEP("DPartRoot", CATALOG),
};
TABLE(table_catalog, catalog, MAY(NULL, private_key, LTA, BOOKKEEPING, CATALOG));

static const struct rule names[] = {
    KEEP("JavaScript", ACTION),
    KEEP("EmbeddedFiles", ATTACHMENT),
    KEEP("Renditions", ACTION),
    MAY("AP", was_absent, NOTE, ANNOTATION_ADDED, CATALOG),
};
TABLE(table_names, names, KEEP(NULL, CATALOG));

/* Nodes of the page tree; only leaves have annotations. */
#define OF_PAGES                                                                                   \
	KEEP("Type", PAGE_PROPERTY), KEEP("Parent", PAGES_REARRANGED),                             \
	    KEEP("Kids", PAGES_REARRANGED), KEEP("Count", PAGES_REARRANGED),                       \
	    KEEP("LastModified", PAGE_PROPERTY), DRAW("Resources", PAGE_RESOURCE),                 \
	    DRAW("Contents", PAGE_CONTENT), DRAW("Group", PAGE_PROPERTY),                          \
	    BOX("MediaBox", PAGE_PROPERTY), BOX("CropBox", PAGE_PROPERTY),                         \
	    BOX("BleedBox", PAGE_PROPERTY), BOX("TrimBox", PAGE_PROPERTY),                         \
	    BOX("ArtBox", PAGE_PROPERTY), KEEP("BoxColorInfo", PAGE_PROPERTY),                     \
	    KEEP("Rotate", PAGE_PROPERTY), KEEP("Thumb", PAGE_PROPERTY), KEEP("B", PAGE_PROPERTY), \
	    KEEP("Dur", PAGE_PROPERTY), KEEP("Trans", PAGE_PROPERTY), KEEP("AA", ACTION),          \
	    KEEP("Metadata", PAGE_PROPERTY), KEEP("PieceInfo", PAGE_PROPERTY),                     \
	    MAY("StructParents", number_added, FILL, STRUCTURE, PAGE_PROPERTY),                    \
	    KEEP("ID", PAGE_PROPERTY), KEEP("PZ", PAGE_PROPERTY),                                  \
	    KEEP("SeparationInfo", PAGE_PROPERTY),                                                 \
	    MAY("Tabs", name_added, FILL, STRUCTURE, PAGE_PROPERTY),                               \
	    KEEP("TemplateInstantiated", PAGE_PROPERTY), KEEP("PresSteps", PAGE_PROPERTY),         \
	    KEEP("UserUnit", PAGE_PROPERTY), KEEP("VP", PAGE_PROPERTY), KEEP("AF", ATTACHMENT),    \
	    KEEP("OutputIntents", PAGE_PROPERTY), KEEP("DPart", PAGE_PROPERTY)

static const struct rule page[] = {SKIP("Annots"), OF_PAGES};
TABLE(table_page, page, MAY(NULL, private_key, LTA, BOOKKEEPING, PAGE_PROPERTY));

static const struct rule tree[] = {KEEP("Annots", PAGE_PROPERTY), OF_PAGES};
TABLE(table_tree, tree, MAY(NULL, private_key, LTA, BOOKKEEPING, PAGE_PROPERTY));

#define OF_FORM(kind)                                                                           \
	SKIP("Fields"), MAY("SigFlags", flags_added, LTA, BOOKKEEPING, FORM),                   \
	    MAY("NeedAppearances", NULL, FILL, kind, FORM),                                     \
	    MAY("DA", plain_value, FILL, kind, FORM), MAY("Q", whole_number, FILL, kind, FORM), \
	    {"DR", resources_added, FILL, K(kind), K(FORM), true}, KEEP("XFA", XFA)

static const struct rule form[] = {OF_FORM(FORM)};
TABLE(table_form, form, KEEP(NULL, FORM));

static const struct rule bare_form[] = {OF_FORM(BOOKKEEPING)};
TABLE(table_bare_form, bare_form, KEEP(NULL, FORM));

static const struct rule signed_field[] = {
    MAY("Ff", whole_number, LTA, BOOKKEEPING, SIGNED_FIELD),
    MAY("Type", annot_type, LTA, BOOKKEEPING, SIGNED_FIELD),
    MAY("F", annot_flags_added, LTA, BOOKKEEPING, SIGNED_FIELD),
    DRAW("AP", SIGNED_FIELD),
    DRAW("MK", SIGNED_FIELD),
    BOX("Rect", SIGNED_FIELD),
    KEEP("A", ACTION),
    KEEP("AA", ACTION),
};
TABLE(table_signed, signed_field, KEEP(NULL, SIGNED_FIELD));

/* Whether it is allowed to be signed is judged as a whole. */
static const struct rule filled[] = {
    SKIP("V"),
    MAY("AP", framed, NONE, OTHER, FIELD_PROPERTY),
    MAY("AS", plain_name, NONE, OTHER, FIELD_PROPERTY),
    MAY("F", whole_number, NONE, OTHER, FIELD_PROPERTY),
    MAY("DA", plain_value, NONE, OTHER, FIELD_PROPERTY),
    MAY("Q", whole_number, NONE, OTHER, FIELD_PROPERTY),
    MAY("Ff", whole_number, NONE, OTHER, FIELD_PROPERTY),
    MAY("Type", annot_type, NONE, OTHER, FIELD_PROPERTY),
    MAY("MK", looks, NONE, OTHER, FIELD_PROPERTY),
    MAY("Lock", lock_added, NONE, OTHER, FIELD_PROPERTY),
    BOX("Rect", FIELD_PROPERTY),
    KEEP("FT", FIELD_REPLACED),
    WORDS("T", FIELD_REPLACED),
    WORDS("TU", FIELD_PROPERTY),
    WORDS("TM", FIELD_PROPERTY),
    KEEP("A", ACTION),
    KEEP("AA", ACTION),
};
TABLE(table_filled, filled, KEEP(NULL, FIELD_PROPERTY));

/* A picture or flags may make a place that was empty show something. */
static const struct rule empty[] = {
    SKIP("Kids"),
    {"AP", framed, NOTE, K(FIELD_PROPERTY), K(FIELD_PROPERTY), true},
    MAY("AS", plain_name, NOTE, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("F", whole_number, NOTE, FIELD_PROPERTY, FIELD_PROPERTY),
    {"MK", looks, NOTE, K(FIELD_PROPERTY), K(FIELD_PROPERTY), true},
    MAY("DA", plain_value, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("Q", whole_number, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("Ff", whole_number, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("Type", annot_type, LTA, BOOKKEEPING, FIELD_PROPERTY),
    MAY("Lock", lock_added, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    BOX("Rect", FIELD_PROPERTY),
    KEEP("FT", FIELD_REPLACED),
    WORDS("T", FIELD_REPLACED),
    WORDS("TU", FIELD_PROPERTY),
    WORDS("TM", FIELD_PROPERTY),
    KEEP("A", ACTION),
    KEEP("AA", ACTION),
};
TABLE(table_empty, empty, KEEP(NULL, FIELD_PROPERTY));

static const struct rule value[] = {
    SKIP("Kids"),
    WORDS("DV", FIELD_PROPERTY),
    MAY("BS", border, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("V", field_value, FILL, FIELD_VALUE, FIELD_VALUE),
    MAY("RV", field_value, FILL, FIELD_VALUE, FIELD_VALUE),
    {"AP", framed, FILL, K(FIELD_VALUE), K(FIELD_PROPERTY), true},
    MAY("AS", plain_name, FILL, FIELD_VALUE, FIELD_PROPERTY),
    MAY("I", field_value, FILL, FIELD_VALUE, FIELD_VALUE),
    MAY("TI", whole_number, FILL, FIELD_VALUE, FIELD_VALUE),
    MAY("F", whole_number, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("DA", plain_value, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("Q", whole_number, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    {"MK", looks, FILL, K(FIELD_PROPERTY), K(FIELD_PROPERTY), true},
    MAY("Ff", whole_number, FILL, FIELD_PROPERTY, FIELD_PROPERTY),
    MAY("Type", annot_type, LTA, BOOKKEEPING, FIELD_PROPERTY),
    BOX("Rect", FIELD_PROPERTY),
    KEEP("FT", FIELD_REPLACED),
    WORDS("T", FIELD_REPLACED),
    WORDS("TU", FIELD_PROPERTY),
    WORDS("TM", FIELD_PROPERTY),
    KEEP("A", ACTION),
    KEEP("AA", ACTION),
};
TABLE(table_value, value, KEEP(NULL, FIELD_PROPERTY));

static const struct rule group[] = {SKIP("Kids"), WORDS("T", FIELD_REPLACED),
    WORDS("TU", FIELD_PROPERTY), WORDS("TM", FIELD_PROPERTY), KEEP("AA", ACTION)};
TABLE(table_group, group, KEEP(NULL, FIELD_PROPERTY));

/*
 * Where DocMDP allows annotations, it does not allow what the dictionary may be besides: keys that
 * no annotation has must stay.
 */
#define TEXT(key) MAY(key, annot_value, NOTE, ANNOTATION_CHANGED, ANNOTATION_CHANGED)
#define PART(key) MAY(key, NULL, NOTE, ANNOTATION_CHANGED, ANNOTATION_CHANGED)

static const struct rule annot[] = {
    MAY("A", mild_action, NOTE, ANNOTATION_CHANGED, ACTION),
    MAY("PA", mild_action, NOTE, ANNOTATION_CHANGED, ACTION),
    KEEP("AA", ACTION),
    MAY("Subtype", no_widget, NOTE, ANNOTATION_CHANGED, WIDGET),
    MAY("F", whole_number, NOTE, ANNOTATION_CHANGED, ANNOTATION_CHANGED),
    {"AP", appearance, NOTE, K(ANNOTATION_CHANGED), K(ANNOTATION_CHANGED), true},
    MAY("FS", NULL, NOTE, ATTACHMENT, ATTACHMENT),
    MAY("AF", NULL, NOTE, ATTACHMENT, ATTACHMENT),
    PART("Popup"),
    PART("Parent"),
    PART("IRT"),
    PART("P"),
    PART("BS"),
    PART("BE"),
    PART("Dest"),
    PART("OC"),
    PART("Measure"),
    PART("ExData"),
    PART("RC"),
    PART("Path"),
    TEXT("Type"),
    TEXT("Contents"),
    TEXT("NM"),
    TEXT("M"),
    TEXT("AS"),
    TEXT("Border"),
    TEXT("C"),
    TEXT("T"),
    TEXT("CA"),
    TEXT("ca"),
    TEXT("CreationDate"),
    TEXT("Subj"),
    TEXT("RT"),
    TEXT("IT"),
    TEXT("Name"),
    TEXT("Open"),
    TEXT("QuadPoints"),
    TEXT("InkList"),
    TEXT("L"),
    TEXT("LE"),
    TEXT("IC"),
    TEXT("RD"),
    TEXT("Vertices"),
    TEXT("DA"),
    TEXT("DS"),
    TEXT("Q"),
    TEXT("LL"),
    TEXT("LLE"),
    TEXT("LLO"),
    TEXT("CO"),
    TEXT("CL"),
    TEXT("Lang"),
    TEXT("BM"),
    TEXT("StructParent"),
    TEXT("Rect"),
    TEXT("H"),
    TEXT("State"),
    TEXT("StateModel"),
    TEXT("Cap"),
    TEXT("CP"),
    TEXT("Rotate"),
    TEXT("OverlayText"),
    TEXT("Repeat"),
    TEXT("RO"),
};
TABLE(table_annot, annot, MAY(NULL, private_key, NOTE, ANNOTATION_CHANGED, ANNOTATION_CHANGED));

static const struct rule widget[] = {
    DRAW("AP", WIDGET), BOX("Rect", WIDGET), KEEP("A", ACTION), KEEP("AA", ACTION)};
TABLE(table_widget, widget, KEEP(NULL, WIDGET));

static const struct rule struct_root[] = {
    MAY("K", kids_added, FILL, STRUCTURE, OTHER),
    MAY("ParentTree", NULL, FILL, STRUCTURE, OTHER),
    MAY("ParentTreeNextKey", NULL, FILL, STRUCTURE, OTHER),
    MAY("IDTree", NULL, FILL, STRUCTURE, OTHER),
    MAY("RoleMap", was_absent, FILL, STRUCTURE, OTHER),
    MAY("ClassMap", was_absent, FILL, STRUCTURE, OTHER),
};
TABLE(table_struct_root, struct_root, KEEP(NULL, OTHER));

static const struct rule struct_elem[] = {MAY("K", kids_added, FILL, STRUCTURE, OTHER)};
TABLE(table_struct_elem, struct_elem, KEEP(NULL, OTHER));
