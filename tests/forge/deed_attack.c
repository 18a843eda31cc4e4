/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue of known attacks as far as they are updates of a signed letter: shadow
 * attacks (Mainka et al., NDSS 2021), evil annotations and sneaky signatures (Mladenov et
 * al., S&P 2021), signatures used twice, stores of evidence, scripts, loops.  Beside each,
 * the same update where it is allowed.  Universal forgery, incremental saving, wrapping
 * and hybrid files are in forge_coverage.c, which writes bytes; pages, fields, stamps and
 * the catalog in deed_tamper.c.
 */
#include <stdio.h>
#include <string.h>

#include "deed.h"

/* --- by hand --- */

/*
 * The signature dictionary lies in an object stream without a filter: its bytes are there,
 * and yet no object of the file.
 */
static void
packed_signature(struct forge *f, struct letter *l)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer};
	struct token stamp;
	struct envelope e = {.signer = &f->signer, .certs = certs, .ncerts = 3, .stamp = &stamp};
	struct letter_sign sign = {.at = FORGE_SIGNED, .envelope = &e};
	struct letter_hole hole;
	struct paper p;
	struct buf dict;
	char first[32], path[32];
	unsigned value, container, field;

	forge_token(f, &stamp, FORGE_SIGNED);
	paper_open(&p, l);
	field = sight_field(p.sight, "Satu");
	buf_init(&dict, 1u << 20);
	paper_update(&p);
	value = l->size++;
	snprintf(first, sizeof(first), "%u 0 ", value);
	buf_str(&dict, first);
	letter_dictionary(&dict, &sign);
	container = letter_put(l, 0);
	buf_printf(&l->out, "<< /Type /ObjStm /N 1 /First %zu /Length %zu >>\nstream\n",
	    strlen(first), dict.len);
	buf_put(&l->out, dict.p, dict.len);
	buf_str(&l->out, "\nendstream");
	letter_done(l);
	l->entries[l->nentries++] =
	    (struct letter_entry){.number = value, .container = container, .at = 0};
	snprintf(path, sizeof(path), "#%u/V", field);
	paper_set(&p, path, "%u 0 R", value);
	paper_update_end(&p);
	letter_hole_find(l, &hole);
	letter_sign_end(l, &sign, &hole);
	buf_clear(&dict);
	paper_close(&p);
}

/* Sign with a dictionary that has more in it. */
static void
sign_with(struct forge *f, struct letter *l, const char *more)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer};
	struct token stamp;
	struct envelope e = {.signer = &f->signer, .certs = certs, .ncerts = 3, .stamp = &stamp};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};
	struct letter_evidence ev;
	struct buf text;

	buf_init(&text, 1u << 20);
	buf_str(&text, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ");
	buf_str(&text, more);
	buf_str(&text, " /M (D:20261118000000Z) " LETTER_RANGE "\n");
	letter_contents(&text, 8192);
	buf_str(&text, " >>");
	sign.dictionary = buf_text(&text);
	forge_token(f, &stamp, FORGE_SIGNED);
	letter_clear(l);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
	buf_clear(&text);
}

static void
comment(struct forge *f, struct letter *l)
{
	sign_with(f, l, "% /Reason (a)\n");
}

static void
no_comment(struct forge *f, struct letter *l)
{
	sign_with(f, l, "/Reason (a % b)");
}

static void
reason_twice(struct forge *f, struct letter *l)
{
	sign_with(f, l, "/Reason (a) /Reason (b)");
}

static void
name_twice(struct forge *f, struct letter *l)
{
	sign_with(f, l, "/Name (a) /N#61me (b)");
}

/* An archive program's file behind the letter, or before it. */
static void
zip_behind(struct forge *f, struct letter *l)
{
	static const char zip[] = "PK\005\006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

	(void)f;
	buf_put(&l->out, zip, 22);
}

static void
html_before(struct forge *f, struct letter *l)
{
	struct buf whole;

	(void)f;
	buf_init(&whole, 64u << 20);
	buf_str(&whole, "<!--");
	buf_put(&whole, l->out.p, l->out.len);
	buf_clear(&l->out);
	l->out = whole; /* transferred */
}

#define FACE "stream /Type /XObject /Subtype /Form /BBox [0 0 100 20]|1 1 1 rg 0 0 100 20 re f\n"
#define EVIL_AT(rect, keys)                                                                \
	FACE "obj << /Type /Annot /Rect [" rect "] /F 4 /AP << /N $1 0 R >> " keys " >>\n" \
	     "set #$P1/Annots/+ $2 0 R"
#define EVIL(keys)  EVIL_AT("$A", keys)
#define ASIDE(keys) EVIL_AT("8 400 60 412", keys)
#define SNEAKY(value)                                                                   \
	FACE "obj << /Type /Annot /Subtype /Widget /FT /Sig /T (Diam) /F 4 /P $P1 0 R " \
	     "/Rect [0 400 595 842] /AP << /N $1 0 R >> " value " >>\n"                 \
	     "set Root/AcroForm/Fields/+ $2 0 R\nset #$P1/Annots/+ $2 0 R"
/* What hides the amount on the page that the signer sees: object $2; $1 is what it hides. */
#define OVERLAY                                                                                   \
	"stream /Type /XObject /Subtype /Form /BBox [0 0 595 842]|BT /F1 9 Tf 9 9 Td (9) Tj ET\n" \
	"stream /Type /XObject /Subtype /Form /BBox [0 0 595 842]|1 1 1 rg 0 0 595 842 re f\n"    \
	"stream |q /Dalam Do Q q /Tutup Do Q\n"                                                   \
	"set #$P1/Contents $3 0 R\n"                                                              \
	"set #$P1/Resources/XObject << /Dalam $1 0 R /Tutup $2 0 R >>"
/* A second document in the signed bytes: page $2, tree $3, catalog $4. */
#define HIDDEN                                                             \
	"stream |BT /F1 12 Tf 72 600 Td (Rp 92.500.000) Tj ET\n"           \
	"obj << /Type /Page /MediaBox [0 0 595 842] /Contents $1 0 R >>\n" \
	"obj << /Type /Pages /Kids [$2 0 R] /Count 1 >>\n"                 \
	"obj << /Type /Catalog /Pages $3 0 R >>"

const struct deed deed_attack[] = {
    /* shadow: hide */
    SHADOW("shadow, hide: overlay freed", "libreoffice", OVERLAY, "LT", "free $2", BAD,
	CHANGE_PAGE_RESOURCE),
    SHADOW("shadow, hide: overlay of streams freed", "qpdf-streams", OVERLAY, "LT", "free $2", BAD,
	CHANGE_PAGE_RESOURCE),
    SHADOW("shadow, hide: overlay led elsewhere", "chromium", OVERLAY, "visible LT",
	"set #$P1/Resources/XObject/Tutup $1 0 R", BAD, CHANGE_PAGE_RESOURCE),
    SHADOW("shadow, hide: overlay empty", "cairo", OVERLAY, "LT",
	"again $2 << /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0 "
	">>$nstream$n$nendstream",
	BAD, CHANGE_PAGE_RESOURCE),
    SHADOW("shadow, hide: overlay is no stream", "cairo", OVERLAY, "LT", "again $2 null", BAD,
	CHANGE_PAGE_RESOURCE),
    SHADOW("shadow, hide: twin, the overlay again", "cairo", OVERLAY, "LT", "set #$2/Type /XObject",
	CONCLUSION_VALID, CHANGE__MAX),
    SHADOW("shadow, hide: twin, nobody touches it", "libreoffice", OVERLAY, "LT dss stamp", NULL,
	CONCLUSION_VALID, CHANGE__MAX),

    /* shadow: replace */
    WORSE("shadow, replace 1: covering field taken away", "stream", "text:Tutup P2 LT",
	"unset Root/AcroForm/Fields/0\nunset #$P1/Annots/0", BAD, CHANGE_FIELD_REMOVED),
    WORSE("shadow, replace 1: covering field made nothing", "stream", "text:Tutup LT",
	"unset Root/AcroForm/Fields/0/AP", OPEN, CHANGE_FIELD_VALUE),
    WORSE("shadow, replace 1: covering field hidden", "classic", "text:Tutup LT",
	"set Root/AcroForm/Fields/0/F 2", OPEN, CHANGE_FIELD_PROPERTY),
    WORSE("shadow, replace 1: another picture in the field", "classic", "text:Tutup LT",
	FACE "set Root/AcroForm/Fields/0/AP << /N $1 0 R >>", OPEN, CHANGE_FIELD_VALUE),
    WORSE("shadow, replace 2: the font", "chromium", "LT",
	"set #$T1/Encoding << /Differences [48 /nine] >>", BAD, CHANGE_PAGE_RESOURCE),
    WORSE("shadow, replace 2: the font's file", "cairo", "visible LT",
	"stream |x\nset #$T1/DescendantFonts $1 0 R", BAD, CHANGE_PAGE_RESOURCE),
    TWIN("shadow, replace: twin, the field as allowed", "stream", "text:Tutup P2 LT fill:Tutup=2",
	NULL),
    TWIN("shadow, replace: twin, the same font again", "chromium", "LT", "set #$T1/Type /Font"),

    /* shadow: hide and replace */
    SHADOW("shadow, hide and replace: another catalog", "libreoffice", HIDDEN, "LT",
	"set Root $4 0 R", BAD, CHANGE_PAGE_ADDED),
    SHADOW("shadow, hide and replace: another tree", "qpdf-streams", HIDDEN, "LT",
	"set Root/Pages $3 0 R", BAD, CHANGE_PAGE_ADDED),
    SHADOW("shadow, hide and replace: another page", "scan-jpeg", HIDDEN, "LTA",
	"set Root/Pages/Kids/0 $2 0 R", BAD, CHANGE_PAGE_ADDED),
    SHADOW("shadow, hide and replace: another content", "cairo", HIDDEN, "LT",
	"set #$P1/Contents $1 0 R", BAD, CHANGE_PAGE_CONTENT),
    SHADOW("shadow, hide and replace: twin, never used", "cairo", HIDDEN, "LT dss", NULL,
	CONCLUSION_VALID, CHANGE__MAX),

    /* evil annotations */
    TWIN("evil annotation, allowed: text", "libreoffice", "P3 LT", ASIDE("/Subtype /FreeText")),
    TWIN("evil annotation, allowed: a note", "chromium", "P3 LT", ASIDE("/Subtype /Text")),
    TOLD("evil annotation is told: text", "libreoffice", "P3 LT", ASIDE("/Subtype /FreeText"),
	CONCLUSION_VALID, CHECK_ANNOTATIONS_AFTER_CERTIFICATION),
    TOLD("evil annotation is told: redaction", "cairo", "P3 LT", ASIDE("/Subtype /Redact"),
	CONCLUSION_VALID, CHECK_ANNOTATIONS_AFTER_CERTIFICATION),
    TOLD("evil annotation is told: stamp", "scan-jpeg", "P3 LT", ASIDE("/Subtype /Stamp"),
	CONCLUSION_VALID, CHECK_ANNOTATIONS_AFTER_CERTIFICATION),
    TOLD("evil annotation is told: unknown kind", "ghostscript", "P3 LT", ASIDE("/Subtype /Apa"),
	CONCLUSION_VALID, CHECK_ANNOTATIONS_AFTER_CERTIFICATION),
    WORSE("evil annotation, allowed, over the amount: text", "libreoffice", "P3 LT",
	EVIL("/Subtype /FreeText"), OPEN, CHANGE_COVERED),
    WORSE("evil annotation, allowed, over the amount: redaction", "cairo", "P3 LT",
	EVIL("/Subtype /Redact"), OPEN, CHANGE_COVERED),
    WORSE("evil annotation, allowed, over the amount: stamp", "scan-jpeg", "P3 LT",
	EVIL("/Subtype /Stamp"), OPEN, CHANGE_COVERED),
    WORSE("evil annotation, allowed, over the amount: unknown kind", "ghostscript", "P3 LT",
	EVIL("/Subtype /Apa"), OPEN, CHANGE_COVERED),
    WORSE("evil annotation, allowed, over the amount: a note with a picture", "chromium", "P3 LT",
	EVIL("/Subtype /Highlight"), OPEN, CHANGE_COVERED),
    WORSE("evil annotation on an approval: unknown kind", "ghostscript", "LT",
	EVIL("/Subtype /Apa"), OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("evil annotation on an approval: no kind at all", "ghostscript", "LT", EVIL(""), OPEN,
	CHANGE_ANNOTATION_ADDED),
    WORSE("evil annotation, forms allowed", "libreoffice", "P2 LT", EVIL("/Subtype /FreeText"), BAD,
	CHANGE_ANNOTATION_ADDED),
    WORSE("evil annotation, a widget of no field", "libreoffice", "P3 LT",
	EVIL("/Subtype /Widget /FT /Tx /T (x)"), BAD, CHANGE_WIDGET),
    WORSE("evil annotation with a script, allowed", "libreoffice", "P3 LT",
	EVIL("/Subtype /Link /A << /S /JavaScript /JS (1) >>"), BAD, CHANGE_ACTION),
    WORSE("evil annotation that opens by itself", "libreoffice", "P3 LT",
	EVIL("/Subtype /Screen /AA << /PO << /S /Launch /F (a) >> >>"), BAD, CHANGE_ACTION),
    TOLD("evil annotation is told: after an approval, too", "libreoffice", "P3 LT LT",
	ASIDE("/Subtype /Stamp"), CONCLUSION_VALID, CHECK_ANNOTATIONS_AFTER_CERTIFICATION),

    /* sneaky signatures */
    WORSE("sneaky signature: unsigned, certified", "libreoffice", "P2 LT", SNEAKY(""), BAD,
	CHANGE_COVERED),
    WORSE("sneaky signature: unsigned", "libreoffice", "LT", SNEAKY(""), OPEN, CHANGE_COVERED),
    WORSE("sneaky signature: of a good official, certified", "cairo", "P2 LT all-over LT", NULL,
	BAD, CHANGE_COVERED),
    WORSE("sneaky signature: of an impostor, certified", "cairo", "P2 LT impostor all-over LT",
	NULL, BAD, CHANGE_COVERED),
    WORSE("sneaky signature: of an impostor", "cairo", "LT impostor visible LT", NULL, OPEN,
	CHANGE_SIGNATURE_ADDED),
    WORSE("sneaky signature: certified without changes", "chromium", "P1 LT LT", NULL, BAD,
	CHANGE_SIGNATURE_ADDED),
    TOLD("sneaky signature: a second certification", "chromium", "P3 LT P2 LT", NULL, ANY,
	CHECK_CERTIFICATION_ORDER),
    TOLD("sneaky signature: a certification that is not the first", "chromium", "LT P2 LT", NULL,
	ANY, CHECK_CERTIFICATION_ORDER),
    TWIN("sneaky signature: twin, prepared and certified", "cairo",
	"field:Dua P2 visible LT into:Dua visible LT", NULL),
    TWIN("sneaky signature: twin, three officials", "scan-jpeg", "visible LT visible LT visible LT",
	NULL),

    /* signatures used twice */
    WORSE("recycled signature", "libreoffice", "visible LT", SNEAKY("/V $V1 0 R"), BAD,
	CHANGE_SIGNATURE_REUSED),
    WORSE("recycled signature in a field of its name", "classic", "LT",
	FACE "obj << /Type /Annot /Subtype /Widget /FT /Sig /T (TandaTangan1) /F 4 /P $P1 0 R "
	     "/Rect [$A] /AP << /N $1 0 R >> /V $V1 0 R >>\n"
	     "set Root/AcroForm/Fields/+ $2 0 R\nset #$P1/Annots/+ $2 0 R",
	BAD, CHANGE_FIELD_REPLACED),
    SHADOW("phantom signature recycled", "libreoffice",
	"obj << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Contents <3000> "
	"/ByteRange [0 10 20 30] >>",
	"LT",
	"nothing\n--\nobj << /Type /Annot /Subtype /Widget /FT /Sig /T (Hantu) /F 4 "
	"/P $P1 0 R /Rect [$A] /V $1 0 R >>\nset Root/AcroForm/Fields/+ $2 0 R\n"
	"set #$P1/Annots/+ $2 0 R",
	BAD, CHANGE_SIGNATURE_REUSED),
    WORSE("signed field under another object", "classic", "LT",
	"obj << /Type /Annot /Subtype /Widget /FT /Sig /T (TandaTangan1) /F 132 /P $P1 0 R "
	"/Rect [0 0 0 0] /V $V1 0 R >>\nset Root/AcroForm/Fields/0 $1 0 R\n"
	"set #$P1/Annots/0 $1 0 R",
	BAD, CHANGE_SIGNATURE_REUSED),
    WORSE("signed field taken out of the form", "chromium", "visible LT",
	"unset Root/AcroForm/Fields/0", BAD, CHANGE_FIELD_REMOVED),
    WORSE("signed field taken off the page", "chromium", "visible LT", "unset #$P1/Annots/0", BAD,
	CHANGE_WIDGET),
    WORSE("form without signatures", "cairo", "LT", "set Root/AcroForm << /Fields [] >>", BAD,
	CHANGE_FIELD_REMOVED),
    TWIN("the form again", "cairo", "visible LT", "set Root/AcroForm/SigFlags 3"),

    /* the dictionary */
    {.name = "signature in an object stream",
	.office = "stream",
	.before = "nothing",
	.how = "fields:Satu",
	.hand = packed_signature,
	.conclusion = ANY,
	.change = CHANGE__MAX,
	.reason = CHECK__NONE,
	.level = LEVEL__MAX,
	.no_sig = true},
    HAND("a comment in the dictionary", "classic", "", comment, CONCLUSION_VALID),
    HAND("twin: a text that looks like a comment", "classic", "", no_comment, CONCLUSION_VALID),
    HAND("a reason twice", "classic", "", reason_twice, OPEN),
    HAND("a name twice, once in disguise", "classic", "", name_twice, OPEN),

    /* the store of evidence */
    WORSE("store: the page's content is a certificate now", "classic", "LT",
	"again $C1 << /Length 3 >>$nstream$n0\1\0$nendstream\nset Root/DSS/Certs/+ $C1 0 R", BAD,
	CHANGE_PAGE_CONTENT),
    WORSE("store: what is no evidence", "libreoffice", "LT",
	"stream |{}\nset Root/DSS/OCSPs/+ $1 0 R", BAD, CHANGE_EVIDENCE_REMOVED),
    WORSE("store: what belongs to no signature", "libreoffice", "LT",
	"stream |0\nset Root/DSS/VRI/Contoh << /Cert [$1 0 R] >>", BAD, CHANGE_EVIDENCE_REMOVED),
    WORSE("store: an entry of another kind", "libreoffice", "LT",
	"set Root/DSS/VRI/0123456789ABCDEF0123456789ABCDEF01234567 << /Apa 1 >>", BAD,
	CHANGE_EVIDENCE_REMOVED),
    WORSE("store: the page's picture in it", "scan-jpeg", "LT", "set Root/DSS/Certs/+ $X1 0 R", BAD,
	CHANGE_EVIDENCE_REMOVED),
    WORSE("store: a stream outside of the file", "cairo", "LT",
	"stream /F (a.cer)|0\nset Root/DSS/Certs/+ $1 0 R", BAD, CHANGE_EVIDENCE_REMOVED),
    WORSE("store: it holds itself", "cairo", "LT", "obj [$1 0 R]\nset Root/DSS/Certs $1 0 R", BAD,
	CHANGE_EVIDENCE_REMOVED),
    WORSE("store: replaced by a number", "cairo", "LT", "set Root/DSS 1", BAD,
	CHANGE_EVIDENCE_REMOVED),
    WORSE("store: no keys of signatures any more", "cairo", "LT LT", "unset Root/DSS/VRI", ANY,
	CHANGE_EVIDENCE_REMOVED),
    TWIN("store: a list less", "libreoffice", "LTA dss", "unset Root/DSS/Certs/0"),
    TWIN("store: whose time it names", "libreoffice", "LT dss",
	"set Root/DSS/VRI/0123456789ABCDEF0123456789ABCDEF01234567 << /TU (D:20261119) >>"),

    /* scripts and what runs by itself */
    WORSE("action: open an address", "chromium", "LT",
	"set Root/OpenAction << /S /URI /URI (http://contoh.invalid) >>", BAD, CHANGE_ACTION),
    WORSE("action: start a program", "cairo", "P3 LT",
	"set Root/OpenAction << /S /Launch /F (a.exe) >>", BAD, CHANGE_ACTION),
    WORSE("action: send the form", "libreoffice-form", "P2 LT",
	"set Root/AcroForm/Fields/0/AA << /F << /S /SubmitForm /F (http://contoh.invalid) >> >>",
	BAD, CHANGE_ACTION),
    WORSE("action: of the order of calculation", "libreoffice-form", "P2 LT",
	"set Root/AcroForm/CO [$F1 0 R]", BAD, CHANGE_FORM),
    WORSE("action: only where to open", "chromium", "LT", "set Root/OpenAction [$P2 0 R /Fit]", BAD,
	CHANGE_ACTION),
    WORSE("action: in a signature field that is new", "cairo", "LT",
	SNEAKY("/AA << /E << /S /JavaScript /JS (1) >> >>"), BAD, CHANGE_ACTION),
    WORSE("action: an empty invisible field with a script", "cairo", "LT",
	"obj << /Type /Annot /Subtype /Widget /FT /Sig /T (Diam) /F 132 /P $P1 0 R "
	"/Rect [0 0 0 0] /A << /S /JavaScript /JS (1) >> >>\n"
	"set Root/AcroForm/Fields/+ $1 0 R\nset #$P1/Annots/+ $1 0 R",
	BAD, CHANGE_ACTION),
    TWIN("action: twin, the same field without", "cairo", "LT",
	"obj << /Type /Annot /Subtype /Widget /FT /Sig /T (Diam) /F 132 /P $P1 0 R "
	"/Rect [0 0 0 0] >>\n"
	"set Root/AcroForm/Fields/+ $1 0 R\nset #$P1/Annots/+ $1 0 R"),
    TWIN("action: twin, none", "cairo", "LT", "set Root/OpenAction null"),

    /* two files in one, loops */
    HAND("an archive behind it", "cairo", "LT", zip_behind, OPEN),
    HAND("a page of the web before it", "cairo", "LT", html_before, ANY),
    WORSE("loop: pages", "libreoffice", "LT",
	"set Root/Pages/Kids/+ 2 0 R\nset #$P1/Parent $P1 0 R", BAD, CHANGE__MAX),
    WORSE("loop: fields", "libreoffice", "LT",
	"obj << /T (a) /Kids [$1 0 R] >>\nset Root/AcroForm/Fields/+ $1 0 R", BAD,
	CHANGE_FIELD_ADDED),
    WORSE("loop: tags", "chromium", "LT", "set Root/StructTreeRoot/K [$R 0 R]", BAD, CHANGE_OTHER),
    WORSE("loop: the form is the field", "cairo", "LT", "set Root/AcroForm $F1 0 R", BAD,
	CHANGE_FIELD_REMOVED),
    WORSE("loop: a section before itself", "cairo", "LT",
	"raw xref$n0 0$ntrailer$n<< /Size $Z /Root $R 0 R /Prev 999999999 >>$nstartxref$n$S$n"
	"%%EOF$n",
	BAD, CHANGE_ROLLBACK),
    WORSE("a stream that says how long by itself", "cairo", "LT",
	"again $C1 << /Length $C1 0 R >>$nstream$nq$nendstream", BAD, CHANGE_PAGE_CONTENT),

    /* metadata and tags */
    WORSE("metadata: a document type", "cairo", "LT",
	"stream /Type /Metadata /Subtype /XML|<?xml version='1.0'?><!DOCTYPE a SYSTEM 'x'><a/>\n"
	"set Root/Metadata $1 0 R",
	BAD, CHANGE_METADATA),
    WORSE("metadata: from outside", "cairo", "LT",
	"stream /Type /Metadata /Subtype /XML /F (a.xml)|<a/>\nset Root/Metadata $1 0 R", BAD,
	CHANGE_METADATA),
    WORSE("metadata: a picture", "cairo", "LT",
	"stream /Type /XObject /Subtype /Image|<a/>\nset Root/Metadata $1 0 R", BAD,
	CHANGE_METADATA),
    TWIN("metadata: twin", "cairo", "LT",
	"stream /Type /Metadata /Subtype /XML|<?xml version='1.0'?><!-- a --><a/>\n"
	"set Root/Metadata $1 0 R"),
    WORSE("tags: another order", "qpdf-20", "LT", "set Root/StructTreeRoot/K [null]", BAD,
	CHANGE_OTHER),
    TWIN("tags: room for the next", "libreoffice-a", "LT",
	"set Root/StructTreeRoot/ParentTreeNextKey 99"),
    TWIN("tags: a role", "chromium", "LT", "set Root/StructTreeRoot/RoleMap << /Judul /H1 >>"),
    TWIN("private data of a program", "libreoffice", "LT",
	"set Root/PieceInfo << /Contoh << /LastModified (D:20261119) >> >>"),
    TWIN("an extension's name", "cairo", "LT",
	"set Root/Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 5 >> >>"),
    {.name = NULL},
};
