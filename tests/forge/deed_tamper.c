/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people do to signed letters, and beside it what they may do.  Nothing that changes
 * what a letter says is VALID; nothing harmless is anything else.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deed.h"

/* --- by hand --- */

/* The display rolls back to what was there before anybody signed. */
static void
rollback(struct forge *f, struct letter *l)
{
	const uint8_t *at = memmem(l->out.p, l->out.len, "startxref", 9);

	(void)f;
	if (at != NULL)
		buf_printf(
		    &l->out, "startxref\n%ld\n%%%%EOF\n", strtol((const char *)at + 9, NULL, 10));
}

static void
poke_amount(struct forge *f, struct letter *l)
{
	uint8_t *at = memmem(l->out.p, l->out.len, "(Rp 12", 6);

	(void)f;
	if (at != NULL)
		at[4] = '9';
}

/* One bit in the middle of the signed letter. */
static void
flip(struct forge *f, struct letter *l)
{
	(void)f;
	l->out.p[l->out.len / 8] ^= 4;
}

static void
blank(struct forge *f, struct letter *l)
{
	(void)f;
	memset(l->out.p + 600, ' ', 40);
}

static void
cut_half(struct forge *f, struct letter *l)
{
	(void)f;
	l->out.len /= 2;
}

static void
cut_tail(struct forge *f, struct letter *l)
{
	(void)f;
	l->out.len -= 12;
}

static void
insert(struct forge *f, struct letter *l)
{
	(void)f;
	buf_u8(&l->out, ' ');
	memmove(l->out.p + 1001, l->out.p + 1000, l->out.len - 1001);
}

/* Another signed letter behind this one. */
static void
concatenate(struct forge *f, struct letter *l)
{
	struct letter other;

	forge_base(f, &other);
	buf_put(&l->out, other.out.p, other.out.len);
	letter_clear(&other);
}

/* A letter that says something else, and this one behind it. */
static void
concatenate_before(struct forge *f, struct letter *l)
{
	struct letter other;

	letter_init(&other, f->m, LETTER_CLASSIC, &forge_text, 0);
	buf_put(&other.out, l->out.p, l->out.len);
	buf_clear(&l->out);
	l->out = other.out; /* transferred */
}

static void
write_file(const char *path, const struct letter *l)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return;
	fwrite(l->out.p, 1, l->out.len, f);
	fclose(f);
}

/* Saved again by another program: "%s" is the letter, then what it writes. */
static void
save_again(struct letter *l, const char *command)
{
	const char *tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */
	struct maker *m = l->m;
	char in[256], out[256], line[1024];
	char sh[] = "sh", option[] = "-c", *const args[] = {sh, option, line, NULL};
	int status = -1;
	pid_t pid;

	snprintf(in, sizeof(in), "%s/deed-%d-in.pdf", tmp != NULL ? tmp : "/tmp", (int)getpid());
	snprintf(out, sizeof(out), "%s/deed-%d-out.pdf", tmp != NULL ? tmp : "/tmp", (int)getpid());
	write_file(in, l);
	snprintf(line, sizeof(line), "IN='%s' OUT='%s'; %s >/dev/null 2>&1", in, out, command);
	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, args, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		fprintf(stderr, "# did not end well: %s\n", command);
	letter_clear(l);
	paper_file(l, m, out);
	unlink(in);
	unlink(out);
}

static void
qpdf(struct forge *f, struct letter *l)
{
	(void)f;
	save_again(l, "qpdf \"$IN\" \"$OUT\"");
}

static void
qpdf_linearize(struct forge *f, struct letter *l)
{
	(void)f;
	save_again(l, "qpdf --linearize --object-streams=generate \"$IN\" \"$OUT\"");
}

static void
qpdf_text(struct forge *f, struct letter *l)
{
	(void)f;
	save_again(l, "qpdf --qdf \"$IN\" \"$OUT.q\" && sed 's/12.500.000/92.500.000/' \"$OUT.q\" "
		      "| fix-qdf >\"$OUT\"; rm -f \"$OUT.q\"");
}

static void
ghostscript(struct forge *f, struct letter *l)
{
	(void)f;
	save_again(l, "gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite -o \"$OUT\" \"$IN\"");
}

static void
printed(struct forge *f, struct letter *l)
{
	(void)f;
	save_again(l, "pdftocairo -pdf \"$IN\" \"$OUT\"");
}

#define NOTE(type, more)                                                                         \
	"obj << /Type /Annot /Subtype /" type " /Rect [$A] /F 4 /Contents (Rp 92.500.000) " more \
	" >>\nset #$P1/Annots/+ $1 0 R"
#define FACE                                                                    \
	"stream /Type /XObject /Subtype /Form /BBox [0 0 100 20]|1 1 1 rg 0 0 " \
	"100 20 re f\n"
#define OTHER_TEXT "BT /F1 12 Tf 72 600 Td (Rp 92.500.000) Tj ET"

const struct deed deed_tamper[] = {
    /* what a page shows */
    WORSE("other content", "libreoffice", "LT", "stream |" OTHER_TEXT "\nset #$P1/Contents $1 0 R",
	BAD, CHANGE_PAGE_CONTENT),
    WORSE("other content under a stamp", "chromium", "visible LT",
	"stream |" OTHER_TEXT "\nset #$P1/Contents $1 0 R", BAD, CHANGE_PAGE_CONTENT),
    WORSE("content again", "cairo", "LT", "again $C1 << /Length 2 >>$nstream$nq $nendstream", BAD,
	CHANGE_PAGE_CONTENT),
    WORSE("white over the amount", "ghostscript", "LT",
	"stream |1 1 1 rg 80 630 70 20 re f\nset #$P1/Contents [$C1 0 R $1 0 R]", BAD,
	CHANGE_PAGE_CONTENT),
    WORSE("content of page 2", "qpdf-linear", "LTA",
	"stream |" OTHER_TEXT "\nset #$P2/Contents $1 0 R", BAD, CHANGE_PAGE_CONTENT),
    WORSE("no content", "qpdf-streams", "LT", "unset #$P1/Contents", BAD, CHANGE_PAGE_CONTENT),
    WORSE("content changed and changed back", "libreoffice", "LT",
	"stream |" OTHER_TEXT "\nset #$P1/Contents $1 0 R\n--\nset #$P1/Contents $C2 0 R\n--\n"
	"nothing",
	BAD, CHANGE_PAGE_CONTENT),
    TWIN("the same page again", "libreoffice", "LT", "set #$P1/Type /Page"),
    TWIN("the same page again, certified", "chromium", "P1 LT", "set #$P1/Type /Page"),
    TWIN("the same font again", "cairo", "LT", "set #$T1/Type /Font"),
    TWIN("the same catalog again", "qpdf-streams", "visible LT", "set Root/Type /Catalog"),
    TWIN("an update of nothing", "qpdf-linear-streams", "LT", "nothing"),
    TWIN("an object that nobody uses", "scan-jpeg", "LT", "stream |" OTHER_TEXT),
    WORSE("content decoded another way", "libreoffice", "LT",
	"set #$P1/Contents/DecodeParms << /Predictor 2 >>", BAD, CHANGE_PAGE_CONTENT),
    WORSE("content from outside", "cairo", "visible LT", "set #$P1/Contents/F (a.txt)", BAD,
	CHANGE_PAGE_CONTENT),
    WORSE("content packed away", "qpdf-streams", "as:packed LT",
	"stream |" OTHER_TEXT "\nset #$P1/Contents $1 0 R", BAD, CHANGE_PAGE_CONTENT),
    WORSE("another scan", "scan-jpeg", "LT",
	"stream /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
	"/BitsPerComponent 8|A\nset #$P1/Resources/XObject/Im0 $1 0 R",
	BAD, CHANGE_PAGE_RESOURCE),
    WORSE("the fax again", "scan-fax", "LT", "set #$X1/Decode [1 0]", BAD, CHANGE_PAGE_RESOURCE),
    WORSE("scans swapped", "scan-jpeg", "visible LT", "set #$P1/Resources/XObject/Im0 $X2 0 R", BAD,
	CHANGE_PAGE_RESOURCE),
    WORSE("another font", "libreoffice", "LT",
	"again $T1 << /Type /Font /Subtype /Type1 /BaseFont /Symbol >>", BAD, CHANGE_PAGE_RESOURCE),
    WORSE("another encoding", "ghostscript", "LT",
	"set #$T1/Encoding << /Differences [48 /nine] >>", BAD, CHANGE_PAGE_RESOURCE),
    WORSE("text for search machines", "libreoffice", "LT", "stream |x\nset #$T1/ToUnicode $1 0 R",
	BAD, CHANGE_PAGE_RESOURCE),
    WORSE(
	"widths of letters", "libreoffice", "LT", "set #$T1/Widths/0 1", BAD, CHANGE_PAGE_RESOURCE),
    WORSE("the font's file", "libreoffice", "LT",
	"stream /Length1 1|x\nset #$T1/FontDescriptor/FontFile2 $1 0 R", BAD, CHANGE_PAGE_RESOURCE),
    WORSE(
	"other resources", "chromium", "LT", "set #$P1/Resources << >>", BAD, CHANGE_PAGE_RESOURCE),
    WORSE("transparency", "cairo", "LT", "set #$P1/Resources/ExtGState << /a0 << /ca 0 >> >>", BAD,
	CHANGE_PAGE_RESOURCE),
    WORSE("paper cut", "libreoffice", "LT", "set #$P1/MediaBox [0 400 595 842]", BAD,
	CHANGE_PAGE_PROPERTY),
    WORSE("page cropped", "chromium", "visible LT", "set #$P1/CropBox [0 0 595 400]", BAD,
	CHANGE_PAGE_PROPERTY),
    WORSE("page turned", "scan-jpeg", "LT", "set #$P1/Rotate 180", BAD, CHANGE_PAGE_PROPERTY),
    WORSE("page enlarged", "cairo-14", "LT", "set #$P1/UserUnit 3", BAD, CHANGE_PAGE_PROPERTY),
    WORSE(
	"all pages turned", "qpdf-14", "LT", "set Root/Pages/Rotate 90", BAD, CHANGE_PAGE_PROPERTY),

    /* pages */
    WORSE("a page less", "libreoffice", "LT",
	"set Root/Pages/Kids [$P1 0 R]\nset Root/Pages/Count 1", BAD, CHANGE_PAGE_REMOVED),
    WORSE("a page more", "scan-jpeg", "LT",
	"obj << /Type /Page /MediaBox [0 0 595 842] >>\nset Root/Pages/Kids/+ $1 0 R\n"
	"set Root/Pages/Count 3",
	BAD, CHANGE_PAGE_ADDED),
    WORSE("a page in front", "cairo", "LTA",
	"obj << /Type /Page /MediaBox [0 0 595 842] >>\n"
	"set Root/Pages/Kids [$1 0 R $P1 0 R $P2 0 R]\nset Root/Pages/Count 3",
	BAD, CHANGE_PAGE_ADDED),
    WORSE("pages the other way round", "libreoffice", "visible LT",
	"set Root/Pages/Kids [$P2 0 R $P1 0 R]", BAD, CHANGE_PAGES_REARRANGED),
    WORSE(
	"page 1 twice", "qpdf-14", "LT", "set Root/Pages/Kids [$P1 0 R $P1 0 R]", BAD, CHANGE__MAX),
    WORSE("another page instead", "qpdf-streams", "LT",
	"stream |" OTHER_TEXT "\nobj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
	"/Contents $1 0 R >>\nset Root/Pages/Kids [$2 0 R $P2 0 R]",
	BAD, CHANGE_PAGE_ADDED),
    WORSE("another page tree", "ghostscript", "LT",
	"obj << /Type /Pages /Kids [$P2 0 R] /Count 1 >>\nset Root/Pages $1 0 R", BAD,
	CHANGE_PAGE_REMOVED),

    /* notes */
    WORSE("text on the amount", "libreoffice", "LT", NOTE("FreeText", "/DA (/Helv 12 Tf)"), OPEN,
	CHANGE_ANNOTATION_ADDED),
    WORSE("a stamp on the amount", "chromium", "LT",
	FACE "obj << /Type /Annot /Subtype /Stamp /Rect [$A] /F 4 /AP << /N $1 0 R >> >>\n"
	     "set #$P1/Annots/+ $2 0 R",
	OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("redaction", "cairo", "LT", NOTE("Redact", "/IC [0 0 0]"), OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("highlighting", "ghostscript", "visible LT",
	NOTE("Highlight", "/QuadPoints [0 0 9 0 0 9 9 9]"), OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("an annotation of no known kind", "qpdf-linear", "LT", NOTE("Contoh", ""), OPEN,
	CHANGE_ANNOTATION_ADDED),
    WORSE("a square", "scan-jpeg", "LTA", NOTE("Square", "/IC [1 1 1]"), OPEN,
	CHANGE_ANNOTATION_ADDED),
    WORSE("ink", "scan-fax", "LT", NOTE("Ink", "/InkList [[0 0 9 9]]"), OPEN,
	CHANGE_ANNOTATION_ADDED),
    WORSE("a watermark", "qpdf-20", "LT", NOTE("Watermark", ""), OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("a note in the margin", "hybrid", "LT", NOTE("Text", ""), OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("a link", "chromium", "LT", NOTE("Link", "/A << /S /URI /URI (http://contoh.invalid) >>"),
	OPEN, CHANGE_ANNOTATION_ADDED),
    WORSE("a file pinned to the page", "libreoffice", "LT",
	"stream /Type /EmbeddedFile|x\n"
	"obj << /Type /Filespec /F (a.txt) /EF << /F $1 0 R >> >>\n"
	"obj << /Type /Annot /Subtype /FileAttachment /Rect [$A] /FS $2 0 R >>\n"
	"set #$P1/Annots/+ $3 0 R",
	OPEN, CHANGE_ATTACHMENT),
    WORSE("a note taken away", "cairo", "note LT", "unset #$P1/Annots/0", ANY,
	CHANGE_ANNOTATION_REMOVED),
    WORSE("a note that says something else", "cairo", "note LT",
	"set #$P1/Annots/0/Contents (Setuju)", OPEN, CHANGE_ANNOTATION_CHANGED),
    WORSE("a note moved onto the amount", "cairo", "note LT", "set #$P1/Annots/0/Rect [$A]", OPEN,
	CHANGE_ANNOTATION_CHANGED),
    WORSE("a note on a certified letter", "libreoffice", "P2 LT", NOTE("FreeText", ""), BAD,
	CHANGE_ANNOTATION_ADDED),
    WORSE("a note on a letter certified without changes", "ghostscript", "P1 visible LT",
	NOTE("Text", ""), BAD, CHANGE_ANNOTATION_ADDED),

    /* forms */
    WORSE("filled after an approval", "libreoffice-form", "LT fill:Tembusan=Arsip", NULL, OPEN,
	CHANGE_FIELD_VALUE),
    WORSE("filled although certified without changes", "libreoffice-form",
	"P1 LT fill:Tembusan=Arsip", NULL, BAD, CHANGE_FIELD_VALUE),
    WORSE("a locked field filled", "cairo", "text:Tembusan P2 lock:Tembusan LT fill:Tembusan=Arsip",
	NULL, BAD, CHANGE_FIELD_VALUE),
    WORSE("filled although all is locked", "cairo",
	"text:Tembusan P2 fieldmdp:all LT fill:Tembusan=Arsip", NULL, BAD, CHANGE_FIELD_VALUE),
    WORSE("filled after a second signature that locks", "ghostscript",
	"text:Tembusan P2 LT lock:Tembusan LT fill:Tembusan=Arsip", NULL, BAD, CHANGE_FIELD_VALUE),
    WORSE("filled after an approval of a certified form", "ghostscript",
	"text:Tembusan P1 LT LT fill:Tembusan=Arsip", NULL, BAD, CHANGE_FIELD_VALUE),
    WORSE("a field more", "libreoffice", "P2 LT text:Baru", NULL, BAD, CHANGE_FIELD_ADDED),
    WORSE("a field less", "classic", "text:Tembusan P2 LT",
	"unset Root/AcroForm/Fields/0\nunset #$P1/Annots/0", BAD, CHANGE_FIELD_REMOVED),
    WORSE("a field moved", "classic", "text:Tembusan P2 LT", "set Root/AcroForm/Fields/0/Rect [$A]",
	BAD, CHANGE_FIELD_PROPERTY),
    WORSE("a field of another name", "stream", "text:Tembusan P2 LT",
	"set Root/AcroForm/Fields/0/T (Lain)", BAD, CHANGE_FIELD_REPLACED),
    WORSE("a field of another type", "stream", "text:Tembusan P2 LT",
	"set Root/AcroForm/Fields/0/FT /Btn", BAD, CHANGE_FIELD_REPLACED),
    WORSE("a field that runs a script", "classic", "text:Tembusan P2 LT",
	"set Root/AcroForm/Fields/0/AA << /K << /S /JavaScript /JS (1) >> >>", BAD, CHANGE_ACTION),
    WORSE("fields to be drawn anew", "cairo", "text:Tembusan LT",
	"set Root/AcroForm/NeedAppearances true", OPEN, CHANGE_FORM),
    WORSE("an XFA form", "libreoffice-form", "P2 LT", "stream |<x/>\nset Root/AcroForm/XFA $1 0 R",
	BAD, CHANGE_XFA),
    TWIN("filled as the certification allows", "stream", "text:Tembusan P2 LT fill:Tembusan=Arsip",
	NULL),
    TWIN("filled twice", "libreoffice-form", "P2 LT fill:Tembusan=Arsip fill:Tembusan=Tata~usaha",
	NULL),
    TWIN("a field made read-only", "classic", "text:Tembusan P2 LT",
	"set Root/AcroForm/Fields/0/Ff 1"),

    /* later stamps */
    WORSE("a stamp over the amount, by a good official", "libreoffice", "LT over LT", NULL, OPEN,
	CHANGE_COVERED),
    WORSE("a stamp over the amount of a scan", "scan-jpeg", "visible LT over LTA", NULL, OPEN,
	CHANGE_COVERED),
    WORSE("a stamp over one digit", "libreoffice", "LT digit LT", NULL, OPEN, CHANGE_COVERED),
    WORSE(
	"a stamp over one digit, Chromium", "chromium", "LT digit LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over one digit, cairo", "cairo", "visible LT digit LTA", NULL, OPEN,
	CHANGE_COVERED),
    WORSE(
	"a stamp over one digit of a scan", "scan-jpeg", "LT digit LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over one digit of a fax", "scan-fax", "LT digit LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the amount, field and widget apart", "qpdf-linear", "as:all LT over LT",
	NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the amount, Word", "hybrid", "LT over LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the amount of a fax", "scan-fax", "LT over LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the whole page", "chromium", "LT all-over LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the amount of a certified letter", "cairo", "P2 LT over LT", NULL, BAD,
	CHANGE_COVERED),
    WORSE("a second stamp in its own place, certified", "cairo", "P2 LT visible LT", NULL, BAD,
	CHANGE_SIGNATURE_ADDED),
    WORSE("an unsigned field with a picture", "libreoffice", "LT",
	FACE "obj << /Type /Annot /Subtype /Widget /FT /Sig /T (Palsu) /F 4 /P $P1 0 R /Rect [$A] "
	     "/AP << /N $1 0 R >> >>\nset Root/AcroForm/Fields/+ $2 0 R\n"
	     "set #$P1/Annots/+ $2 0 R",
	OPEN, CHANGE_COVERED),
    WORSE("a prepared place moved and signed", "ghostscript", "field:Dua LT",
	"set Root/AcroForm/Fields/0/Rect [$A]", BAD, CHANGE_FIELD_PROPERTY),
    WORSE("a new place on the amount, signed next", "libreoffice",
	"LT field-over:Dua into:Dua visible LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the amount, the other corner first", "chromium", "LT over inverted LT",
	NULL, OPEN, CHANGE_COVERED),
    WORSE(
	"a stamp over all of page 2", "cairo", "LT all-over onto:2 LT", NULL, OPEN, CHANGE_COVERED),
    WORSE("a stamp over the amount, packed", "qpdf-streams", "as:packed LT over LTA", NULL, OPEN,
	CHANGE_COVERED),
    SHADOW("a stamp over the amount of a turned page", "cairo", "set #$P1/Rotate 90", "LT over LT",
	NULL, OPEN, CHANGE_COVERED),
    SHADOW("a stamp over the amount of a page upside down", "libreoffice", "set #$P1/Rotate 180",
	"LT digit LT", NULL, OPEN, CHANGE_COVERED),
    SHADOW("a stamp over the amount of a cropped page", "ghostscript",
	"set #$P1/CropBox [20 20 575 822]\nset #$P1/UserUnit 2", "LT over LT", NULL, OPEN,
	CHANGE_COVERED),
    WORSE("two stamps that cover together", "libreoffice", "LT digit LT over LT", NULL, OPEN,
	CHANGE_COVERED),
    TWIN("a second stamp in its own place", "ghostscript", "visible LT visible LT", NULL),
    TWIN(
	"a prepared place signed, certified", "cairo", "field:Dua P2 LT into:Dua visible LT", NULL),
    TWIN("an invisible second signature, certified", "cairo", "P2 LT LT", NULL),
    TWIN("an invisible empty field", "libreoffice", "LT fields:Kosong", NULL),

    /* the signature's own field */
    WORSE("another picture in the stamp", "libreoffice", "visible LT",
	FACE "set #$F1/AP << /N $1 0 R >>", BAD, CHANGE_SIGNED_FIELD),
    WORSE("the stamp's picture again", "chromium", "visible LT",
	"set #$F1/AP/N/Matrix [9 0 0 9 0 0]", BAD, CHANGE_SIGNED_FIELD),
    WORSE("the letters of the stamp", "qpdf-20", "visible LT",
	"set #$F1/AP/N/Resources/Font/F1 << /Type /Font /Subtype /Type1 /BaseFont /Symbol >>", BAD,
	CHANGE_SIGNED_FIELD),
    WORSE("the stamp moved", "scan-jpeg", "visible LT", "set #$F1/Rect [$A]", BAD,
	CHANGE_SIGNED_FIELD),
    WORSE("the stamp hidden", "cairo", "visible LT", "set #$F1/F 2", BAD, CHANGE_SIGNED_FIELD),
    WORSE("a stamp where was none", "cairo", "LT",
	FACE "set #$F1/AP << /N $1 0 R >>\n"
	     "set #$F1/Rect [$A]",
	BAD, CHANGE_SIGNED_FIELD),
    WORSE("the field of another name", "classic", "LT", "set #$F1/T (Lain)", BAD,
	CHANGE_SIGNED_FIELD),
    WORSE("the field leads elsewhere", "classic", "LT LT", "set #$F1/V $V2 0 R", BAD,
	CHANGE_SIGNED_FIELD),
    WORSE("the field leads nowhere", "libreoffice", "LT", "unset #$F1/V", BAD, CHANGE_SIGNED_FIELD),
    WORSE("the signature's reason", "classic", "LT", "set #$V1/Reason (Batal)", BAD,
	CHANGE_SIGNATURE_REPLACED),
    WORSE("the signature's name", "chromium", "LT LT", "set #$V1/Name (Orang lain)", BAD,
	CHANGE_SIGNATURE_REPLACED),
    TWIN("the field locked", "libreoffice", "visible LT", "set #$F1/F 644"),

    WORSE("another picture in the stamp of a widget apart", "chromium", "as:all visible LT",
	FACE "set #$F1/Kids/0/AP << /N $1 0 R >>", BAD, CHANGE_SIGNED_FIELD),
    WORSE("the widget of a signed field moved", "cairo", "as:kids visible LT",
	"set #$F1/Kids/0/Rect [$A]", BAD, CHANGE_SIGNED_FIELD),
    WORSE("a second widget for a signed field", "cairo", "as:kids visible LT",
	FACE "obj << /Type /Annot /Subtype /Widget /F 4 /Parent $F1 0 R /P $P1 0 R /Rect [$A] "
	     "/AP << /N $1 0 R >> >>\nset #$F1/Kids/+ $2 0 R\nset #$P1/Annots/+ $2 0 R",
	BAD, CHANGE_SIGNED_FIELD),
    WORSE("a box ticked after an approval", "cairo", "box:Setuju LT tick:Setuju", NULL, OPEN,
	CHANGE_FIELD_VALUE),
    WORSE("a box that looks ticked", "cairo", "box:Setuju LT", "set Root/AcroForm/Fields/0/AS /Ya",
	OPEN, CHANGE_FIELD_VALUE),

    /* the catalog */
    WORSE("a script on opening", "libreoffice", "LT",
	"obj << /S /JavaScript /JS (app.alert(1)) >>\nset Root/OpenAction $1 0 R", BAD,
	CHANGE_ACTION),
    WORSE("a script on closing", "chromium", "P2 LT",
	"set Root/AA << /WC << /S /JavaScript /JS (1) >> >>", BAD, CHANGE_ACTION),
    WORSE("a script by name", "cairo", "LT",
	"set Root/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>", BAD,
	CHANGE_ACTION),
    WORSE("a page's action", "ghostscript", "LT",
	"set #$P1/AA << /O << /S /Named /N /NextPage >> >>", BAD, CHANGE_ACTION),
    WORSE("an attached file", "qpdf-20", "LTA",
	"stream /Type /EmbeddedFile|x\nobj << /Type /Filespec /F (a.txt) /EF << /F $1 0 R >> >>\n"
	"set Root/Names << /EmbeddedFiles << /Names [(a) $2 0 R] >> >>",
	BAD, CHANGE_ATTACHMENT),
    WORSE("an associated file", "scan-fax", "LT",
	"stream /Type /EmbeddedFile|x\nobj << /Type /Filespec /F (a.txt) /EF << /F $1 0 R >> >>\n"
	"set Root/AF [$2 0 R]",
	BAD, CHANGE_ATTACHMENT),
    WORSE("layers", "libreoffice", "LT",
	"obj << /Type /OCG /Name (a) >>\n"
	"set Root/OCProperties << /OCGs [$1 0 R] /D << /OFF [$1 0 R] >> >>",
	BAD, CHANGE_LAYERS),
    SHADOW("a layer switched off", "libreoffice",
	"obj << /Type /OCG /Name (a) >>\n"
	"set Root/OCProperties << /OCGs [$1 0 R] /D << /ON [$1 0 R] >> >>",
	"LT", "set Root/OCProperties/D/OFF [$1 0 R]", BAD, CHANGE_LAYERS),
    SHADOW("a layer's use", "cairo",
	"obj << /Type /OCG /Name (a) >>\nset Root/OCProperties << /OCGs [$1 0 R] /D << >> >>", "LT",
	"set #$1/Usage << /View << /ViewState /OFF >> >>", BAD, CHANGE_LAYERS),
    WORSE("destinations", "chromium", "LT", "set Root/Dests << /a [$P2 0 R /Fit] >>", BAD,
	CHANGE_CATALOG),
    TWIN("a title where was none", "scan-jpeg", "LT", "obj << /Title (Surat) >>\nset Info $1 0 R"),
    WORSE("another catalog", "cairo", "LT",
	"obj << /Type /Catalog /Pages 1 0 R >>\nset Root $1 0 R", BAD, CHANGE_FORM),
    WORSE("no form", "libreoffice", "LT", "unset Root/AcroForm", BAD, CHANGE_FORM),
    WORSE("bookmarks", "ghostscript", "LT", "obj << /Type /Outlines >>\nset Root/Outlines $1 0 R",
	BAD, CHANGE_CATALOG),
    WORSE("another language", "libreoffice", "LT", "set Root/Lang (en)", BAD, CHANGE_CATALOG),
    WORSE("how it opens", "cairo", "LT", "set Root/ViewerPreferences << /HideToolbar true >>", BAD,
	CHANGE_CATALOG),
    WORSE(
	"what the tags say", "chromium", "LT", "set Root/StructTreeRoot/K null", BAD, CHANGE_OTHER),
    TWIN("a later version", "libreoffice", "LT", "set Root/Version /2.0"),
    TWIN("the file's title", "libreoffice", "LT", "set Info/Title (Surat)"),
    TWIN("the file's dates, certified", "cairo", "P1 LT", "set Info/ModDate (D:20261119000000Z)"),
    TWIN("identifiers", "chromium", "LT", "set ID [<00> <01>]"),
    TWIN("metadata", "libreoffice-a", "LT",
	"stream /Type /Metadata /Subtype /XML|<x:xmpmeta xmlns:x='adobe:ns:meta/'/>\n"
	"set Root/Metadata $1 0 R"),
    WORSE("metadata with entities", "libreoffice-a", "LT",
	"stream /Type /Metadata /Subtype /XML|<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///a'>]><x/>\n"
	"set Root/Metadata $1 0 R",
	BAD, CHANGE_METADATA),
    WORSE("encrypted since", "libreoffice", "LT",
	"set Encrypt << /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -4 >>", BAD,
	CHANGE_ENCRYPTION),

    /* evidence; what no signature covered is still seen where it was */
    TWIN("evidence taken away that nobody signed", "libreoffice", "LT", "unset Root/DSS"),
    WORSE("evidence taken away", "libreoffice", "LT LT", "unset Root/DSS", ANY,
	CHANGE_EVIDENCE_REMOVED),
    WORSE("a certificate that is none", "cairo", "LT", "stream |halo\nset Root/DSS/Certs/+ $1 0 R",
	BAD, CHANGE_EVIDENCE_REMOVED),
    WORSE("a script in the store", "cairo", "LTA",
	"set Root/DSS/JavaScript << /S /JavaScript /JS (1) >>", BAD, CHANGE_EVIDENCE_REMOVED),
    TWIN("evidence again by others", "chromium", "LT dss", NULL),
    TWIN("a document timestamp by others", "scan-jpeg", "P1 LT stamp", NULL),

    /* bytes */
    HAND("rolled back", "libreoffice", "LT", rollback, BAD),
    HAND("rolled back, streams", "qpdf-streams", "LTA", rollback, BAD),
    HAND("the amount by a text editor", "classic", "LT", poke_amount, BAD),
    HAND("a bit of a scan", "scan-jpeg", "LT", flip, BAD),
    HAND("a bit of a text", "chromium", "LTA", flip, ANY),
    HAND("a line overwritten", "libreoffice", "LT", blank, ANY),
    HAND("half of it", "libreoffice", "LT", cut_half, ANY),
    HAND("without its last line", "cairo", "LT", cut_tail, ANY),
    HAND("a space more", "cairo", "LT", insert, ANY),
    HAND("a letter behind it", "chromium", "LT", concatenate, ANY),
    HAND("behind another letter", "chromium", "LT", concatenate_before, ANY),
    HAND("saved by qpdf", "chromium", "LT", qpdf, ANY),
    HAND("linearized afterwards", "libreoffice", "visible LT", qpdf_linearize, ANY),
    HAND("text changed with qpdf", "ghostscript", "LT", qpdf_text, ANY),
    HAND("saved by Ghostscript", "libreoffice", "LT", ghostscript, ANY),
    HAND("printed to a file", "cairo", "visible LT", printed, ANY),
    WORSE("a trailer that hides objects", "cairo", "LT",
	"raw xref$n0 0$ntrailer$n<< /Size 3 /Root $R 0 R /Prev $S >>$nstartxref$n$E$n%%EOF$n", OPEN,
	CHANGE__MAX),
    WORSE("a table that names nothing new", "cairo", "LT",
	"raw xref$n0 0$ntrailer$n<< /Size $Z /Root $R 0 R /Prev 9 >>$nstartxref$n$E$n%%EOF$n", BAD,
	CHANGE__MAX),
    TWIN("twin: a table that names nothing", "cairo", "LT",
	"raw xref$n0 0$ntrailer$n<< /Size $Z /Root $R 0 R /Prev $S >>$nstartxref$n$E$n%%EOF$n"),
    WORSE("an object behind it", "libreoffice", "LT", "raw 99 0 obj$n<< >>$nendobj$n", BAD,
	CHANGE__MAX),
    WORSE("a page behind it without a table", "cairo", "LT",
	"raw $P1 0 obj$n<< /Type /Page >>$nendobj$ntrailer$n<< /Root $R 0 R >>$n%%EOF$n", BAD,
	CHANGE__MAX),
    WORSE("a broken table behind it", "cairo", "LT", "raw xref$n0 1$nx$nstartxref$n$S$n%%EOF$n",
	BAD, CHANGE_ROLLBACK),
    TOLD("a mail gateway's footer", "libreoffice", "LT", "raw -- $nDikirim dari telepon$n", OPEN,
	CHECK_TRAILING_BYTES),
    TOLD("a mail gateway's footer on a scan", "scan-jpeg", "visible LTA",
	"raw $n$nPesan ini rahasia.$n", OPEN, CHECK_TRAILING_BYTES),
    TWIN("one more end of line", "libreoffice", "LT", "raw $n"),
    TWIN("two more ends of line", "cairo", "LTA", "raw $n$n"),
    TWIN("a space and an end of line", "chromium", "LT", "raw  $n"),
    {.name = NULL},
};
