#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""What citizens see of registered letters: /d/ID, copies beside it, /scan, and the same for programs."""
import base64
import html
import html.parser
import json
import os
import re
import sqlite3
import struct
import subprocess
import sys
import urllib.parse
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import PERIKSA, Portal, demo, folder, form, main, read  # noqa: E402
from t_browser import CONTRAST, DROP, SOUND, browser  # noqa: E402

import cairo  # noqa: E402
from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.options import Options  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

URL = "https://periksa.contoh.example"
SIGNER = os.path.join(os.path.dirname(PERIKSA), "tests", "signer")
NAMES = ("Budi Santoso", "Siti Aminah")
XSS = "<script>alert(1)</script>&\"'{{subject}}"
D = P = None
ID, CODE, FILES = {}, {}, {}


def tool(*args, fails=False):
    """periksa on the portal's data; its output."""
    r = subprocess.run([PERIKSA, *args], check=False, capture_output=True, text=True,
                       env={**P.env, "PERIKSA_DATA": P.data})
    assert fails or r.returncode == 0, (args, r.returncode, r.stdout, r.stderr)
    return r.stdout.strip()


def draft(name, *more, subject="Undangan rapat koordinasi", signers=NAMES[:1]):
    """A letter; its id, and its code if it has one."""
    args = ["doc", "add", "--number", f"800/{len(ID) + 1}/2026", "--subject", subject,
            "--date", "2026-11-01", "--unit", "Sekretariat", "--agency", "DISKOMINFO", *more]
    for s in signers:
        args += ["--signer", f"KEPALA DINAS|{s}, S.T.|Pembina (IV/a)"]
    words = tool(*args).split()
    ID[name] = words[0]
    CODE[name] = words[-1]


def sign(source, to, *options, names=NAMES[:1]):
    """As the offices' service signs."""
    who = [w for n in names for w in ("--name", n)]
    subprocess.run([SIGNER, "--authority", os.path.join(D, "authority"), *who, *options,
                    source, to], check=True, capture_output=True)


def register(name, *options, names=NAMES[:1]):
    """Issued, stamped, signed and registered."""
    stamped, signed = (os.path.join(D, f"{name}-{w}.pdf") for w in ("stamped", "signed"))
    tool("doc", "issue", ID[name])
    tool("stamp", "--id", ID[name], "--public-url", URL, os.path.join(D, "plain.pdf"), "-o", stamped)
    sign(stamped, signed, *options, names=names)
    tool("doc", "register", ID[name], signed, "--trust", os.path.join(D, "authority", "anchors"),
         "--public-url", URL, "--offline")
    FILES[name] = read(signed)


def wire(portal, data):
    """The report of an upload, as it is kept."""
    i = portal.upload(data).headers["location"].split("/")[-1]
    db = sqlite3.connect(os.path.join(portal.data, "periksa.db"))
    kept = db.execute("SELECT wire FROM report WHERE id = ?", (i,)).fetchone()[0]
    db.close()
    return kept


def found(name, report, verdict, caveat=""):
    """What the night's work found."""
    db = sqlite3.connect(os.path.join(P.data, "periksa.db"))
    with db:
        n = db.execute("UPDATE letter_report SET wire = ? WHERE letter = "
                       "(SELECT seq FROM letter WHERE id = ?)", (report, ID[name])).rowcount
        n += db.execute("UPDATE registration SET verdict = ?, caveat = ? WHERE letter = "
                        "(SELECT seq FROM letter WHERE id = ?)", (verdict, caveat, ID[name])).rowcount
        assert n == 2, n
    db.close()


def fixtures():
    """A letter in each state, and of each visibility."""
    draft("draft")
    draft("issued")
    tool("doc", "issue", ID["issued"])
    draft("active", signers=NAMES)
    register("active", names=NAMES)
    draft("pending")
    register("pending", "--no-evidence")
    draft("doubt")
    register("doubt")
    draft("old")
    register("old")
    tool("doc", "supersede", ID["old"], "--by", ID["active"], "--reason", "Jadwal berubah",
         "--date", "2026-11-05")
    draft("gone")
    register("gone")
    tool("doc", "withdraw", ID["gone"], "--reason", "Salah alamat", "--date", "2026-11-06")
    draft("code", "--visibility", "code", subject="Hal yang dirahasiakan")
    register("code")
    draft("code_gone", "--visibility", "code", subject="Hal yang dirahasiakan")
    register("code_gone")
    tool("doc", "withdraw", ID["code_gone"], "--reason", "Alasan rahasia")
    draft("fact", "--visibility", "fact", subject="Hal yang tidak diumumkan")
    register("fact")
    draft("xss", subject=XSS, signers=["Budi Santoso"])
    register("xss")
    draft("alert")
    register("alert")
    draft("practice")
    register("practice")
    found("alert", wire(P, flipped(FILES["alert"])), "INVALID")
    with Portal(D) as other:  # whose anchors are for practice
        found("practice", wire(other, read(D, "04-asli-b-lta.pdf")), "VALID", "practice")
    tool("doc", "recheck", ID["doubt"], "--trust", os.path.join(D, "anchors"), "--offline",
         fails=True)


def flipped(data):
    """A word of what was signed is another."""
    at = data.index(b"/MediaBox")
    return data[:at] + b"/MediaBux" + data[at + 9:]


class Links(html.parser.HTMLParser):
    """Where a page leads."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.found += [v for k, v in attrs if k in ("href", "src", "action", "formaction")
                       and v and v != "#main"]


def page(name, **headers):
    """GET /d/ID"""
    return P.get("/d/" + ID[name], **headers)


def post(path, fields, **headers):
    """A form without files."""
    return P.ask("POST", path, urllib.parse.urlencode(fields).encode(),
                 {"Content-Type": "application/x-www-form-urlencoded",
                  **{k.replace("_", "-"): v for k, v in headers.items()}})


def copy(name, data, code=None, **headers):
    """A copy beside the letter."""
    body, head = form(data)
    if code is not None:
        mark = head["Content-Type"].split("boundary=")[1]
        part = f'--{mark}\r\nContent-Disposition: form-data; name="code"\r\n\r\n{code}\r\n'
        body = part.encode() + body
    return P.ask("POST", f"/d/{ID[name]}/compare", body,
                 {**head, **{k.replace("_", "-"): v for k, v in headers.items()}})


def photo(data, **headers):
    """A picture to be scanned."""
    body, head = form(data, "foto.png", "photo")
    return P.ask("POST", "/scan", body,
                 {**head, **{k.replace("_", "-"): v for k, v in headers.items()}})


def texts(answer):
    """What a page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", answer.text))


def acts(what):
    """How often something was done, by the log."""
    db = sqlite3.connect(os.path.join(P.data, "periksa.db"))
    n = db.execute("SELECT count(*) FROM act WHERE what = ?", (what,)).fetchone()[0]
    db.close()
    return n


STATES = {  # look, headline in both languages
    "draft": ("plain", "Surat ini belum diterbitkan.", "This letter has not been published."),
    "issued": ("unknown", "Surat ini sudah bernomor, tetapi belum ditandatangani atau belum didaftarkan.",
               "This letter has a number, but was not signed or not registered yet."),
    "active": ("ok", "Surat ini terdaftar dan masih aktif.", "This letter is registered and active."),
    "pending": ("unknown", "Surat ini terdaftar; pemeriksaannya masih menunggu data pencabutan.",
                "This letter is registered; its check still waits for revocation data."),
    "doubt": ("unknown", "Surat ini terdaftar, tetapi pemeriksaan terakhir belum dapat memastikannya.",
              "This letter is registered, but the last check could not confirm it."),
    "alert": ("fail", "Surat ini terdaftar, tetapi berkasnya tidak lagi lolos pemeriksaan.",
              "This letter is registered, but its file no longer passes the checks."),
    "practice": ("unknown", "Surat ini terdaftar, tetapi pemeriksaan terakhir belum dapat memastikannya.",
                 "This letter is registered, but the last check could not confirm it."),
    "old": ("warning", "Surat ini sudah digantikan oleh surat lain.",
            "This letter was superseded by another one."),
    "gone": ("fail", "Surat ini sudah dicabut oleh instansi yang menerbitkannya.",
             "This letter was withdrawn by the agency that issued it."),
    "code": ("plain", "Surat dengan ID ini terdaftar; isinya hanya ditampilkan kepada pemegang kode.",
             "A letter with this ID is registered; its content is shown to those who have its code."),
    "fact": ("ok", "Surat ini terdaftar dan masih aktif.", "This letter is registered and active."),
}


def states():
    """Each state has its words and its colour, in both languages; green only for what is VALID"""
    for name, (look, indonesian, english) in STATES.items():
        for lang, headline in (("id", indonesian), ("en", english)):
            a = P.get(f"/d/{ID[name]}?lang={lang}")
            assert a.status == 200 and a.headline == headline, (name, a.status, a.headline)
            assert f'data-look="{look}"' in a.text, name
            assert a.headers["x-robots-tag"] == "noindex" and 'content="noindex"' in a.text
            assert a.headers["cache-control"] == "no-store"
        assert ID[name] in a.text and "DISKOMINFO" in a.text
        assert "paper" in texts(a)
        assert "set-cookie" not in page(name).headers
    a = texts(page("old"))
    assert "Jadwal berubah" in a and "5 November 2026" in a
    assert f'href="/d/{ID["active"]}"' in page("old").text
    a = texts(page("gone"))
    assert "Salah alamat" in a and "6 November 2026" in a
    assert "Berkas surat yang dicabut tidak lagi diberikan." in a


def told():
    """A draft says nothing; an active letter says all, with the five lines of its last check"""
    a = texts(page("draft"))
    for secret in ("800/", "Undangan", "Budi", "Sekretariat", "SHA-256"):
        assert secret not in a, secret
    a = page("active")
    for fact in ("800/3/2026", "Undangan rapat koordinasi", "1 November 2026", "Sekretariat",
                 "Budi Santoso, S.T.", "Siti Aminah, S.T.", "KEPALA DINAS", "Pembina (IV/a)",
                 "Nama penandatangan", "belum mengalami perubahan", "stempel waktu"):
        assert fact in texts(a), fact
    lines = re.findall(r'<li class="look-(\w+)" data-check="(\w+)">', a.text)
    assert [c for _, c in lines] == ["SIGNER_NAME", "UNCHANGED", "TIMESTAMP", "LTV",
                                     "ISSUER_TRUSTED"], lines
    assert {x for x, _ in lines} == {"ok"}, lines
    found = re.search(r'id="certified">(.*?)</ul>', a.text, re.S).group(1)
    assert found.index(NAMES[0]) < found.index(NAMES[1]) and "S.T." not in found, found
    assert 'data-conclusion="VALID"' in a.text
    assert a.text.index("Budi Santoso") < a.text.index("Siti Aminah")
    want = P.api(FILES["active"]).json["document"]["sha256"]
    found = re.search(r'id="fingerprint">([0-9a-f ]+)<', a.text).group(1)
    assert found.strip().split() == [want[i:i + 4] for i in range(0, 64, 4)]
    assert "menunggu data pencabutan" in texts(page("pending"))
    assert 'data-conclusion="INDETERMINATE"' in page("pending").text
    assert 'data-conclusion="VALID"' in page("practice").text
    assert "jangkar kepercayaan demonstrasi" in texts(page("practice"))
    a = page("alert")
    assert 'data-conclusion="INVALID"' in a.text and "diubah setelah ditandatangani" in texts(a)
    assert "Jangan mengandalkan surat ini" in texts(a)


def same_facts():
    """JSON tells what the page tells, under names that stay"""
    keys = ["schema", "id", "state", "number", "subject", "date", "unit", "agency", "signers",
            "visibility", "code_required", "sha256", "registered_at", "checked_at", "conclusion",
            "pending", "file", "superseded_by", "since", "reason", "url"]
    for name in STATES:
        j = P.get(f"/d/{ID[name]}.json").json
        assert list(j) == keys, (name, list(j))
        assert j == P.get(f"/api/v1/documents/{ID[name]}").json
        assert j == page(name, Accept="application/json").json
        said = texts(page(name))
        for key in ("id", "number", "subject", "unit", "agency", "superseded_by", "reason", "url"):
            assert j[key] is None or j[key] in said, (name, key)
        assert (j["sha256"] is None) == ('id="fingerprint"' not in page(name).text), name
        assert j["url"] == f"{URL}/d/{ID[name]}"
    j = P.get(f"/d/{ID['active']}.json").json
    assert j["state"] == "signed" and j["conclusion"] == "VALID" and j["pending"] is False
    assert [s["name"] for s in j["signers"]] == [n + ", S.T." for n in NAMES]
    assert re.fullmatch(r"2026-\d\d-\d\dT\d\d:\d\d:\d\dZ|20\d\d-.*Z", j["checked_at"])
    j = P.get(f"/d/{ID['pending']}.json").json
    assert j["pending"] is True and j["conclusion"] == "INDETERMINATE"
    j = P.get(f"/d/{ID['old']}.json").json
    assert j["superseded_by"] == ID["active"] and j["since"] == "2026-11-05"
    j = P.get(f"/d/{ID['draft']}.json").json
    assert [k for k in keys if j[k] not in (None, [], False)] == ["schema", "id", "state", "agency", "url"]


def typed():
    """An id as somebody types it leads to the address as it is printed, and nowhere else"""
    i = ID["active"]
    for form_of in (i.lower(), i[:5] + "-" + i[5:], i[:9] + "%20" + i[9:], i.replace("0", "O"),
                    i.replace("1", "l"),
                    i[:4] + "%0d%0a" + i[4:]):
        if form_of == i:
            continue
        for end in ("", ".json", ".pdf"):
            a = P.get(f"/d/{form_of}{end}")
            assert a.status == 308 and a.headers["location"] == f"/d/{i}{end}", (form_of, a.status)
            assert "set-cookie" not in a.headers
    a = P.get(f"/api/v1/documents/{i.lower()}")
    assert a.status == 308 and a.headers["location"] == "/api/v1/documents/" + i
    a = P.get(f"/d/{i.lower()}?lang=en")
    assert a.headers["location"] == f"/d/{i}?lang=en"
    got = P.raw(f"GET /d/{i}%0d%0aX-Evil:%20y HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert b"404" in got.split(b"\r\n")[0] and b"x-evil" not in got.lower().split(b"\r\n\r\n")[0]


def unknown():
    """What is not there, and what can't be, get the same answer: what to do, never why"""
    changed = ID["active"][:-1] + ("Z" if ID["active"][-1] != "Z" else "Y")
    free = "6VJCVQSZ8DTDB7XK8KH8Y8EBCKQ"
    answers = [P.get("/d/" + p) for p in (changed, "x", free, "..%2f..%2fetc", "%00", "a" * 300)]
    assert {a.status for a in answers} == {404}
    assert len({a.body for a in answers}) == 1
    assert "tanyakan kepada instansi" in texts(answers[0])
    for path in ("/api/v1/documents/x", f"/d/{free}.json", f"/api/v1/documents/{free}"):
        a = P.get(path)
        assert a.status == 404 and a.headers["content-type"] == "application/problem+json"
        assert a.json["type"] == "tag:periksa,2026:problem:absent" and a.json["status"] == 404
    assert P.ask("DELETE", "/d/" + free).status == 405
    assert P.ask("POST", f"/d/{ID['active']}.json", b"", {"Content-Length": "0"}).status == 405
    assert P.get(f"/d/{ID['active']}/compare").status == 405


def codes():
    """A code opens a letter for one answer; wrong ones are said, counted, logged and locked"""
    secret = ("dirahasiakan", "Budi", "800/", "SHA-256")
    closed = page("code")
    assert not any(s in texts(closed) for s in secret) and 'name="code"' in closed.text
    a = post(f"/d/{ID['code']}", {"code": CODE["code"]})
    assert a.status == 200 and "dirahasiakan" in texts(a) and 'data-look="ok"' in a.text
    assert "set-cookie" not in a.headers and a.headers["cache-control"] == "no-store"
    assert page("code").body == closed.body
    a = post(f"/d/{ID['code']}", {"code": CODE["code"].lower().replace("-", " ")}, Accept="application/json")
    assert a.json["subject"] == "Hal yang dirahasiakan" and a.json["code_required"] is False
    for path in (f"/d/{ID['code']}.json", f"/api/v1/documents/{ID['code']}"):
        assert P.get(path, Periksa_Code=CODE["code"]).json["sha256"]
        assert P.get(path).json["code_required"] is True and P.get(path).json["number"] is None
    # withdrawn: said without a code, why only with it
    a = page("code_gone")
    assert 'data-look="fail"' in a.text and "Alasan rahasia" not in texts(a)
    assert "Alasan rahasia" in texts(post(f"/d/{ID['code_gone']}", {"code": CODE["code_gone"]}))
    before = acts("code_refused")
    wrong = "0000-0000" if CODE["code"] != "0000-0000" else "1111-1111"
    head = {"X-Forwarded-For": "192.0.2.7"}
    for n in range(5):
        a = post(f"/d/{ID['code']}", {"code": wrong if n % 2 else "x" * 200}, **head)
        assert a.status == 403 and "Kode itu tidak cocok." in texts(a), (n, a.status)
        assert not any(s in texts(a) for s in secret)
    a = post(f"/d/{ID['code']}", {"code": CODE["code"]}, **head)
    assert a.status == 429 and "15 menit" in texts(a) and not any(s in texts(a) for s in secret)
    a = P.get(f"/d/{ID['code']}.json", Periksa_Code=CODE["code"], **head)
    assert a.status == 429 and a.json["type"].endswith("locked") and int(a.headers["retry-after"]) > 0
    assert acts("code_refused") == before + 7, acts("code_refused") - before
    # somebody else's guesses lock nobody out
    assert post(f"/d/{ID['code']}", {"code": CODE["code"]}).status == 200
    a = P.get(f"/d/{ID['code']}.json", Periksa_Code=wrong)
    assert a.status == 403 and a.json["type"] == "tag:periksa,2026:problem:code"


def facts():
    """Fact-only: number, date, unit and state, and nothing else by any way"""
    a = page("fact")
    assert "Instansi hanya mengumumkan" in texts(a) and "1 November 2026" in texts(a)
    for secret in ("tidak diumumkan.", "Hal yang", "Budi", "KEPALA DINAS", "SHA-256", ".pdf"):
        assert secret not in texts(a).replace("berkasnya tidak ditampilkan", ""), secret
    assert P.get(f"/d/{ID['fact']}.pdf").status == 404
    j = P.get(f"/d/{ID['fact']}.json").json
    assert j["subject"] is None and j["signers"] == [] and j["sha256"] is None and j["file"] is None
    assert j["conclusion"] == "VALID" and j["number"]
    a = copy("fact", FILES["fact"], Accept="application/json")
    assert a.json["comparison"] == "nothing", a.json


def file():
    """The file by visibility: shown or saved, HEAD too; with a code by POST; withdrawn never"""
    path = f"/d/{ID['active']}.pdf"
    a = P.get(path)
    assert a.status == 200 and a.body == FILES["active"]
    assert a.headers["content-type"] == "application/pdf"
    assert "content-disposition" not in a.headers and a.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in a.headers["content-security-policy"].split("; ")
    a = P.get(path + "?download=1")
    assert a.headers["content-disposition"] == f"attachment; filename={ID['active']}.pdf"
    a = P.ask("HEAD", path)
    assert a.status == 200 and a.body == b"" and int(a.headers["content-length"]) == len(FILES["active"])
    assert P.get(f"/d/{ID['old']}.pdf").body == FILES["old"]
    for name in ("gone", "draft", "issued", "fact"):
        assert P.get(f"/d/{ID[name]}.pdf").status == 404, name
    path = f"/d/{ID['code']}.pdf"
    a = P.get(path)
    assert a.status == 403 and "%PDF" not in a.text and 'name="code"' in a.text
    a = post(path, {"code": CODE["code"], "download": "1"})
    assert a.status == 200 and a.body == FILES["code"] and "attachment" in a.headers["content-disposition"]
    assert post(path, {"code": "0000-0000"}).status == 403


def compared():
    """A copy beside the registered file: what it is, in a sentence, and what to do"""
    again = os.path.join(D, "again.pdf")
    sign(os.path.join(D, "active-signed.pdf"), again, names=["Agus Pranoto"])
    cases = {"identical": FILES["active"], "same_letter": read(again),
             "changed": flipped(FILES["active"]), "other_valid": FILES["old"],
             "other": read(D, "plain.pdf"), "unreadable": b"hello"}
    rows = len(P.rows())
    for want, data in cases.items():
        a = copy("active", data)
        found = re.search(r'data-comparison="(\w+)"', a.text)
        assert a.status == 200 and found and found.group(1) == want, (want, a.status, found)
        report = re.search(r'href="(/v/\w{26})', a.text).group(1)
        assert P.get(report).status == 200
        assert a.headline == {
            "identical": "Salinan Anda sama persis, bita demi bita, dengan berkas yang terdaftar.",
            "same_letter": "Salinan Anda adalah surat bertanda tangan yang sama, disimpan dengan bita lain; yang ditandatangani tidak berubah.",
            "changed": "Salinan Anda berasal dari surat ini, tetapi diubah setelah ditandatangani.",
            "other_valid": "Salinan Anda bukan berkas yang terdaftar, tetapi tanda tangannya lolos pemeriksaan.",
            "other": "Salinan Anda bukan berkas yang terdaftar, dan keasliannya tidak dapat dipastikan.",
            "unreadable": "Salinan Anda bukan berkas PDF yang dapat dibaca, sehingga tidak dapat dibandingkan.",
        }[want]
    assert len(P.rows()) == rows + len(cases)
    a = copy("active", FILES["active"], Accept="application/json").json
    assert a["comparison"] == "identical" and a["state"] == "signed" and a["report"].endswith(".json")
    a = copy("gone", FILES["gone"])
    assert 'data-comparison="identical"' in a.text and 'data-state="withdrawn"' in a.text
    assert copy("issued", FILES["old"], Accept="application/json").json["comparison"] == "nothing"
    # whether it is the secret letter is a secret, too
    a = copy("code", FILES["code"])
    assert a.status == 403 and "data-comparison" not in a.text and len(P.rows()) == rows + len(cases) + 3
    assert 'data-comparison="identical"' in copy("code", FILES["code"], code=CODE["code"]).text
    assert P.ask("POST", f"/d/{ID['active']}/compare", b"x", {"Content-Type": "text/plain"}).status == 400


def by_another_version():
    """A report that this version can't read: told by its verdict and its day, never greener than it"""
    db = sqlite3.connect(os.path.join(P.data, "periksa.db"))
    kept = db.execute("SELECT wire FROM letter_report WHERE letter = "
                      "(SELECT seq FROM letter WHERE id = ?)", (ID["active"],)).fetchone()[0]
    db.close()
    again = os.path.join(D, "once-more.pdf")
    sign(os.path.join(D, "active-signed.pdf"), again, names=["Agus Pranoto"])
    try:
        for verdict, caveat, look, says in (
                ("VALID", "", "ok", "lolos pemeriksaan"),
                ("VALID", "notes", "warning", "lolos pemeriksaan"),
                ("VALID", "practice", "unknown", "lolos pemeriksaan"),
                ("INDETERMINATE", "", "unknown", "belum dapat dipastikan"),
                ("INVALID", "", "fail", "tidak lolos pemeriksaan")):
            found("active", kept[:7] + b"\x03" + kept[8:], verdict, caveat)
            a = page("active")
            assert a.status == 200 and f'data-look="{look}"' in a.text, (verdict, caveat, a.status)
            assert f'id="verdict" data-conclusion="{verdict}"' in a.text
            assert (look == "ok") == ('class="state look-ok" id="verdict"' in a.text), look
            shown = texts(a)
            assert says in shown and "versi lama portal" in shown and "malam berikutnya" in shown
            assert "stempel waktu" not in shown, "no line of a check that nobody can read"
            j = P.get(f"/d/{ID['active']}.json").json
            assert j["conclusion"] == verdict and j["checked_at"], j
        for want, data in (("identical", FILES["active"]), ("unknown", read(again)),
                           ("other", flipped(FILES["active"]))):
            a = copy("active", data)
            assert a.status == 200 and f'data-comparison="{want}"' in a.text, want
    finally:
        found("active", kept, "VALID")
    assert "versi lama" not in page("active").text


def harmless():
    """Nothing that a letter, a QR or a visitor says becomes markup"""
    a = page("xss")
    assert html.escape(XSS, quote=False).split("{{")[0][:20] in a.text.replace("&#39;", "'")
    assert "<script>alert" not in a.text and XSS in html.unescape(a.text)
    assert Links(a.text).scripts == 1
    for text in (XSS, "https://x.example/" + XSS, "\u202egpj.exe", "javascript:" + XSS):
        a = post("/scan", {"text": text})
        assert a.status == 200 and Links(a.text).scripts == 2 and "<script>alert" not in a.text
        assert "\u202e" not in a.text
        assert all(x.startswith("/") for x in Links(a.text).found), Links(a.text).found
        j = post("/scan", {"text": text}, Accept="application/json")
        assert j.headers["content-type"] == "application/json"
    a = P.get("/scan?id=" + urllib.parse.quote(XSS))
    assert a.status == 400 and "<script>alert" not in a.text and Links(a.text).scripts == 2


def scanned_text():
    """What is typed or read: ours leads to its page, all else is only told"""
    i = ID["active"]
    for text in (i, i.lower(), " ".join(re.findall(".{1,4}", i)), i.replace("0", "o"),
                 f"{URL}/d/{i}", f"http://periksa.contoh.example:8080/d/{i}"):
        a = P.get("/scan?id=" + urllib.parse.quote(text))
        assert a.status == 303 and a.headers["location"] == "/d/" + i, (text, a.status)
    assert P.get(f"/scan?id={i}&lang=en").headers["location"] == f"/d/{i}?lang=en"
    changed = i[:3] + ("0" if i[3] != "0" else "1") + i[4:]
    a = P.get("/scan?id=" + changed)
    assert a.status == 400 and "salah ketik" in texts(a) and f'value="{changed}"' in a.text
    a = P.get("/scan?id=" + i[:-3])
    assert a.status == 400 and "yang Anda ketik 24" in texts(a)
    cases = {
        f"https://evil.example/d/{i}": ("foreign", {"FOREIGN"}),
        f"https://periksa.contoh.example@evil.example/d/{i}": ("foreign", {"FOREIGN", "USER"}),
        f"{URL}.evil.example/d/{i}": ("foreign", {"FOREIGN"}),
        f"https://babelprov-go.id.evil.example/d/{i}": ("foreign", {"FOREIGN", "ALIKE"}),
        "http://192.0.2.1/x": ("foreign", {"FOREIGN", "PLAIN", "NUMBER"}),
        "https://bit.ly/abc": ("foreign", {"FOREIGN", "SHORTENER"}),
        "https://xn--bbelprov-2nf.go.id/": ("foreign", {"FOREIGN", "PUNYCODE"}),
        "https://tte.komdigi.go.id/verifyPDF": ("known", set()),
        f"{URL}/scan": ("foreign", {"FOREIGN"}),
        "tel:+62811": ("strange", set()),
        "Dokumen telah ditandatangani secara elektronik": ("text", set()),
    }
    for text, (kind, reasons) in cases.items():
        a = post("/scan", {"text": text})
        found = re.findall(r'data-find="(\w+)"', a.text)
        assert found == [kind], (text, found)
        assert set(re.findall(r'data-reason="(\w+)"', a.text)) == reasons, (text, a.text)
        assert text in texts(a)
        assert not any("example" in x or "go.id" in x or "bit.ly" in x or x.startswith(("http", "tel"))
                       or "/d/" in x for x in Links(a.text).found), text
        j = post("/scan", {"text": text}, Accept="application/json").json["finds"][0]
        assert j["kind"] == kind and {r["code"] for r in j["reasons"]} == reasons and not j["id"]
    assert "hanya berisi teks; bukan bukti" in texts(post("/scan", {"text": "halo"}))
    a = post("/scan", {"text": "https://sub.domain.example/x"})
    assert "sub.<b>domain.example</b>" in a.text
    j = post("/scan", {"text": f"https://lama.babelprov.go.id/d/{i}"}, Accept="application/json").json
    assert j["finds"][0]["kind"] == "known" and j["finds"][0]["id"] == i


def footer(path, *where):
    """A footer as a picture on white; its octets."""
    tool("footer", *where, "--dpi", "200", "-o", path)
    ink = cairo.ImageSurface.create_from_png(path)
    on = cairo.ImageSurface(cairo.FORMAT_RGB24, ink.get_width() + 80, ink.get_height() + 80)
    c = cairo.Context(on)
    c.set_source_rgb(1, 1, 1)
    c.paint()
    c.set_source_surface(ink, 40, 40)
    c.paint()
    on.write_to_png(path)
    return read(path)


def scanned_photos():
    """A photo or a page: our QR leads to the letter, a foreign one nowhere; bad files are told"""
    own = footer(os.path.join(D, "own.png"), "--id", ID["active"], "--public-url", URL)
    a = photo(own)
    assert a.status == 303 and a.headers["location"] == "/d/" + ID["active"], (a.status, texts(a))
    j = photo(own, Accept="application/json").json
    assert [f["id"] for f in j["finds"]] == [ID["active"]] and j["finds"][0]["kind"] == "own"
    a = photo(FILES["old"])
    assert a.status == 303 and a.headers["location"] == "/d/" + ID["old"], texts(a)
    foreign = footer(os.path.join(D, "foreign.png"), "--url", "https://babelprov-go.id.evil.example/d/1")
    a = photo(foreign)
    assert a.status == 200 and 'data-find="foreign"' in a.text and 'data-reason="ALIKE"' in a.text
    assert all(x.startswith("/") and "/d/" not in x for x in Links(a.text).found)
    assert "babelprov-go.id.<b>evil.example</b>" in a.text

    blank = cairo.ImageSurface(cairo.FORMAT_RGB24, 200, 200)
    blank.write_to_png(os.path.join(D, "blank.png"))
    a = photo(read(D, "blank.png"))
    assert a.status == 200 and "Tidak ada QR" in texts(a)
    assert photo(read(D, "blank.png"), Accept="application/json").json == {"finds": []}

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(bytes(60001 * 100))) + chunk(b"IEND", b"")
    for bad in (bomb, b"\xff\xd8\xff" + bytes(100), b"%PDF-1.7\n", b"GIF89a", b""):
        a = photo(bad)
        assert a.status in (400, 422), (bad[:40], a.status, texts(a))
        assert P.get("/health/live").status == 200
    a = photo(own + bytes(13 << 20))
    assert a.status == 422 and "paling besar 12 MB" in texts(a)
    a = photo(b"GIF89a", Accept="application/json")
    assert a.status == 422 and a.headers["content-type"] == "application/problem+json"
    assert "camera=(self)" in P.get("/scan").headers["permissions-policy"]
    assert "camera=()" in page("active").headers["permissions-policy"]
    assert P.ask("POST", "/scan", b"x", {"Content-Type": "text/plain"}).status == 400


def limits():
    """Whoever guesses ids is slowed down, and costs nobody else anything"""
    with Portal(PERIKSA_RATE="10") as p:
        seen = [p.get("/d/x%d" % n, X_Forwarded_For="192.0.2.9").status for n in range(12)]
        assert seen[:4] == [404] * 4 and seen[-1] == 429, seen
        a = p.get("/d/y", X_Forwarded_For="192.0.2.9")
        assert a.status == 429 and int(a.headers["retry-after"]) > 0
        assert p.get("/d/y", X_Forwarded_For="192.0.2.10").status == 404
        seen = [p.get("/scan?id=x", X_Forwarded_For="192.0.2.9").status for n in range(21)]
        assert seen[0] == 400 and seen[-1] == 429, seen
        # pages of a PDF cost more than a photo
        body, head = form(read(D, "plain.pdf"), "surat.pdf", "photo")
        head["X-Forwarded-For"] = "192.0.2.11"
        seen = [p.ask("POST", "/scan", body, head).status for n in range(3)]
        assert seen[0] != 429 and seen[-1] == 429, seen


def enormous():
    """A few octets that are a picture of 280 million pixels are refused, and not drawn"""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row, packer = bytes(20000 // 8 + 1), zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(14000)) + packer.flush()
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 20000, 14000, 1, 0, 0, 0, 0)) +
            chunk(b"IDAT", data) + chunk(b"IEND", b""))
    assert len(data) < 100000
    assert photo(data).status == 422


# --- in a browser ---

B = None
PAGES = ["/", "/scan"]


def show(path, width=1280):
    """Open a page at a width; its console must stay silent."""
    B.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    B.get_log("browser")
    B.get(f"http://127.0.0.1:{P.port}{path}")


def quiet():
    """Nothing was blocked or failed."""
    said = [e["message"] for e in B.get_log("browser") if not e["message"].startswith("chrome://")]
    assert not said, said


def looked_at():
    """Every page at 320 and 1280 pixels: nothing cut off, names, contrast, both languages"""
    paths = ["/", "/scan", "/d/x", "/scan?id=x", "/scan?id=" + urllib.parse.quote(
        "https://babelprov-go.id.sebuah-nama-yang-panjang-sekali.evil.example/d/" + "0" * 60)]
    paths += ["/d/" + ID[name] for name in STATES]
    for path in paths:
        for lang in ("id", "en"):
            for width in (320, 1280):
                show(path + ("&" if "?" in path else "?") + "lang=" + lang, width)
                over = B.execute_script("""
                    return [...document.querySelectorAll("body *")].filter(e => {
                        const b = e.getBoundingClientRect();
                        return b.width > 1 && b.right > document.documentElement.clientWidth + 0.5;
                    }).map(e => e.outerHTML.slice(0, 80));""")
                assert not over, (path, lang, width, over)
                ready = "return [...document.querySelectorAll('use')].every(e => e.getBBox().width > 0" \
                        " || e.getClientRects().length === 0)"
                WebDriverWait(B, 5).until(lambda d, js=ready: d.execute_script(js))
                assert B.execute_script(SOUND) == [], (path, B.execute_script(SOUND))
                assert B.execute_script(CONTRAST) == [], (path, B.execute_script(CONTRAST))
        if path not in ("/d/x",) and not path.startswith("/scan?id="):
            quiet()


def slow_line():
    """A letter's page, its style, scripts and icons together are less than 100 KB"""
    for path in ("/", "/scan", "/d/" + ID["active"]):
        a = P.get(path)
        size = len(a.body)
        for x in Links(a.text).found:
            if x.startswith("/assets/"):
                size += len(P.get(x).body)
        size += len(P.get("/assets/icons.svg").body)
        assert size < 100 << 10, (path, size)


def dropped():
    """A copy is dropped on the letter's page: the answer stands on top"""
    show(f"/d/{ID['active']}?lang=id")
    B.execute_script(DROP, base64.b64encode(FILES["active"]).decode(), ["surat.pdf"])
    WebDriverWait(B, 20).until(lambda d: d.find_elements(By.ID, "comparison"))
    assert "sama persis" in B.find_element(By.ID, "compared").text
    assert B.execute_script(SOUND) == []
    B.find_element(By.LINK_TEXT, "Laporan lengkap salinan Anda").click()
    WebDriverWait(B, 20).until(lambda d: "/v/" in d.current_url)
    quiet()


def by_code():
    """The code is typed, the content shown, a copy compared with the code that was right"""
    show(f"/d/{ID['code']}?lang=id")
    B.find_element(By.ID, "code").send_keys(CODE["code"])
    B.find_element(By.CSS_SELECTOR, "form.line button").click()
    WebDriverWait(B, 20).until(lambda d: d.find_elements(By.ID, "fingerprint"))
    B.execute_script(DROP, base64.b64encode(FILES["code"]).decode(), ["surat.pdf"])
    WebDriverWait(B, 20).until(lambda d: d.find_elements(By.ID, "comparison"))
    assert "sama persis" in B.find_element(By.ID, "compared").text
    assert B.execute_script(SOUND) == []
    quiet()


def without_script():
    """Without JavaScript: an id from the first page to its letter, and a copy beside it"""
    b = browser(script=False)
    try:
        b.get(f"http://127.0.0.1:{P.port}/?lang=id")
        b.find_element(By.ID, "id").send_keys(ID["active"].lower())
        b.find_element(By.CSS_SELECTOR, ".box button").click()
        WebDriverWait(b, 10).until(lambda d: d.current_url.endswith("/d/" + ID["active"]))
        assert not b.find_elements(By.CSS_SELECTOR, ".js")
        b.find_element(By.ID, "file").send_keys(os.path.join(D, "active-signed.pdf"))
        b.find_element(By.CSS_SELECTOR, "#upload button[type=submit]").click()
        WebDriverWait(b, 20).until(lambda d: d.find_elements(By.ID, "comparison"))
        b.get(f"http://127.0.0.1:{P.port}/scan?lang=id")
        assert not b.find_element(By.ID, "camera").is_displayed()
        b.find_element(By.ID, "photo").send_keys(os.path.join(D, "own.png"))
        b.find_element(By.XPATH, "//button[text()='Baca QR']").click()
        WebDriverWait(b, 20).until(lambda d: d.current_url.endswith("/d/" + ID["active"]))
    finally:
        b.quit()


def video(png, path):
    """A picture as a film for a camera that is none: Y4M, 1280 x 720."""
    wide, high = 1280, 720
    ink = cairo.ImageSurface.create_from_png(png)
    on = cairo.ImageSurface(cairo.FORMAT_RGB24, wide, high)
    c = cairo.Context(on)
    c.set_source_rgb(1, 1, 1)
    c.paint()
    scale = min(wide / ink.get_width(), high / ink.get_height())
    c.scale(scale, scale)
    c.set_source_surface(ink, 0, 0)
    c.paint()
    on.flush()
    data, stride = bytes(on.get_data()), on.get_stride()
    luma = b"".join(data[y * stride + 1:y * stride + 4 * wide:4] for y in range(high))
    with open(path, "wb") as f:
        f.write(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (wide, high))
        for _ in range(10):
            f.write(b"FRAME\n" + luma + b"\x80" * (wide * high // 2))


def filmed(film, allow=True):
    """A browser whose camera shows this film."""
    o = Options()
    for a in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
              "--window-size=1280,900", "--use-fake-device-for-media-stream",
              f"--user-data-dir={folder()}", *([f"--use-file-for-fake-video-capture={film}"] if film else []),
              *(["--use-fake-ui-for-media-stream"] if allow else ["--deny-permission-prompts"])):
        o.add_argument(a)
    o.binary_location = "/usr/bin/chromium"
    o.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=o)


def camera():
    """The camera reads our QR: its letter is shown, and opened by who presses the button"""
    film = os.path.join(D, "own.y4m")
    video(os.path.join(D, "own.png"), film)
    b = filmed(film)
    try:
        b.get(f"http://127.0.0.1:{P.port}/scan?lang=en")
        b.find_element(By.ID, "camera-start").click()
        WebDriverWait(b, 20).until(lambda d: d.find_element(By.ID, "camera-found").is_displayed())
        assert b.find_element(By.ID, "camera-id").text == ID["active"]
        assert not b.find_element(By.ID, "camera-video").is_displayed(), "the camera is off"
        assert b.current_url.endswith("/scan?lang=en"), "nothing is opened by itself"
        b.find_element(By.ID, "camera-open").click()
        WebDriverWait(b, 10).until(lambda d: d.current_url.endswith(f"/d/{ID['active']}?lang=en"))
        said = [e["message"] for e in b.get_log("browser") if not e["message"].startswith("chrome://")]
        assert not said, said
    finally:
        b.quit()
    film = os.path.join(D, "foreign.y4m")
    video(os.path.join(D, "foreign.png"), film)
    b = filmed(film)
    try:
        b.get(f"http://127.0.0.1:{P.port}/scan?lang=id")
        b.find_element(By.ID, "camera-start").click()
        WebDriverWait(b, 20).until(lambda d: d.find_element(By.ID, "camera-found").is_displayed())
        found = b.find_element(By.ID, "camera-found")
        assert found.get_attribute("data-find") == "foreign" and "evil.example" in found.text
        assert not b.find_element(By.ID, "camera-link").is_displayed()
        assert not [a for a in found.find_elements(By.TAG_NAME, "a") if "/d/" in a.get_attribute("href")]
    finally:
        b.quit()


def camera_off():
    """A camera that sees no QR looks on, until it is stopped"""
    film = os.path.join(D, "blank.y4m")
    video(os.path.join(D, "blank.png"), film)
    b = filmed(film)
    try:
        b.get(f"http://127.0.0.1:{P.port}/scan?lang=id")
        b.find_element(By.ID, "camera-start").click()
        WebDriverWait(b, 10).until(lambda d: d.find_element(By.ID, "camera-video").is_displayed())
        assert b.find_element(By.ID, "camera-status").text == "Mencari QR."
        live = "return document.getElementById('camera-video').srcObject"
        WebDriverWait(b, 10).until(lambda d: d.execute_script(
            "return performance.getEntriesByType('resource').filter(e => e.name.includes('/scan?') ||"
            " e.name.endsWith('/scan')).length") >= 2)
        assert b.execute_script(live) is not None
        b.find_element(By.ID, "camera-stop").click()
        assert not b.find_element(By.ID, "camera-video").is_displayed()
        assert b.execute_script(live) is None
    finally:
        b.quit()


def no_camera():
    """A camera that is refused: said, and the other ways stay"""
    b = filmed(None, allow=False)
    try:
        b.get(f"http://127.0.0.1:{P.port}/scan?lang=id")
        b.find_element(By.ID, "camera-start").click()
        WebDriverWait(b, 20).until(lambda d: "memilih foto" in d.find_element(By.ID, "camera-status").text)
        assert b.find_element(By.ID, "photo").is_displayed()
    finally:
        b.quit()


def printed():
    """On paper the state stays, and forms and buttons go"""
    show("/d/" + ID["active"])
    B.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert B.find_element(By.ID, "headline").is_displayed()
        assert B.find_element(By.ID, "fingerprint").is_displayed()
        assert not B.find_element(By.ID, "upload").is_displayed()
    finally:
        B.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


if __name__ == "__main__":
    D = demo()
    os.rename(os.path.join(D, "10-tanpa-tanda-tangan.pdf"), os.path.join(D, "plain.pdf"))
    subprocess.run([SIGNER, "--authority", os.path.join(D, "authority")], check=True)
    P = Portal(PERIKSA_PUBLIC_URL=URL)
    P.args += ["--trust", os.path.join(D, "authority", "anchors")]
    with P:
        fixtures()
        B = browser()
        try:
            main([states, told, same_facts, typed, unknown, codes, facts, file, compared,
                  by_another_version, harmless,
                  scanned_text, scanned_photos, enormous, limits, looked_at, slow_line, dropped, by_code,
                  without_script, camera, camera_off, no_camera, printed])
        finally:
            B.quit()
