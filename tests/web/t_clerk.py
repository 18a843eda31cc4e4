#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clerk of a running portal: orders for many letters, whatever dies meanwhile."""
import csv
import io
import os
import pwd
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile

import cairo

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import way  # noqa: E402
from portal import PERIKSA, Portal, folder, main, read  # noqa: E402

URL = "https://periksa.prov.example"
HEAD = "nomor,perihal,tanggal,unit,visibilitas,penandatangan1\n"
ROW = "{},Hal,2026-11-01,Umum,,KEPALA|Sari Wulan\n"
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def until(what, seconds=60):
    """Wait for it; what it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come:\n" + P.said())


def database():
    """The portal's store."""
    return sqlite3.connect(os.path.join(P.data, "periksa.db"), timeout=10, isolation_level=None)


def ask(sql, *args):
    """The rows of a query."""
    db = database()
    try:
        return db.execute(sql, args).fetchall()
    finally:
        db.close()


def place(name):
    """A file or folder of an order."""
    return os.path.join(P.data, "batch", name)


def own(path):
    """What a worker writes is its user's."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(path, user.pw_uid, user.pw_gid)


def order(rows, kind="footers", image="png", files=(), late=0.0, account=7):
    """An order as staff give it: its folder, its line in the store, the folder's name."""
    number = "".join(DIGITS[b % 32] for b in os.urandom(25))
    new, at = place("new.0" + number), "0" + number
    os.mkdir(new, 0o700)
    own(new)
    parts = {"in.csv": rows.encode(), "names": "".join(n + "\n" for n, _ in files).encode()}
    parts.update({f"{n}.pdf": data for n, (_, data) in enumerate(files, 1)})
    for name, data in parts.items():
        with open(os.path.join(new, name), "wb") as f:
            f.write(data)
        own(f.name)
    ask("INSERT INTO batch (id, account, agency, kind, state, at, ended, total, done, failed,"
        " format, dpi, take, lease, first, last, wording)"
        " VALUES (?, ?, 7, ?, 'queued', ?, 0, 0, 0, 0, ?, 72, 0, 0, 0, 0, '')",
        at, account, kind, int(time.time()), image if kind == "footers" else "")
    time.sleep(late)
    os.rename(new, place(at))
    return at


def state(at):
    """(state, total, done, failed)"""
    return ask("SELECT state, total, done, failed FROM batch WHERE id = ?", at)[0]


def ended(at):
    """The same, when it has ended."""
    return until(lambda: state(at) if state(at)[0] in ("done", "failed") else None)


def report(at):
    """The rows of laporan.csv, and the other files' names; all is whole."""
    with zipfile.ZipFile(io.BytesIO(read(place(at), "out.zip"))) as z:
        assert z.testzip() is None
        rows = csv.DictReader(io.StringIO(z.read("laporan.csv").decode("utf-8-sig")))
        return list(rows), [n for n in z.namelist() if n != "laporan.csv"]


def drafts(prefix):
    """Ids of letters whose number begins so."""
    return {i for i, in ask("SELECT letter FROM letter_content WHERE number LIKE ?", prefix + "%")}


def named(name):
    """Pids of a kind of process."""
    found = []
    for pid in P.family():
        try:
            if read("/proc", str(pid), "comm").strip() == name:
                found.append(pid)
        except OSError:
            pass  # it has just ended
    return found


def sheet(out):
    """A letter of one page."""
    s = cairo.PDFSurface(out, 595, 842)
    c = cairo.Context(s)
    c.move_to(72, 100)
    c.show_text("Yth.")
    s.finish()


def done():
    """An order is done: its zip is whole, what was sent is deleted, who ordered it is who drafts"""
    at = order(HEAD + ROW.format("a/1") + ROW.format("a/2") + ROW.format(""), late=1.5)
    assert ended(at) == ("done", 3, 2, 1)
    rows, names = report(at)
    assert [r["hasil"] for r in rows] == ["dibuat", "dibuat", "gagal"], rows
    assert {r["id"] for r in rows[:2]} == drafts("a/") and len(names) == 2
    until(lambda: os.listdir(place(at)) == ["out.zip"])
    who = ask("SELECT account FROM letter_event WHERE letter = ?", rows[0]["id"])
    assert who == [(7,)], who


def stamped():
    """Letters with their footers, by the names that they came with, which are no paths"""
    pdf = io.BytesIO()
    sheet(pdf)
    head = HEAD.rstrip() + ",berkas\n"
    row = ROW.rstrip() + ",{}\n"
    at = order(head + row.format("s/1", "surat satu.pdf") + row.format("s/2", "dua.pdf")
               + row.format("s/3", "../in.csv") + row.format("s/4", "rusak.pdf"), "stamped",
               files=[("rusak.pdf", b"%PDF-1.4 x"), ("surat satu.pdf", pdf.getvalue())])
    assert ended(at) == ("done", 4, 1, 3)
    rows, names = report(at)
    assert names == [rows[0]["berkas"]] and names[0].endswith(".pdf"), names
    assert "tidak ikut dikirim" in rows[1]["keterangan"], rows
    assert "tidak ikut dikirim" in rows[2]["keterangan"], rows
    assert rows[3]["id"] and "PDF" in rows[3]["keterangan"], rows


def refused():
    """A CSV that is refused, and who may not draft any more: told in the zip"""
    at = order("nomor,perihall\n1,2\n")
    assert ended(at)[0] == "failed"
    rows, names = report(at)
    assert names == [] and rows[0]["kolom"] == "perihall", rows
    ask("UPDATE account SET disabled = 1 WHERE id = 8")
    at = order(HEAD + ROW.format("x/1"), account=8)
    assert ended(at) == ("done", 1, 0, 1)
    assert report(at)[0][0]["hasil"] == "gagal" and not drafts("x/")


def killed(name, at, least):
    """Kill it while rows are being done."""
    until(lambda: state(at)[2] >= least)
    for pid in named(name):
        os.kill(pid, signal.SIGKILL)


def clerk_killed():
    """A clerk that is killed in the middle, twice: another goes on, no letter is there twice"""
    at = order(HEAD + "".join(ROW.format(f"k/{n}") for n in range(150)))
    killed(b"periksa-clerk", at, 5)
    until(lambda: named(b"periksa-clerk"))
    killed(b"periksa-clerk", at, 40)
    assert ended(at) == ("done", 150, 150, 0)
    rows, names = report(at)
    assert len(names) == 150 and len({r["id"] for r in rows}) == 150
    assert {r["id"] for r in rows} == drafts("k/")
    assert P.get("/health/ready").status == 200


def paper_killed():
    """Who prints is killed meanwhile: the keeper starts another, and no row is lost"""
    at = order(HEAD + "".join(ROW.format(f"p/{n}") for n in range(60)))
    killed(b"periksa-paper", at, 5)
    assert ended(at) == ("done", 60, 60, 0)


def judged_again():
    """At night, and after nights that were missed, kept letters are judged again by inspectors"""
    def doc(*args):
        r = subprocess.run([PERIKSA, "doc", *args], env={**P.env, "PERIKSA_DATA": P.data},
                           capture_output=True, check=False)
        assert r.returncode == 0, (args, r.stdout, r.stderr)
        return r.stdout.decode().split()

    letter = doc("add", "--number", "n/1", "--subject", "Hal", "--date", "2026-11-01", "--unit",
                 "Umum", "--signer", "KEPALA|Sari Wulan")[0]
    doc("issue", letter)
    pdf, signed = os.path.join(WORK, "surat.pdf"), os.path.join(WORK, "signed.pdf")
    sheet(pdf)
    subprocess.run([PERIKSA, "stamp", "--id", letter, "--public-url", URL, pdf, "-o", pdf],
                   check=True, env=P.env)
    way.sign(WORK, pdf, signed, ("Sari Wulan",))
    doc("register", letter, signed, "--trust", ANCHORS, "--offline", "--public-url", URL)
    seq = ask("SELECT seq FROM letter WHERE id = ?", letter)[0][0]
    before = ask("SELECT checked, verdict FROM registration WHERE letter = ?", seq)[0]
    assert before[1] == "VALID", before
    two_days = int(time.time()) - 2 * 86400
    ask("UPDATE registration SET checked = ? WHERE letter = ?", two_days, seq)
    for pid in named(b"periksa-clerk"):
        os.kill(pid, signal.SIGKILL)
    until(lambda: "1 judged again, 0 verdicts changed, 0 not judged" in P.said())
    after = ask("SELECT checked, verdict FROM registration WHERE letter = ?", seq)[0]
    assert after[0] > two_days and after[1] == "VALID", after
    assert named(b"periksa-clerk") and letter not in P.said()


def swept():
    """What is old is deleted: orders that ended, and folders that nobody finished"""
    at = order(HEAD + ROW.format("o/1"))
    assert ended(at)[0] == "done"
    ask("UPDATE batch SET ended = ended - 8 * 86400, at = at - 8 * 86400 WHERE id = ?", at)
    old, new = place("new.old"), place("new.new")
    for path in (old, new):
        os.mkdir(path)
        own(path)
        with open(os.path.join(path, "in.csv"), "wb") as f:
            own(f.name)
    os.utime(old, (1, time.time() - 7200))
    for pid in named(b"periksa-clerk"):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not os.path.exists(place(at)) and not os.path.exists(old))
    assert os.path.exists(new) and not ask("SELECT 1 FROM batch WHERE id = ?", at)


def silent():
    """The log has no name, number or file of a letter"""
    said = P.said()
    assert "an order of 150 rows: done" in said, said
    for word in ("Sari", "KEPALA", "k/1", "surat satu", "Hal,"):
        assert word not in said, word


WORK = folder()
ANCHORS = way.authority(WORK)
P = Portal(PERIKSA_OFFLINE="1", PERIKSA_PUBLIC_URL=URL)
P.args += ["--trust", ANCHORS]
with P:
    ask("INSERT INTO agency VALUES (7, 'KOMINFO', 'Dinas Kominfo')")
    for n in (7, 8):
        ask("INSERT INTO account (id, login, role, agency, password, totp, totp_step, disabled, created)"
            " VALUES (?, ?, 'staff', 7, '', zeroblob(20), 0, 0, 0)", n, f"u{n}")
    main([done, stamped, refused, clerk_killed, paper_killed, judged_again, swept, silent], [WORK])
