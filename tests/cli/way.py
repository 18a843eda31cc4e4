# SPDX-License-Identifier: GPL-3.0-or-later
"""What both tests of a letter's whole way share: an office's letter, the service that signs it,
readers of QRs that are not ours, and what becomes of copies in other people's hands."""
import base64
import hmac
import os
import re
import subprocess
import time

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
SIGNER = os.path.join(BUILD, "tests", "signer")
LETTER = os.path.join(BUILD, "office", "libreoffice.pdf")

# The certificates have the names as their service writes them: without degrees and diacritics.
SIGNERS = [
    ("Kepala Dinas Komunikasi dan Informatika Provinsi Contoh",
     "Dr. Siti Nurḥalīmah, S.T., M.Si.", "Pembina Utama Madya (IV/d)", "SITI NURHALIMAH"),
    ("Sekretaris Daerah", "H. Bayu Ábel Nugraha, S.Kom.", "Pembina (IV/a)", "Bayu Abel Nugraha"),
]
CERTIFIED = [s[3] for s in SIGNERS]


def tool(*args, status=(0,)):
    """Another program's output."""
    r = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60, check=False)
    assert r.returncode in status, (args, r.returncode, r.stdout, r.stderr)
    return r.stdout


def read(path):
    """The bytes of a file."""
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    """A file of these bytes; its path."""
    with open(path, "wb") as f:
        f.write(data)
    return path


def authority(folder):
    """An authority of the shape that signs Indonesian letters; the folder of its anchor."""
    tool(SIGNER, "--authority", folder)
    return os.path.join(folder, "anchors")


def sign(folder, before, after, names=tuple(CERTIFIED), *more):
    """Signed by the authority's service for each of these people; the path."""
    tool(SIGNER, "--authority", folder, *(a for n in names for a in ("--name", n)), *more,
         before, after)
    return after


def codes(picture):
    """What the QRs of a picture hold, as a reader of somebody else's sees it."""
    out = tool("zbarimg", "--nodbus", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture,
               status=(0, 4))  # 4: none
    return out.decode("utf-8").splitlines()


def rendered(pdf, folder, dpi):
    """Pictures of the pages of a PDF, as Poppler draws them."""
    stem = os.path.join(folder, f"seen-{dpi}")
    tool("pdftoppm", "-png", "-r", str(dpi), pdf, stem)
    return sorted(os.path.join(folder, n) for n in os.listdir(folder)
                  if n.startswith(f"seen-{dpi}-"))


def totp(secret, at=None):
    """The code of RFC 6238 (SHA-1, 30 s, six digits) for a secret in base32."""
    secret = secret.replace(" ", "").upper()
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    count = int(time.time() if at is None else at) // 30
    mac = hmac.digest(key, count.to_bytes(8, "big"), "sha1")
    at = mac[19] & 15
    return f"{int.from_bytes(mac[at:at + 4], 'big') % 2**31 % 10**6:06}"


# --- copies ---

def update(pdf, objects):
    """One more incremental update: {object number: its body}."""
    trailer = pdf[pdf.rindex(b"trailer"):]
    number = lambda key: int(re.search(rb"/%s (\d+)" % key, trailer)[1])
    out = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    table = b""
    for n, body in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (n, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    last = int(re.search(rb"startxref\s+(\d+)", trailer)[1])
    start = len(out)
    return (out + b"xref\n" + table + b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n"
            % (number(b"Size"), number(b"Root"), last)
            + b"startxref\n%d\n%%%%EOF\n" % start)


def evidence_again(pdf):
    """Saved once more with its store of evidence: other bytes, the same letter."""
    n = int(re.findall(rb"/DSS (\d+) 0 R", pdf)[-1])
    body = re.findall(rb"\n%d 0 obj\s(.*?)\sendobj" % n, pdf, re.S)[-1]
    return update(pdf, {n: body})


def painted_over(pdf):
    """Another amount beside the first page's, by an incremental update."""
    n = int(re.findall(rb"/Contents \[ ?(\d+) 0 R", pdf)[-1])
    text = b"q q BT /F1 40 Tf 72 500 Td (Rp 99.500.000) Tj ET Q"  # in place of a "q"
    return update(pdf, {n: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text)})


def flipped(pdf):
    """One bit of the signed octets is another one: in the middle of a page's content."""
    at = pdf.index(b"stream", pdf.index(b"/FlateDecode")) + 200
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1:]


def copies(signed, folder, first):
    """{name: (path, what it is beside the registered file)}; first: signed by one only."""
    path = lambda name: os.path.join(folder, name)
    data = read(signed)
    gs, qpdf = path("dicetak-ulang.pdf"), path("disimpan-ulang.pdf")
    tool("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite",
         f"-sOutputFile={gs}", signed)
    tool("qpdf", signed, qpdf)
    return {
        "same": (signed, "identical"),
        "saved": (write(path("salinan.pdf"), evidence_again(data)), "same_letter"),
        "flipped": (write(path("rusak.pdf"), flipped(data)), "changed"),
        "painted": (write(path("diubah.pdf"), painted_over(data)), "changed"),
        "first": (first, "other_valid"),
        "printed": (gs, "other"),
        "rewritten": (qpdf, "changed"),  # its message is there, its octets are not
        "text": (write(path("surat.txt"), b"bukan PDF"), "unreadable"),
    }
