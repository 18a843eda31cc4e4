#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""What staff do with letters: drafts, paper, stamps, registering, many at once; and what they may not."""
import concurrent.futures
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from person import Person, csrf  # noqa: E402
from portal import PERIKSA, Portal, demo, folder, form, main, read  # noqa: E402
from t_browser import CONTRAST, SOUND, browser  # noqa: E402

from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

URL = "https://periksa.contoh.example"
SIGNER = os.path.join(os.path.dirname(PERIKSA), "tests", "signer")
PDF = "application/pdf"
D = P = B = None
SARI = RATNA = TONO = AMAN = None  # staff, staff of another agency, auditor, admin
LETTER = {"number": "800/1/DISKOM/2026", "subject": "Undangan rapat koordinasi",
          "date": "2026-11-21", "unit": "Bidang Aptika", "visibility": "public",
          "title": ["KEPALA DINAS KOMUNIKASI DAN INFORMATIKA"], "name": ["Dr. Budi Santoso, S.T."],
          "rank": ["Pembina (IV/a)"]}


# --- helpers ---

def sql(query, *args):
    """Rows of the portal's database."""
    with contextlib.closing(sqlite3.connect(os.path.join(P.data, "periksa.db"), timeout=10)) as db:
        return db.execute(query, args).fetchall()


def acts(what):
    """How often something was done."""
    return sql("SELECT count(*) FROM act WHERE what = ?", what)[0][0]


def draft(who=None, **more):
    """A draft; where it is."""
    a = (who or SARI).post("/staff/letters/new", {**LETTER, **more}, page="/staff/letters/new")
    assert a.status == 303, (a.status, a.headline, a.text)
    assert a.headers["location"].endswith("?said=drafted"), a.headers
    return a.headers["location"].split("?")[0]


def deed(path, what, who=None, **fields):
    """A button of a letter's page."""
    return (who or SARI).post(f"{path}/{what}", fields, page=path)


def issued(who=None, **more):
    """A letter that is issued."""
    path = draft(who, **more)
    assert deed(path, "issue", who).status == 303
    return path


def state(path, who=None):
    """As its page says."""
    return re.search(r'id="state" data-state="(\w+)"', (who or SARI).get(path).text).group(1)


def upload(path, data, who=None, page=None, field="file", **fields):
    """A file to a page that takes one."""
    return (who or SARI).send(path, fields, [(field, "surat.pdf", PDF, data)], page or path)


def stamped(path, data=None, who=None, **fields):
    """The letter's PDF with its footer on it."""
    a = upload(path + "/stamp", data or read(D, "plain.pdf"), who, wording="", logo="1",
               **{"pages": "all", **fields})
    assert a.status == 303, (a.status, problems(a), a.text)
    a = (who or SARI).get(a.headers["location"])
    assert a.status == 200 and a.headline == "PDF sudah dicap", (a.status, a.headline)
    link = re.search(r'href="(/staff/stamped/[^"]*/download)"', a.text).group(1)
    a = (who or SARI).get(link)
    assert a.status == 200 and a.headers["content-type"] == PDF
    return a.body


def sign(data, *options, names=("Budi Santoso",)):
    """As the offices' service signs."""
    there, back = os.path.join(D, "in.pdf"), os.path.join(D, "out.pdf")
    with open(there, "wb") as f:
        f.write(data)
    who = [w for n in names for w in ("--name", n)]
    subprocess.run([SIGNER, "--authority", os.path.join(D, "authority"), *who, *options,
                    there, back], check=True, capture_output=True)
    return read(back)


def problems(a):
    """What a page says is wrong."""
    top = re.search(r'id="problems".*?</ul>', a.text, re.S)
    return re.findall(r"<li>(.*?)</li>", top.group(0)) if top else []


def items(a):
    """What differs, at registering."""
    return re.findall(r'data-item="(\w+)"', a.text)


def text_of(data):
    """What a PDF says."""
    path = os.path.join(D, "text.pdf")
    with open(path, "wb") as f:
        f.write(data)
    return subprocess.run(["pdftotext", "-layout", path, "-"], check=True,
                          capture_output=True).stdout.decode()


# --- letters ---

def written_down():
    """A draft: what is wrong stands at its field and on top, what was typed is kept"""
    bad = {**LETTER, "number": "", "date": "2026-02-30", "name": [""], "subject": "<b>&\"'"}
    a = SARI.post("/staff/letters/new", bad, page="/staff/letters/new")
    assert a.status == 400
    found = problems(a)
    assert [re.search(r'href="#(\w+)"', x).group(1) for x in found] == ["number", "date", "signers"]
    assert 'id="number-error"' in a.text and 'aria-describedby="date-error"' in a.text
    assert 'value="&lt;b&gt;&amp;&quot;' in a.text and "<b>&" not in a.text
    assert 'value="KEPALA DINAS KOMUNIKASI DAN INFORMATIKA"' in a.text
    before = sql("SELECT count(*) FROM letter")
    a = SARI.post("/staff/letters/new", {**LETTER, "visibility": "none"}, page="/staff/letters/new")
    assert a.status == 400 and sql("SELECT count(*) FROM letter") == before
    path = draft()
    a = SARI.get(path + "?said=drafted")
    ident = path.rsplit("/", 1)[1]
    assert "Konsep tersimpan." in a.text and state(path) == "draft"
    groups = " ".join(ident[i:i + 4] for i in range(0, 27, 4))
    assert f'id="letter-id">{groups}<' in a.text, "the id in groups"
    assert f"{URL}/d/{ident}" in a.text and "sari" in a.text.split('id="events"')[1]
    a = SARI.get(path + "/edit")
    assert a.status == 200 and 'value="Dr. Budi Santoso, S.T."' in a.text
    a = SARI.post(path + "/edit", {**LETTER, "subject": "Undangan, diubah"}, page=path + "/edit")
    assert a.status == 303 and a.headers["location"] == path + "?said=edited"
    a = SARI.get(path)
    assert "Undangan, diubah" in a.headline and a.text.count('class="step"') == 2
    assert deed(path, "issue").status == 303 and state(path) == "issued"
    assert SARI.get(path + "/edit").status == 409
    assert SARI.post(path + "/edit", LETTER, page=path).status == 409


def told_once():
    """A letter with a code: it is told once, and nowhere after"""
    a = SARI.post("/staff/letters/new", {**LETTER, "visibility": "code"}, page="/staff/letters/new")
    code = re.search(r'id="code">([0-9A-Z-]{9})<', a.text).group(1)
    path = re.search(r'href="(/staff/letters/[0-9A-Z]{27})"', a.text).group(1)
    assert a.status == 200
    assert code not in SARI.get(path).text and code not in SARI.get(path + "/edit").text
    a = P.ask("POST", "/d/" + path.rsplit("/", 1)[1], "code=" + code,
              {"Content-Type": "application/x-www-form-urlencoded"})
    assert a.status == 200, a.status


def told_aside():
    """Codes are made beside a worker's other visitors, who do not wait for them"""
    token, slowest, going = SARI.token("/staff/letters/new"), [0.0], [True]
    fields = {**LETTER, "visibility": "code", "csrf": token}
    def visit():
        while going[0]:
            began = time.monotonic()
            assert P.get("/health/live").status == 200
            slowest[0] = max(slowest[0], time.monotonic() - began)
            time.sleep(0.01)
    visitor = threading.Thread(target=visit)
    visitor.start()
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(24) as many_at_once:
        found = list(many_at_once.map(lambda _: SARI.post("/staff/letters/new", fields), range(24)))
    took = time.monotonic() - began
    going[0] = False
    visitor.join()
    codes = {re.search(r'id="code">([0-9A-Z-]{9})<', a.text).group(1) for a in found}
    assert len(codes) == 24, [a.status for a in found]
    assert slowest[0] < took / 2, (slowest[0], took)


def found_again():
    """The list: words, state, dates, pages, and what the dashboard counts"""
    for i in range(30):
        draft(number=f"900/{i}/CARI", subject=f"Surat keterangan ke-{i}", date=f"2026-05-{i % 28 + 1:02d}")
    def numbers(a):
        return re.findall(r"<bdi>(900/\d+/CARI)</bdi>", a.text)
    def count(a):
        return int(re.search(r'id="count".*?<b>(\d+)</b>', a.text).group(1))
    a = SARI.get("/staff/letters?q=CARI")
    assert len(numbers(a)) == 25 and count(a) == 30 and numbers(a)[0] == "900/29/CARI"
    more = re.search(r'id="next"[^>]*href="([^"]*)"', a.text).group(1).replace("&amp;", "&")
    assert "q=CARI" in more
    b = SARI.get(more)
    assert len(numbers(b)) == 5 and count(b) == 30 and not set(numbers(a)) & set(numbers(b))
    assert 'id="next"' not in b.text
    back = re.search(r'id="previous"[^>]*href="([^"]*)"', b.text).group(1).replace("&amp;", "&")
    assert numbers(SARI.get(back)) == numbers(a) and 'id="previous"' not in a.text
    draft(number="900/30/CARI", unit="Sekretariat Umum")
    draft(number="900/31/CARI")
    third = re.search(r'id="next"[^>]*href="([^"]*)"', SARI.get("/staff/letters?q=CARI").text)
    b = SARI.get(third.group(1).replace("&amp;", "&"))
    assert numbers(b) == [f"900/{i}/CARI" for i in range(6, -1, -1)]
    a = SARI.get("/staff/letters?unit=sekretariat+um")
    assert numbers(a) == ["900/30/CARI"] and 'value="sekretariat um"' in a.text
    a = SARI.get("/staff/letters?q=CARI&since=2026-05-03&until=2026-05-05")
    assert sorted(numbers(a)) == ["900/2/CARI", "900/3/CARI", "900/4/CARI"], numbers(a)
    assert count(SARI.get("/staff/letters?q=CARI&state=issued")) == 0
    assert "Tidak ada surat yang cocok." in SARI.get("/staff/letters?q=nihil").text
    a = SARI.get("/staff/letters?since=2026-02-31")
    assert a.status == 200 and problems(a), "no such day"
    assert SARI.get("/staff/letters?before=xyz").status == 200
    a = SARI.get("/staff")
    drafts = int(re.search(r'data-state="draft">(\d+)<', a.text).group(1))
    assert drafts == count(SARI.get("/staff/letters?state=draft")) >= 30


def ended():
    """Superseded and withdrawn: day and reason are asked, and told; a wrong successor is refused"""
    old, new = issued(subject="Lama"), issued(subject="Baru")
    ident = new.rsplit("/", 1)[1]
    a = deed(old, "supersede", successor="xyz", **{"from": "", "reason": ""})
    assert a.status == 400 and len(problems(a)) == 3 and 'value="xyz"' in a.text
    own = old.rsplit("/", 1)[1]
    a = deed(old, "supersede", successor=own, **{"from": "2026-11-21", "reason": "Salah"})
    assert a.status == 409 and "successor-error" in a.text and 'value="Salah"' in a.text
    typed = " ".join(re.findall("....?", ident.lower()))
    a = deed(old, "supersede", successor=typed, **{"from": "2026-11-21", "reason": "Jadwal berubah"})
    assert a.status == 303 and state(old) == "superseded", problems(a)
    assert f'href="/staff/letters/{ident}"' in SARI.get(old).text
    assert deed(old, "withdraw", **{"from": "2026-11-21", "reason": "x"}).status == 409
    a = deed(new, "withdraw", **{"from": "2026-11-22", "reason": ""})
    assert a.status == 400 and problems(a)
    a = deed(new, "withdraw", **{"from": "2026-11-22", "reason": "Salah alamat"})
    assert a.status == 303 and state(new) == "withdrawn"
    a = SARI.get(new)
    assert "Salah alamat" in a.text and "22 November 2026" in a.text


# --- paper ---

def printed():
    """Footer and specimen of a letter: each format, its name, its choice; refusals in words"""
    path = draft(subject="Cetak")
    ident = path.rsplit("/", 1)[1]
    a = SARI.get(path + "/print")
    assert a.status == 200 and "Gambar ini bukan tanda tangan" in a.text
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF-"}
    for kind, query in (("footer", ""), ("specimen", "n=1")):
        for ext, begins in start.items():
            a = SARI.get(f"{path}/{kind}.{ext}?{query}")
            assert a.status == 200 and a.body.startswith(begins), (kind, ext, a.status, a.body[:20])
            assert f"{ident}.{ext}" in a.headers["content-disposition"]
            assert a.headers["content-disposition"].startswith("attachment; ")
            assert a.headers["cache-control"] == "no-store"
    wide = [int.from_bytes(SARI.get(f"{path}/footer.png?dpi={d}").body[16:20], "big")
            for d in (300, 600)]
    assert abs(wide[1] - 2 * wide[0]) <= 2, wide
    a = SARI.get(f"{path}/footer.png?show=1")
    assert "content-disposition" not in a.headers and a.headers["content-type"] == "image/png"
    say = text_of(SARI.get(f"{path}/footer.pdf?wording=F2&logo=0").body)
    assert "BSSN." in say and f"{URL}/d/" in "".join(say.split()), say
    assert SARI.get(f"{path}/specimen.png?n=2").status == 404
    assert SARI.get(f"{path}/specimen.png?n=1&model=footer").status == 404
    assert SARI.get(f"{path}/footer.png?wording=F99").status == 404
    two = (SARI.get(f"{path}/specimen.pdf?n=1"), SARI.get(f"{path}/specimen.pdf?n=1&model=specimen-bsre"))
    assert "KEPALA DINAS" in text_of(two[0].body) and text_of(two[0].body) != text_of(two[1].body)
    for lang, wanted, other in (("id", "Kota Banjarmasin dan lain-lain", "and others"),
                                ("en", "Kota Banjarmasin and others", "dan lain-lain")):
        a = SARI.get(f"{path}/print?lang={lang}")
        assert a.status == 200 and wanted in a.text and other not in a.text, lang
    SARI.get(f"{path}/print?lang=id")


def printed_at_once():
    """Without a letter: footer and specimen; the preview is nobody else's"""
    a = SARI.post("/staff/footer", {"target": "not an address", "wording": ""}, page="/staff/footer")
    assert a.status == 400 and 'id="target-error"' in a.text and 'value="not an address"' in a.text
    fields = {"target": "https://contoh.example/surat/1", "wording": "F12", "give": "preview"}
    a = SARI.post("/staff/footer", fields, page="/staff/footer")
    seen = re.search(r'src="(/staff/footer/preview[^"]*)"', a.text).group(1)
    assert SARI.get(seen).body.startswith(b"\x89PNG")
    assert RATNA.get(seen).status == 404 and AMAN.get(seen).status == 404
    assert P.get(seen).status == 303, "not signed in"
    a = SARI.post("/staff/footer", {**fields, "give": "pdf"}, page="/staff/footer")
    assert "Sesuai dengan ketentuan" in text_of(a.body)
    a = SARI.post("/staff/footer", {**fields, "target": "https://contoh.example/" + "x" * 300},
                  page="/staff/footer")
    assert a.status == 422 and "terlalu panjang" in a.text
    a = SARI.post("/staff/specimen", {"title": "", "name": "Siti"}, page="/staff/specimen")
    assert a.status == 400 and 'value="Siti"' in a.text
    a = SARI.post("/staff/specimen", {"title": "Kepala Bagian", "name": "Siti Aminah", "rank": "",
                                      "give": "svg"}, page="/staff/specimen")
    assert a.status == 200 and a.headers["content-disposition"] == "attachment; filename=specimen.svg"


def stamped_pages():
    """The footer on a PDF: which pages, told on the page before the download, for its session only"""
    path = draft(subject="Cap")
    ident = path.rsplit("/", 1)[1]
    plain = read(D, "plain.pdf")
    data = stamped(path)
    say = "".join(text_of(data).split())
    assert ident in say and f"{URL}/d/{ident}" in say
    first = "".join(text_of(plain).split())[:40]
    assert first in say, "what it said, it still says"
    for pages, fields in (("first", {}), ("last", {}), ("range", {"from": "1", "to": "1"})):
        assert stamped(path, pages=pages, **fields)
    a = upload(path + "/stamp", plain, pages="range", **{"from": "3", "to": "1"})
    assert a.status == 400 and "halaman awal dan akhir" in a.text and 'value="3"' in a.text
    a = upload(path + "/stamp", plain, pages="range", **{"from": "900", "to": "900"})
    assert a.status == 422 and "Halaman itu tidak ada" in a.text
    a = SARI.send(path + "/stamp", {"pages": "all"}, [], path + "/stamp")
    assert a.status == 400 and "Pilih berkas PDF" in a.text
    a = upload(path + "/stamp", plain, pages="all")
    where = a.headers["location"]
    assert SARI.get(where).status == 200
    assert SARI.get(where + "/view").body.startswith(b"%PDF-")
    head = P.ask("HEAD", where + "/view", headers=SARI.head())
    assert head.status == 200 and head.body == b""
    for who in (RATNA, AMAN):
        for end in ("", "/download", "/view"):
            assert who.get(where + end).status == 404, (who.name, end)
    other = where[:-1] + ("X" if where[-1] != "X" else "Y")  # an id may end in either
    assert SARI.get(other).status == 404 and SARI.get(where + "/x").status == 404
    holes = [os.path.join(P.data, "batch", n, "file") for n in os.listdir(os.path.join(P.data, "batch"))
             if n.startswith("new.")]
    for path in holes:
        os.utime(path, (time.time() - 901,) * 2)
    assert SARI.get(where).status == 404, "a quarter of an hour, no longer"
    assert len([p for p in holes if os.path.exists(p)]) == len(holes) - 1, "and it is gone"
    a = upload("/staff/stamp", plain, target=ident, pages="all")
    assert a.status == 303 and SARI.get(a.headers["location"]).status == 200
    # what else lies in a pigeonhole of this session is no stamped file
    SARI.post("/staff/footer", {"target": ident, "wording": "", "give": "preview"}, page="/staff/footer")
    assert SARI.get("/staff/footer/preview").status == 200
    for name in ("footer", "footer/view", "footer/download", "x-1-", "-"):
        assert SARI.get("/staff/stamped/" + name).status == 404, name
    a = upload("/staff/stamp", plain, target="x", pages="all")
    assert a.status == 400 and "target-error" in a.text


def not_stamped():
    """What can't be stamped is refused in words: signed, no PDF, no room"""
    path = draft(subject="Cap")
    a = upload(path + "/stamp", sign(read(D, "plain.pdf")), pages="all")
    assert a.status == 422 and "sudah ditandatangani" in problems(a)[0], problems(a)
    a = upload(path + "/stamp", b"hello", pages="all")
    assert a.status == 422 and problems(a)
    a = upload(path + "/stamp", full_page(), pages="all")
    assert a.status == 422 and "Margin bawah" in problems(a)[0], problems(a)
    assert 'id="bad-pages">' in a.text and " 2" in a.text.split('id="bad-pages">')[1][:60]
    assert deed(path, "issue").status == 303
    assert SARI.get(path + "/stamp").status == 200
    deed(path, "withdraw", **{"from": "2026-11-21", "reason": "x"})
    assert SARI.get(path + "/stamp").status == 409
    assert upload(path + "/stamp", read(D, "plain.pdf"), page=path, pages="all").status == 409


def full_page():
    """Two pages; the second has text down to its end."""
    import cairo  # pylint: disable=import-outside-toplevel
    out = io.BytesIO()
    surface = cairo.PDFSurface(out, 595, 842)
    c = cairo.Context(surface)
    c.set_font_size(10)
    c.move_to(72, 72)
    c.show_text("Halaman pertama")
    c.show_page()
    for y in range(10, 842, 6):
        c.move_to(5, y)
        c.show_text("kata demi kata " * 9)
    c.show_page()
    surface.finish()
    return out.getvalue()


# --- registering ---

def registered():
    """The whole way: draft, stamp, signed elsewhere, registered, seen by citizens"""
    path = draft(subject="Jalan panjang")
    ident = path.rsplit("/", 1)[1]
    data = stamped(path)
    assert SARI.get(path + "/register").status == 409, "not issued yet"
    deed(path, "issue")
    rows = len(P.rows())
    signed = sign(data)
    a = upload(path + "/register", signed)
    assert a.status == 303 and a.headers["location"] == path + "?said=registered", (
        a.status, items(a), a.text[-2500:])
    assert state(path) == "signed" and len(P.rows()) == rows + 1
    a = SARI.get(path)
    assert 'id="verdict" data-conclusion="VALID"' in a.text
    seen = P.get("/d/" + ident)
    assert "masih aktif" in seen.headline and "Jalan panjang" in seen.text
    assert P.get(f"/d/{ident}.pdf").body == signed
    assert upload(path + "/register", signed, page=path).status == 409
    other = issued(subject="Lain")
    a = upload(other + "/register", signed)
    assert a.status == 422 and "known" in items(a) and state(other) == "issued"
    return path


def differs():
    """What differs is told; staff can't overrule it, an admin can with a reason, once more judged"""
    path = issued(subject="Beda")
    plain = read(D, "plain.pdf")
    for data, want in ((b"no pdf", "unreadable"), (plain, "not_signed")):
        a = upload(path + "/register", data)
        assert a.status == 422 and want in items(a), (want, items(a))
        assert 'id="override"' not in a.text and 'id="ask-admin"' not in a.text
    a = upload(path + "/register", plain, AMAN)
    assert 'id="override"' not in a.text, "a verdict is never overruled"
    wrong = sign(plain, names=("Orang Lain",))
    a = upload(path + "/register", wrong)
    assert a.status == 422 and sorted(items(a)) == ["no_mark", "signer_extra", "signer_missing"], items(a)
    assert "Orang Lain" in a.text and 'id="ask-admin"' in a.text and 'id="override"' not in a.text
    flipped = bytearray(sign(plain))
    flipped[200] ^= 1
    a = upload(path + "/register", bytes(flipped), AMAN)
    assert a.status == 422 and 'id="override"' not in a.text, items(a)
    a = upload(path + "/register", wrong, AMAN)
    waiting = re.search(r'name="waiting" value="([0-9a-f]{32})"', a.text).group(1)
    refused = acts("role_refused")
    b = SARI.post(path + "/register", {"waiting": waiting, "reason": "saya mau"}, page=path)
    assert b.status == 403 and acts("role_refused") == refused + 1 and state(path) == "issued"
    second = Person(P, "aman2", role="admin").sign_in()
    b = second.post(path + "/register", {"waiting": waiting, "reason": "coba"}, page=path)
    assert b.status == 400 and state(path) == "issued", "another session's file"
    b = AMAN.post(path + "/register", {"waiting": waiting, "reason": ""}, page=path)
    assert b.status == 400 and waiting in b.text, "a reason is asked for"
    other = issued(subject="Beda juga")
    b = AMAN.post(other + "/register", {"waiting": waiting, "reason": "x"}, page=other)
    assert b.status == 400 and state(other) == "issued", "the file waits for its letter"
    b = AMAN.post(path + "/register", {"waiting": waiting, "reason": "Pejabat berganti nama"}, page=path)
    assert b.status == 303 and state(path) == "signed", (b.status, problems(b))
    a = SARI.get(path)
    assert "Pejabat berganti nama" in a.text and "signer_missing" in a.text
    b = AMAN.post(path + "/register", {"waiting": waiting, "reason": "lagi"}, page=path)
    assert b.status == 409


def pending():
    """A letter that lacks revocation data only waits for it, and the dashboard says so"""
    path = draft(subject="Menunggu")
    data = stamped(path)
    deed(path, "issue")
    a = upload(path + "/register", sign(data, "--no-evidence"))
    assert a.status == 303 and a.headers["location"].endswith("said=pending"), (a.status, items(a))
    a = SARI.get(path)
    assert "Menunggu data pencabutan" in a.text and state(path) == "signed"
    assert int(re.search(r'id="pending">(\d+)<', SARI.get("/staff").text).group(1)) >= 1
    assert path in SARI.get("/staff/letters?only=pending").text


def damaged():
    """A kept file that a disk has changed: never sent, an alert after the night, and mended again"""
    path = draft(subject="Rusak")
    ident = path.rsplit("/", 1)[1]
    data = stamped(path)
    deed(path, "issue")
    signed = sign(data)
    assert upload(path + "/register", signed).status == 303
    name = hashlib.sha256(signed).hexdigest()
    name = os.path.join(P.data, "letters", name[:2], name + ".pdf")
    again = [PERIKSA, "doc", "recheck", ident, "--offline",
             "--trust", os.path.join(D, "authority", "anchors")]
    def night():
        return subprocess.run(again, capture_output=True, text=True, check=False,
                              env={**P.env, "PERIKSA_DATA": P.data})
    for harm in (lambda: os.truncate(name, len(signed) - 1), lambda: os.unlink(name),
                 lambda: open(name, "r+b").write(b"X")):  # pylint: disable=consider-using-with
        harm()
        assert P.get(f"/d/{ident}.pdf").status == 503, "what is no longer that file is not sent"
        assert "masih aktif" in P.get("/d/" + ident).headline, "nobody knows yet"
        out = night()
        assert out.returncode == 2 and "INDETERMINATE, was VALID" in out.stdout, (out.stdout, out.stderr)
        a = P.get("/d/" + ident)
        assert 'data-look="unknown"' in a.text and "hilang atau rusak" in a.text, a.headline
        assert f"/d/{ident}.pdf" not in a.text
        assert P.get(f"/d/{ident}.json").json["conclusion"] == "INDETERMINATE"
        body, head = form(signed)
        assert 'data-comparison="identical"' in P.ask("POST", f"/d/{ident}/compare", body, head).text
        a = SARI.get(path)
        assert "hilang atau rusak" in a.text and "Perlu perhatian" in a.text
        assert path in SARI.get("/staff/letters?only=alerts").text
        with open(name, "wb") as f:
            f.write(signed)
        if os.geteuid() == 0:
            shutil.chown(name, "nobody")
        out = night()
        assert "VALID, was INDETERMINATE" in out.stdout, (out.stdout, out.stderr)
        assert P.get(f"/d/{ident}.pdf").body == signed
        assert path not in SARI.get("/staff/letters?only=alerts").text


# --- who may not ---

def of_others():
    """Another agency's letter is not there, whatever is asked of it, and that is logged"""
    path = issued(subject="Rahasia dinas")
    ident = path.rsplit("/", 1)[1]
    gets = ["", "/edit", "/print", "/footer.png", "/specimen.png?n=1", "/stamp", "/register"]
    before = acts("letter_refused")
    for part in gets:
        a = RATNA.get(path + part)
        assert a.status == 404 and "Rahasia" not in a.text, (part, a.status)
    assert acts("letter_refused") == before + len(gets)
    for part in ("edit", "issue", "supersede", "withdraw"):
        a = RATNA.post(f"{path}/{part}", {**LETTER, "from": "2026-11-21", "reason": "x"})
        assert a.status == 404, (part, a.status)
    for part in ("stamp", "register"):
        assert upload(f"{path}/{part}", read(D, "plain.pdf"), RATNA, page="/staff").status == 404
    assert "Rahasia" not in RATNA.get("/staff/letters?q=Rahasia").text.replace('value="Rahasia"', "")
    own = issued(RATNA)
    a = deed(own, "supersede", RATNA, successor=ident, **{"from": "2026-11-21", "reason": "x"})
    assert a.status == 409 and "successor-error" in a.text
    assert AMAN.get(path).status == 200, "an admin sees all"
    code = sql("SELECT id FROM agency WHERE code = 'DISDIK'")[0][0]
    assert f'<option value="{code}"' in AMAN.get("/staff/letters/new").text
    given = draft(AMAN, agency=str(code), subject="Untuk dinas lain")
    assert RATNA.get(given).status == 200 and SARI.get(given).status == 404
    assert SARI.get(draft(agency=str(code))).status == 200, "staff write for their own"
    a = AMAN.post("/staff/letters/new", {**LETTER, "agency": "999"}, page="/staff/letters/new")
    assert a.status == 400, a.status
    for never in ("0" * 27, "x", ident[:-1], ident + "0", "%2e%2e"):
        assert SARI.get("/staff/letters/" + never).status == 404


def reading_only():
    """An auditor reads every letter and changes none"""
    path = draft(subject="Dibaca saja")
    a = TONO.get(path)
    assert a.status == 200 and "/edit" not in a.text and 'id="issue"' not in a.text
    assert TONO.get(path + "/print").status == 200
    assert TONO.get("/staff/letters").status == 200 and "/staff/letters/new" not in TONO.get("/staff").text
    before = acts("role_refused")
    refused = [TONO.get(path + p).status for p in ("/edit", "/stamp", "/register")]
    refused += [TONO.get(p).status for p in ("/staff/letters/new", "/staff/footer", "/staff/batch")]
    refused += [TONO.post(f"{path}/{p}", {**LETTER, "from": "2026-11-21", "reason": "x"}).status
                for p in ("edit", "issue", "supersede", "withdraw")]
    refused.append(TONO.post("/staff/letters/new", LETTER).status)
    assert set(refused) == {403} and acts("role_refused") == before + len(refused), refused
    assert state(path) == "draft"


def forged():
    """A form without this session's token changes nothing"""
    path = draft(subject="Palsu")
    before = acts("csrf_refused")
    for token in ("", csrf(RATNA.get("/staff/account"))):
        assert SARI.post(path + "/issue", {"csrf": token}).status == 403
        assert SARI.post("/staff/letters/new", {**LETTER, "csrf": token}).status == 403
        a = SARI.send(path + "/stamp", {"csrf": token}, [("file", "a.pdf", PDF, read(D, "plain.pdf"))])
        assert a.status == 403
    assert acts("csrf_refused") == before + 6 and state(path) == "draft"


# --- many at once ---

HEAD = "nomor;perihal;tanggal;unit;penandatangan1;berkas"


def order(csv, kind="footers", files=(), who=None, **fields):
    """An order; the answer."""
    return (who or SARI).send("/staff/batch", {"kind": kind, "format": "png300", **fields},
                              [("csv", "surat.csv", "text/csv", csv.encode()),
                               *(("files", n, PDF, d) for n, d in files)], "/staff/batch")


def done(where, who=None, seconds=60):
    """Wait for an order; what it said on the way, and its zip."""
    said = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        said.append(json.loads((who or SARI).get(where + ".json").text))
        if said[-1]["over"]:
            break
        time.sleep(0.05)
    assert said[-1]["over"], said[-1]
    a = (who or SARI).get(where + "/zip")
    assert a.status == 200 and a.headers["content-type"] == "application/zip", a.status
    return said, zipfile.ZipFile(io.BytesIO(a.body))


def many():
    """A CSV of 20 letters: its progress, its zip, its report; nobody else's"""
    rows = [f"700/{i}/B;Surat ke-{i};2026-11-21;Sekretariat;KEPALA DINAS|Budi Santoso, S.T.|Pembina (IV/a);"
            for i in range(20)]
    rows[7] = rows[7].replace("2026-11-21", "2026-02-31")
    a = order("\n".join([HEAD, *rows]))
    assert a.status == 303 and a.headers["location"].endswith("?said=ordered"), (a.status, problems(a))
    where = a.headers["location"].split("?")[0]
    a = SARI.get(where)
    assert a.status == 200 and 'max="20"' in a.text
    said, made = done(where)
    assert said[-1] == {"state": "done", "total": 20, "done": 19, "failed": 1, "over": True}, said[-1]
    steps = [s["done"] + s["failed"] for s in said]
    assert steps == sorted(steps)
    pictures = [n for n in made.namelist() if n.endswith(".png")]
    assert len(pictures) == 19 and made.read(pictures[0]).startswith(b"\x89PNG")
    assert "laporan.csv" in made.namelist()
    a = SARI.get(where)
    assert 'id="zip"' in a.text and "laporan.csv" in a.text and "http-equiv" not in a.text
    assert where in SARI.get("/staff/batch").text and where in SARI.get("/staff").text
    for end in ("", ".json", "/zip"):
        assert RATNA.get(where + end).status == 404 and AMAN.get(where + end).status == 200, end
    assert SARI.get("/staff/batch/" + "0" * 26).status == 404
    assert SARI.get(where + "/in.csv").status == 404


def many_stamped():
    """Letters with their PDFs; one that did not come is told, the others are stamped"""
    rows = [f"701/{i}/B;Surat ke-{i};2026-11-21;Sekretariat;KEPALA DINAS|Budi Santoso, S.T.|;surat {i}.pdf"
            for i in range(3)]
    files = [(f"surat {i}.pdf", read(D, "plain.pdf")) for i in range(2)]
    a = order("\n".join([HEAD, *rows]), "stamped", files, pages="last", wording="F5")
    assert a.status == 303, problems(a)
    said, made = done(a.headers["location"].split("?")[0])
    assert (said[-1]["done"], said[-1]["failed"]) == (2, 1), said[-1]
    pdfs = [n for n in made.namelist() if n.endswith(".pdf")]
    text = text_of(made.read(pdfs[0]))
    assert len(pdfs) == 2 and URL in "".join(text.split()) and "komdigi" in text


def not_ordered():
    """A CSV that can't be used is refused at once, with its reason; so is an order without files"""
    there = os.listdir(os.path.join(P.data, "batch"))
    a = order("nomor;apa\n1;2")
    assert a.status == 400 and "apa" in re.search(r'id="fault">(.*?)</p>', a.text).group(1), a.text
    assert order("").status == 400
    a = SARI.send("/staff/batch", {"kind": "footers", "format": "png300"}, [], "/staff/batch")
    assert a.status == 400 and "csv-error" in a.text
    a = order(HEAD + "\n1;2;2026-11-21;u;A|B|;x.pdf", "stamped")
    assert a.status == 400 and "files-error" in a.text
    a = order(HEAD + "\n1;2;2026-11-21;u;A|B|;", format="gif")
    assert a.status == 400
    assert order(HEAD + "\n1;2;2026-11-21;u;A|B|;", wording="F0").status == 400
    a = order(HEAD + "\n1;2;2026-11-21;u;A|B|;x.pdf", "stamped", pages="range", **{"from": "3", "to": "2"})
    assert a.status == 400 and 'value="3"' in a.text
    assert os.listdir(os.path.join(P.data, "batch")) == there, "nothing is left of them"
    a = SARI.get("/staff/batch/template.csv")
    assert a.body.startswith(b"\xef\xbb\xbfid;nomor;") and "attachment" in a.headers["content-disposition"]
    said, made = done(order(a.body.decode("utf-8")).headers["location"].split("?")[0])
    assert said[-1]["done"] == 1 and made, "the example is one"


# --- the dashboard ---

def alerted():
    """A letter whose file is no longer found genuine stands first on the dashboard"""
    path = draft(subject="Berubah hasilnya")
    data = stamped(path)
    deed(path, "issue")
    assert upload(path + "/register", sign(data)).status == 303
    assert 'id="alerts"' not in SARI.get("/staff").text
    subprocess.run([PERIKSA, "doc", "recheck", path.rsplit("/", 1)[1], "--offline", "--trust",
                    os.path.join(D, "anchors")], check=False, capture_output=True,
                   env={**P.env, "PERIKSA_DATA": P.data})
    page = SARI.get("/staff").text
    assert path in re.search(r'id="alerts">(.*?)</ul>', page, re.S).group(1)
    assert page.index('id="alerts"') < page.index('id="states"')
    a = SARI.get(path)
    assert "Perlu perhatian" in a.text and 'data-conclusion="INDETERMINATE"' in a.text
    assert path in SARI.get("/staff/letters?only=alerts").text
    assert 'id="alerts"' not in RATNA.get("/staff").text


# --- in a browser ---

def url(path):
    """An address of the portal."""
    return f"http://127.0.0.1:{P.port}{path}"


def wait(b, what, seconds=20):
    """Until there is such an element, or the function says so."""
    if isinstance(what, str):
        WebDriverWait(b, seconds).until(lambda d: d.find_elements(By.CSS_SELECTOR, what))
        return b.find_element(By.CSS_SELECTOR, what)
    WebDriverWait(b, seconds).until(what)
    return None


def press(b, css):
    """A button, in view."""
    e = b.find_element(By.CSS_SELECTOR, css)
    b.execute_script("arguments[0].scrollIntoView({block: 'center'})", e)
    e.click()


def enter(b, who):
    """Through the sign-in page."""
    b.get(url("/"))
    b.delete_all_cookies()
    b.get(url("/staff?lang=id"))
    wait(b, "#login")
    for name, text in (("name", who.name), ("password", who.password), ("code", who.code())):
        b.find_element(By.ID, name).send_keys(text)
    press(b, "#login button[type=submit]")
    wait(b, "#states")


def quiet(b):
    """Nothing was blocked or failed; refusals that a point asked for are no failure."""
    said = [e["message"] for e in b.get_log("browser") if not e["message"].startswith("chrome://") and
            " 422 " not in e["message"] and " 400 " not in e["message"]]
    assert not said, said


def type_letter(b, subject, *names):
    """The form of a draft, as it stands."""
    for field, text in (("number", "800/2/DISKOM/2026"), ("subject", subject), ("unit", "Bidang Aptika")):
        b.find_element(By.ID, field).send_keys(text)
    for i, name in enumerate(names, 1):
        if not b.find_elements(By.ID, f"name-{i}"):
            press(b, "#add-row")
        b.find_element(By.ID, f"title-{i}").send_keys("KEPALA DINAS")
        b.find_element(By.ID, f"name-{i}").send_keys(name)


def by_hand():
    """The whole way in a browser: sign in, rows of signers, live preview, stamp, issue, register"""
    enter(B, SARI)
    press(B, "a[href='/staff/letters/new']")
    wait(B, "#draft")
    assert len(B.find_elements(By.CSS_SELECTOR, "#rows > li")) == 1, "spare rows are for others"
    type_letter(B, "Dengan peramban", "Budi Santoso", "Siti Aminah", "Salah Ketik")
    B.find_elements(By.CSS_SELECTOR, "[data-remove]")[2].click()
    assert B.switch_to.active_element.get_attribute("id") == "add-row"
    assert B.execute_script(SOUND) == []
    B.find_element(By.ID, "number").send_keys(Keys.ENTER)
    wait(B, "#letter-id")
    path = B.current_url.split("?")[0].split(f":{P.port}")[1]
    names = [e.text for e in B.find_elements(By.CSS_SELECTOR, ".signers .signer")]
    assert names == ["Budi Santoso", "Siti Aminah"], names
    B.get(url(path + "/print"))
    before = wait(B, "#preview img.wide").get_attribute("src")
    assert B.execute_script("return document.querySelector('#preview img.wide').naturalWidth") > 300
    B.find_element(By.CSS_SELECTOR, "#wording option[value=F12]").click()
    wait(B, lambda d: "wording=F12" in d.find_element(By.CSS_SELECTOR, "#preview img.wide").get_attribute("src"))
    after = B.find_element(By.CSS_SELECTOR, "#preview img.wide").get_attribute("src")
    assert after != before and B.current_url.endswith("/print"), "the page stays"
    assert "wording=F12" in B.find_element(By.CSS_SELECTOR, ".downloads a").get_attribute("href")
    B.get(url("/staff/footer"))
    B.find_element(By.ID, "target").send_keys("https://contoh.example/1")
    wait(B, "#preview img")
    B.find_element(By.ID, "text").send_keys("Kalimat lain.")
    seen = B.find_element(By.CSS_SELECTOR, "#preview img").get_attribute("src")
    wait(B, lambda d: d.find_element(By.CSS_SELECTOR, "#preview img").get_attribute("src") != seen)
    B.get(url(path + "/stamp"))
    B.find_element(By.ID, "file").send_keys(os.path.join(D, "plain.pdf"))
    press(B, "#stamp button[type=submit]")
    link = wait(B, "#download").get_attribute("href").split(f":{P.port}")[1]
    SARI.cookie, mine = next(c["value"] for c in B.get_cookies() if c["name"].startswith("__Host")), SARI.cookie
    data = SARI.get(link).body
    SARI.cookie = mine
    with open(os.path.join(D, "hand.pdf"), "wb") as f:
        f.write(sign(data, names=("Budi Santoso", "Siti Aminah")))
    B.get(url(path))
    press(B, "#issue summary")
    press(B, "#issue button")
    wait(B, "#state[data-state=issued]")
    press(B, f"a[href='{path}/register']")
    wait(B, "#register")
    B.find_element(By.ID, "file").send_keys(os.path.join(D, "hand.pdf"))
    press(B, "#register button[type=submit]")
    wait(B, "#state[data-state=signed]")
    quiet(B)


def watched():
    """An order's progress is followed to its end"""
    with open(os.path.join(D, "pesan.csv"), "w", encoding="utf-8") as f:
        f.write("\n".join([HEAD, *(f"702/{i}/B;Surat ke-{i};2026-11-21;Sekretariat;KEPALA|Budi|;"
                                   for i in range(40))]))
    B.get(url("/staff/batch"))
    wait(B, "#csv").send_keys(os.path.join(D, "pesan.csv"))
    press(B, "#order button[type=submit]")
    wait(B, "#work")
    wait(B, "#zip", 60)
    assert B.find_element(By.ID, "work-done").text == "40"
    quiet(B)


def without_script():
    """Without JavaScript: three rows, the preview by a button, the stamp, a deed"""
    b = browser(script=False)
    try:
        enter(b, SARI)
        b.get(url("/staff/letters/new"))
        assert len(b.find_elements(By.CSS_SELECTOR, "#rows > li")) == 3
        type_letter(b, "Tanpa skrip", "Budi Santoso")
        press(b, "#draft button[type=submit]")
        wait(b, "#letter-id")
        path = b.current_url.split("?")[0].split(f":{P.port}")[1]
        b.get(url(path + "/print"))
        b.find_element(By.CSS_SELECTOR, "#wording option[value=F2]").click()
        press(b, "#choose button")
        wait(b, lambda d: "wording=F2" in d.current_url)
        assert "wording=F2" in b.find_element(By.CSS_SELECTOR, "#preview img").get_attribute("src")
        b.get(url("/staff/specimen"))
        b.find_element(By.ID, "title").send_keys("Kepala Dinas")
        b.find_element(By.ID, "name").send_keys("Budi")
        press(b, "button[value=preview]")
        wait(b, "#preview img")
        b.get(url(path + "/stamp"))
        b.find_element(By.ID, "file").send_keys(os.path.join(D, "plain.pdf"))
        press(b, "#stamp button[type=submit]")
        wait(b, "#download")
        b.get(url(path))
        press(b, "#withdraw summary")
        b.find_element(By.ID, "withdraw-reason").send_keys("Percobaan")
        press(b, "#withdraw button")
        wait(b, "#state[data-state=withdrawn]")
    finally:
        b.quit()


def looked_at():
    """Every page at 320 and 1280 pixels in both languages: nothing sticks out, names, contrast"""
    own = draft(title=["KEPALA DINAS " + "KOMUNIKASI DAN INFORMATIKA " * 4], subject="Perihal panjang " * 20)
    out = issued()
    job = order("\n".join([HEAD, "703/1;x;2026-11-21;S;K|Budi|;"])).headers["location"].split("?")[0]
    done(job)
    paths = ["/staff", "/staff/letters", "/staff/letters/new", own, own + "/edit", own + "/print",
             own + "/stamp", out, out + "/register", "/staff/footer", "/staff/specimen",
             "/staff/stamp", "/staff/batch", job]
    enter(B, SARI)
    for path in paths:
        for width in (320, 1280):
            B.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
            for lang in ("id", "en"):
                B.get(url(f"{path}?lang={lang}"))
                over = B.execute_script("""
                    return [...document.querySelectorAll("body *")].filter(e => {
                        const b = e.getBoundingClientRect();
                        return b.width > 1 && b.right > document.documentElement.clientWidth + 0.5 &&
                            !e.closest(".sample");
                    }).map(e => e.outerHTML.slice(0, 80));""")
                assert not over, (path, lang, width, over)
                assert B.execute_script(SOUND) == [], (path, B.execute_script(SOUND))
                assert B.execute_script(CONTRAST) == [], (path, B.execute_script(CONTRAST))
                assert B.find_element(By.TAG_NAME, "html").get_attribute("lang") == lang
    quiet(B)


if __name__ == "__main__":
    D = demo()
    os.rename(os.path.join(D, "10-tanpa-tanda-tangan.pdf"), os.path.join(D, "plain.pdf"))
    subprocess.run([SIGNER, "--authority", os.path.join(D, "authority")], check=True)
    P = Portal(PERIKSA_PUBLIC_URL=URL)
    P.args += ["--trust", os.path.join(D, "authority", "anchors")]
    with P:
        SARI = Person(P, "sari").sign_in()
        RATNA = Person(P, "ratna", agency="DISDIK").sign_in()
        TONO = Person(P, "tono", role="auditor").sign_in()
        AMAN = Person(P, "aman", role="admin").sign_in()
        B = browser()
        try:
            main([written_down, told_once, told_aside, found_again, ended, printed, printed_at_once,
                  stamped_pages, not_stamped, registered, differs, pending, alerted, damaged, of_others,
                  reading_only, forged, many, many_stamped, not_ordered, by_hand, watched,
                  without_script, looked_at])
        finally:
            B.quit()
