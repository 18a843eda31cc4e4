#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""The portal over HTTP, as programs and browsers without JavaScript see it."""
import concurrent.futures
import html
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import HEADLINES, Portal, cli, demo, form, main, read, samples  # noqa: E402

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
       "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
UPLOAD_MAX = 64 << 20

D = None  # the samples
P = None  # the portal that most points share
GOOD = None  # a signed sample


def checked_page(r, status=200):
    """The headers and habits of every page."""
    assert r.status == status, (r.status, r.body[:300])
    h = r.headers
    assert h["content-security-policy"] == CSP, h
    assert h["x-content-type-options"] == "nosniff", h
    assert h["referrer-policy"] == "no-referrer", h
    assert h["cache-control"] == "no-store", h
    assert h["content-type"] == "text/html; charset=utf-8", h
    t = r.text
    assert len(r.body) < 100 * 1024, len(r.body)
    assert not re.search(r"<style|<script(?![^>]* src=)| style=|\son[a-z]+=|javascript:", t), t
    assert not re.search(r'(?:src|action)="(?!/)', t), "something from elsewhere"
    assert "{{" not in t, "a tag was left over"
    assert "sah secara hukum" not in t.lower()
    assert t.count("<h1") == 1
    return t


def first_page():
    """The first page: form, limit, privacy, samples, help"""
    t = checked_page(P.get("/"))
    assert '<html lang="id">' in t
    assert 'action="/verify" method="post" enctype="multipart/form-data"' in t
    assert 'type="file"' in t and 'name="file"' in t
    assert "paling besar 64 MB" in t and "dihapus begitu selesai diperiksa" in t
    assert "Unggah Dokumen PDF" in t and "Tampilkan" in t
    assert "Signature validity is unknown" in t and "kertas" in t
    for name in samples(D):
        assert f'href="/demo/{name}"' in t, name
        r = P.get(f"/demo/{name}")
        assert r.status == 200 and r.body == read(D, name), name
        assert r.headers["content-type"] == "application/pdf"
    assert P.get("/demo/samples.tsv").status == 404
    assert P.get("/demo/../periksa.db").status == 404


def weight():
    """The first page with all it loads is under 100 KB; files have lasting addresses"""
    t = P.get("/").text
    total = len(t)
    for path in set(re.findall(r'(?:src|href)="(/assets/[^"#]+)', t)):
        r = P.get(path)
        assert r.status == 200, path
        assert "immutable" in r.headers["cache-control"], (path, r.headers)
        assert r.headers["x-content-type-options"] == "nosniff"
        total += len(r.body)
        again = P.get(path, if_none_match=r.headers["etag"])
        assert again.status == 304 and again.body == b"", path
        assert "immutable" not in P.get(path.split("?")[0]).headers["cache-control"]
    assert total < 100 * 1024, total


def languages():
    """Indonesian first, English by switch, remembered, on errors, too"""
    assert '<html lang="id">' in P.get("/", accept_language="en").text
    r = P.get("/?lang=en")
    assert '<html lang="en">' in r.text and "Check whether a PDF is genuine" in r.text
    cookie = r.headers["set-cookie"]
    assert cookie.startswith("lang=en; Path=/; Max-Age=") and "HttpOnly" in cookie, cookie
    assert '<html lang="en">' in P.get("/", cookie="a=b; lang=en").text
    assert '<html lang="id">' in P.get("/?lang=id", cookie="lang=en").text
    assert '<html lang="id">' in P.get("/?lang=xx", cookie="lang=zz").text
    assert "set-cookie" not in P.get("/").headers
    assert "Halaman ini tidak ada" in checked_page(P.get("/nope"), 404)
    assert "This page does not exist" in checked_page(P.get("/nope?lang=en"), 404)
    r = P.upload(GOOD, cookie="lang=en")
    assert r.headers["location"].endswith("?lang=en"), r.headers


def pictures():
    """A page that looks different is shown as signed and as it is; an API says so if asked"""
    data = read(D, "06-isi-diganti-lewat-tambahan.pdf")
    location = P.upload(data).headers["location"]
    text = checked_page(P.get(location))
    found = re.findall(r'<img src="(/v/[0-9a-z]{26}/1-(?:signed|now)\.png)" alt="Halaman 1: ', text)
    assert len(found) == 2, text
    bodies = []
    for path in found:
        r = P.get(path)
        assert r.status == 200 and r.headers["content-type"] == "image/png", (path, r.status)
        assert r.headers["x-content-type-options"] == "nosniff" and "default-src 'none'" in \
            r.headers["content-security-policy"]
        assert r.body.startswith(b"\x89PNG\r\n") and len(r.body) <= 300 << 10, path
        bodies.append(r.body)
    assert bodies[0] != bodies[1]
    visual = P.get(location + ".json").json["signatures"][0]["visual"]
    assert visual["status"] == "differs" and visual["pages"] == [1], visual
    for name in ("2-now.png", "0-now.png", "1-then.png", "1-now.png.png", "1-now", "../1-now.png"):
        assert P.get(f"{location}/{name}").status == 404, name
    assert ".png" not in P.get(P.upload(GOOD).headers["location"]).text
    assert P.api(data).json["signatures"][0]["visual"]["status"] == "not_compared"
    asked = P.ask("POST", "/api/v1/verifications?pictures=1", data,
                  {"Content-Type": "application/pdf"})
    assert asked.json["signatures"][0]["visual"]["status"] == "differs", asked.json


def agree():
    """CLI, API and page give the same report for every sample, and the samples' own conclusion"""
    wrong = []
    for name, expected in samples(D).items():
        data = read(D, name)
        api = P.api(data, "?offline=true")
        page = P.upload(data, name, "?offline=1")
        assert page.status == 303, (name, page.status)
        location = page.headers["location"]
        assert re.fullmatch(r"/v/[0-9a-z]{26}", location), location
        kept = P.get(location + ".json").json
        told = cli(os.path.join(D, name), os.path.join(D, "anchors"))
        assert kept["document"]["name"] == name, kept["document"]
        reports = [api.json, kept, told]
        for r in reports:
            r["document"]["name"] = r["validated_at"] = None
            for s in r["signatures"]:
                s["visual"] = None  # only the page compares how it looks
        assert reports[0] == reports[1] == reports[2], (name, reports)
        if told["conclusion"] != expected:
            wrong.append((name, expected, told["conclusion"], told["reasons"]))
        text = checked_page(P.get(location))
        assert f'data-conclusion="{told["conclusion"]}"' in text, name
    assert not wrong, wrong


def kept_as_answered():
    """The API's body is byte for byte what its Content-Location keeps"""
    r = P.api(GOOD)
    assert r.status == 200 and r.headers["content-type"] == "application/json"
    kept = P.get(r.headers["content-location"])
    assert kept.body == r.body
    assert r.json["schema"] == "periksa.report/1"
    body, head = form(GOOD)
    other = P.ask("POST", "/api/v1/verifications", body, head).json
    assert other["document"]["name"] == "surat.pdf"
    assert other["conclusion"] == r.json["conclusion"]
    assert P.get("/v/" + "0" * 26).status == 404
    assert P.get("/v/" + "0" * 26 + ".json").headers["content-type"] == "application/problem+json"
    assert P.get(r.headers["content-location"].replace(".json", ".exe")).status == 404


def headlines():
    """Each conclusion has its sentence in both languages, in the order of the page"""
    seen = set()
    for name in samples(D):
        r = P.upload(read(D, name), name)
        report = P.get(r.headers["location"] + ".json").json
        key = report["conclusion"]
        signed = [s for s in report["signatures"] if s["kind"] == "signature"]
        if key == "VALID" and any(s["modification"] not in ("none", "lta_updates") for s in signed):
            key = "ADDED"
        if key == "INVALID" and {"DIGEST", "CHANGED_AFTER_SIGNING"} & set(report["reasons"]):
            key = "CHANGED"
        seen.add(key)
        for lang, want in zip(("id", "en"), HEADLINES[key]):
            page = P.get(r.headers["location"] + "?lang=" + lang)
            t = checked_page(page)
            assert page.headline == want or (key == "ADDED" and page.headline.startswith(want)), (
                name, page.headline)
            order = [t.find(s) for s in ('id="headline"', 'id="who"', 'id="when"', 'id="lines"',
                                         'id="changed"', 'id="do"', 'id="keep"', 'id="technical"')]
            order = [n for n in order if n >= 0]
            assert order == sorted(order) and order[0] > 0, order
            if report["signatures"]:
                assert re.findall(r'data-check="(\w+)"', t) == [
                    "SIGNER_NAME", "UNCHANGED", "TIMESTAMP", "LTV", "ISSUER_TRUSTED"]
                for sig in report["signatures"]:
                    if sig["kind"] == "signature" and sig["signer"]["name"]:
                        assert html.escape(sig["signer"]["name"]) in t
    assert {"INDETERMINATE", "NO_SIGNATURE", "CHANGED", "ADDED", "VALID"} <= seen, seen


def story():
    """Each later change is told with its page, its field and whether it is allowed"""
    told = set()
    for name in samples(D):
        r = P.upload(read(D, name), name)
        report = P.get(r.headers["location"] + ".json").json
        t = P.get(r.headers["location"] + "?lang=id").text
        for sig in report["signatures"]:
            for c in sig["changes"]:
                assert f'data-change="{c["kind"]}"' in t, (name, c)
                assert html.escape(c["text"]["id"]) in t
                if c["page"]:
                    assert f"Halaman {c['page']}." in t
                if c["field"]:
                    assert f"«<bdi>{c['field']}</bdi>»" in t
                told.add((c["kind"], c["allowed"], report["conclusion"]))
            if sig["integrity"] == "intact" and not sig["modification_allowed"]:
                end = sig["byte_range"][2] + sig["byte_range"][3]
                assert f"utuh: {end:,}".replace(",", ".") + " bita pertama" in t
    assert ("SIGNATURE_ADDED", True, "VALID") in told
    assert ("FIELD_VALUE", True, "VALID") in told
    assert ("ANNOTATION_ADDED", False, "INDETERMINATE") in told
    assert ("PAGE_CONTENT", False, "INVALID") in told


def demonstration():
    """Every page and report says that the anchors are demonstration"""
    r = P.upload(GOOD)
    for path in ("/", "/nope", r.headers["location"]):
        assert "Mode demonstrasi." in P.get(path).text, path
        assert "Demonstration." in P.get(path + "?lang=en").text, path
    assert P.get(r.headers["location"] + ".json").json["trust"]["demonstration"] is True


def real_anchors():
    """Without demonstration there is no banner and no sample"""
    with Portal() as p:
        assert "Mode demonstrasi." not in checked_page(p.get("/"))
        assert p.get("/demo/" + sorted(samples(D))[0]).status == 404
        r = p.api(GOOD)
        assert r.status == 200 and r.json["conclusion"] != "VALID"
        assert r.json["trust"]["demonstration"] is False


def unreadable():
    """What is no PDF gets 422 and its code by the API, UNREADABLE on the page, a row in the log"""
    for body in (b"hello", b"", b"<html>no</html>", b"\x00" * 5000, GOOD[:40]):
        before = len(P.rows())
        r = P.api(body)
        assert r.status == 422, (body[:20], r.status, r.body)
        assert r.headers["content-type"] == "application/problem+json"
        problem = r.json
        assert problem["status"] == 422 and problem["title"] and problem["detail"]
        assert problem["code"] in problem["report"]["reasons"], problem
        assert problem["report"]["conclusion"] == "UNREADABLE"
        assert re.fullmatch("[0-9a-f]{64}", problem["report"]["document"]["sha256"])
        rows = P.rows()
        assert len(rows) == before + 1 and rows[-1]["conclusion"] == "UNREADABLE"
    assert "not a PDF" in P.api(b"x", cookie="lang=en").json["title"]
    page = P.get(P.upload(b"hello").headers["location"])
    checked_page(page)
    assert page.headline == HEADLINES["UNREADABLE"][0]


def too_large():
    """413 before the body is read, and for a file that is over by a little"""
    for path in ("/verify", "/api/v1/verifications"):
        got = P.raw(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\n"
                    f"Content-Length: {1 << 40}\r\n\r\n".encode())
        assert got.startswith(b"HTTP/1.1 413 "), got
    r = P.api(b"%PDF-1.7\n" + b"\0" * UPLOAD_MAX)
    assert r.status == 413 and r.json["status"] == 413, r.body[:200]
    r = P.upload(b"%PDF-1.7\n" + b"\0" * UPLOAD_MAX)
    assert "paling besar 64 MB" in checked_page(r, 413)


def refused():
    """411, 415, 400, 405 with Allow, 404: as a page or as a problem"""
    got = P.raw(b"POST /api/v1/verifications HTTP/1.1\r\nHost: x\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 411 "), got
    for kind in ("text/html", "application/pdfx", "image/png", "multipart/form-dat"):
        r = P.ask("POST", "/api/v1/verifications", GOOD, {"Content-Type": kind})
        assert r.status == 415 and r.json["status"] == 415, (kind, r.status)
        checked_page(P.ask("POST", "/verify", GOOD, {"Content-Type": kind}), 415)
    assert P.ask("POST", "/api/v1/verifications", GOOD).status == 415
    assert P.ask("POST", "/verify", GOOD, {"Content-Type": "application/pdf"}).status == 415
    body, head = form(GOOD, field="other")
    checked_page(P.ask("POST", "/verify", body, head), 400)
    body, head = form(b"", name="")
    checked_page(P.ask("POST", "/verify", body, head), 400)
    body, head = form(GOOD)
    checked_page(P.ask("POST", "/verify", body[:-60], head), 400)
    checked_page(P.ask("POST", "/verify", body, {"Content-Type": "multipart/form-data"}), 400)
    for method, path, allow in (("PUT", "/", "GET, HEAD"), ("GET", "/verify", "POST"),
                                ("DELETE", "/api/v1/verifications", "POST"),
                                ("POST", "/v/x", "GET, HEAD")):
        r = P.ask(method, path, b"x" if method in ("PUT", "POST") else None)
        assert r.status == 405 and r.headers["allow"] == allow, (method, path, r.headers)
    r = P.get("/api/v1/nothing")
    assert r.status == 404 and r.headers["content-type"] == "application/problem+json"
    r = P.get("/nothing", accept="application/json")
    assert r.status == 404 and r.json["status"] == 404
    assert P.ask("HEAD", "/").status == 200


def switch_stays_here():
    """The language switch never points to another host"""
    for path in ("//evil.example/", "/%0d%0aX:y", "/<script>", '/"x', "/\\evil"):
        t = P.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert b"evil.example" not in t and b"<script>" not in t, (path, t)


def names():
    """A file's name is shown as text, without its folder and without tricks"""
    for name, want in (("../../etc/<b>x</b>.pdf", "b>.pdf"),
                       ("C:\\surat\\a&b 'c'.pdf", "a&b 'c'.pdf"),
                       ("surat tugas №5 é.pdf", "surat tugas №5 é.pdf"),
                       ("%22q%22.pdf", '"q".pdf'),
                       ("x\u202efdp.exe", "x\ufffdfdp.exe"),
                       ("é" * 200 + ".pdf", "é" * 127),
                       ("n" * 400 + ".pdf", "n" * 255)):
        r = P.upload(GOOD, name)
        t = P.get(r.headers["location"]).text
        assert P.get(r.headers["location"] + ".json").json["document"]["name"] == want, name
        shown = re.search(r"<bdi>(.*?)</bdi>", t).group(1)
        assert html.unescape(shown) == want, (shown, want)


def many():
    """32 uploads at once: each its own answer, each in the log"""
    files = [(n, read(D, n)) for n in sorted(samples(D))]
    want = {n: P.api(b).json["conclusion"] for n, b in files}
    before = len(P.rows())

    def one(i):
        name, data = files[i % len(files)]
        if i % 2:
            r = P.api(data)
            return r.status == 200 and r.json["conclusion"] == want[name]
        r = P.upload(data, name)
        return (r.status == 303 and
                P.get(r.headers["location"] + ".json").json["document"]["name"] == name)
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        assert all(pool.map(one, range(128)))
    rows = P.rows()[before:]
    assert len(rows) == 128, len(rows)
    assert {r["channel"] for r in rows} == {"api", "page"}
    assert all(r["kind"] == "verification" for r in rows)


def log_is_discreet():
    """The log and what is written on the way hold no file name, signer or address"""
    r = P.upload(GOOD, "rahasia-sekali.pdf", x_forwarded_for="203.0.113.77")
    who = [s["signer"]["name"] for s in P.get(r.headers["location"] + ".json").json["signatures"]]
    for text in (json.dumps(P.rows(), ensure_ascii=False), P.said()):
        assert "rahasia-sekali" not in text and "203.0.113" not in text
        assert not [w for w in who if w and w in text], who


def spool():
    """A large upload goes through the spool, which is empty again"""
    big = GOOD + b"\n" * (3 << 20)
    assert P.api(big).json["document"]["size"] == len(big)
    r = P.upload(big)
    assert P.get(r.headers["location"] + ".json").json["document"]["size"] == len(big)
    assert os.listdir(os.path.join(P.data, "spool")) == []


def locked():
    """The page of a locked letter asks for its password; that opens it, and is kept nowhere"""
    clear = os.path.join(D, next(n for n, c in samples(D).items() if c == "NO_SIGNATURE"))
    path = os.path.join(os.path.dirname(P.data), "locked.pdf")
    subprocess.run(["qpdf", "--object-streams=generate", "--encrypt", "sandi-Ä", "pemilik", "256",
                    "--", clear, path], check=True)
    data = read(path)
    for extra, password, opens, wrong in (
            (0, None, False, False), (0, "sandi-Ä", True, False), (0, "pemilik", True, False),
            (0, "salah-Kata", False, True), (0, "", False, False),
            (0, "sandi-Ä\r\n", True, False), (0, "\n", False, False),
            (3 << 20, "sandi-Ä", True, False), (0, "salah-Kata" * 30, False, True)):
        for first in (True, False):
            body, head = form(data, password=password, password_first=first, extra=extra)
            r = P.ask("POST", "/verify", body, head)
            where = r.headers["location"]
            page = checked_page(P.get(where))
            report = P.get(where + ".json").json
            assert report["conclusion"] == ("NO_SIGNATURE" if opens else "INDETERMINATE"), report
            assert ("LOCKED" in report["reasons"]) == (not opens), report["reasons"]
            assert ("PASSWORD" in report["reasons"]) == wrong, report["reasons"]
            assert ('name="password"' in page) == (not opens)
            assert ("Kata sandi tadi tidak membuka" in page) == wrong
            api = P.ask("POST", "/api/v1/verifications", body, head).json
            assert api["reasons"] == report["reasons"], api["reasons"]
    said = json.dumps(P.rows(), ensure_ascii=False) + P.said()
    assert "sandi-" not in said and "salah-Kata" not in said
    for folder, _, files in os.walk(P.data):
        for name in files:
            if not os.path.isfile(os.path.join(folder, name)):
                continue  # the supervisor's socket
            kept = read(folder, name)
            assert "sandi-Ä".encode() not in kept and b"salah-Kata" not in kept, name


def hang_up():
    """Who leaves in the middle of an upload or an inspection harms nobody"""
    body, head = form(GOOD + b"\n" * (2 << 20))
    start = (f"POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: {head['Content-Type']}\r\n"
             f"Content-Length: {len(body)}\r\n\r\n").encode()
    for cut in (0, 10000, len(body) // 2, len(body)) * 5:
        with socket.create_connection(("127.0.0.1", P.port)) as s:
            s.sendall(start + body[:cut])
    end = time.monotonic() + 10
    while os.listdir(os.path.join(P.data, "spool")) and time.monotonic() < end:
        time.sleep(0.05)
    assert os.listdir(os.path.join(P.data, "spool")) == []
    assert P.get("/health/ready").status == 200


def health():
    """Alive and ready, as JSON"""
    assert P.get("/health/live").json == {"status": "alive"}
    r = P.get("/health/ready").json
    assert r.pop("fetcher") in (True, None), r
    assert r == {
        "status": "ready", "anchors": True, "record": True, "store": True, "inspector": True,
        "canary": {"good": True, "revoked": True, "changed": True}}


def database_locked():
    """A record that can't be made: 503 with Retry-After, nothing acknowledged, then well again"""
    before = len(P.rows())
    db = sqlite3.connect(os.path.join(P.data, "periksa.db"), isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        r = P.api(GOOD)
        assert r.status == 503 and int(r.headers["retry-after"]) > 0, r.status
        assert r.headers["content-type"] == "application/problem+json"
        r = P.upload(GOOD)
        assert int(r.headers["retry-after"]) > 0
        assert "tidak ada yang dicatat" in checked_page(r, 503)
        r = P.get("/health/ready")
        assert r.status == 503 and r.json["store"] is False, r.body
    finally:
        db.execute("ROLLBACK")
        db.close()
    assert len(P.rows()) == before
    assert P.api(GOOD).status == 200


def children(pid):
    """pid -> name of its children"""
    found = {}
    for child in read(f"/proc/{pid}/task/{pid}/children").split():
        found[int(child)] = read(f"/proc/{int(child)}/comm").decode("utf-8", "replace").strip()
    return found


def supervisor_killed():
    """A supervisor that is killed is replaced, and a visitor does not see it"""
    for _ in range(3):
        kids = children(P.process.pid)
        victims = [pid for pid, name in kids.items() if name == "periksa-inspect"]
        assert len(victims) == 1, kids
        os.kill(victims[0], signal.SIGKILL)
        r = P.api(GOOD)
        assert r.status == 200, (r.status, r.body)
    P.wait_ready()


def rate():
    """Too many of one address: 429 with Retry-After; others and the API go on"""
    with Portal(D, PERIKSA_RATE="3") as p:
        codes = [p.upload(GOOD, x_forwarded_for="198.51.100.7").status for _ in range(5)]
        assert codes == [303, 303, 303, 429, 429], codes
        r = p.upload(GOOD, x_forwarded_for="192.0.2.1, 198.51.100.7")
        assert 0 < int(r.headers["retry-after"]) <= 20, r.headers
        assert "Terlalu banyak permintaan" in checked_page(r, 429)
        assert p.upload(GOOD, x_forwarded_for="198.51.100.8").status == 303
        assert p.api(GOOD, x_forwarded_for="198.51.100.7").status == 200
        six = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:2::4"]
        codes = [p.upload(GOOD, x_forwarded_for=a).status for a in six]
        assert codes == [303, 303, 303, 429], codes
        assert p.get("/").status == 200


def script_answer():
    """What the script asks for: 201 with the address, or a problem"""
    r = P.upload(GOOD, accept="application/json")
    assert r.status == 201 and r.json["location"] == r.headers["location"]
    assert P.get(r.json["location"]).status == 200
    body, head = form(b"", name="")
    r = P.ask("POST", "/verify", body, {**head, "Accept": "application/json"})
    assert r.status == 400 and r.json["detail"]


def no_orphans():
    """Stopped, it leaves no process behind"""
    with Portal(D) as p:
        p.api(GOOD)
        assert len(p.family()) > 2
        p.process.send_signal(signal.SIGTERM)
        assert p.process.wait(20) == 0
        end = time.monotonic() + 5
        while p.family() and time.monotonic() < end:
            time.sleep(0.05)
        assert p.family() == []


POINTS = [first_page, weight, languages, agree, pictures, kept_as_answered, headlines, story,
          demonstration, unreadable, too_large, refused, switch_stays_here, names, many, log_is_discreet, spool,
          locked, hang_up, health, script_answer, supervisor_killed, database_locked,
          real_anchors, rate, no_orphans]

if __name__ == "__main__":
    D = demo()
    GOOD = read(D, sorted(n for n, c in samples(D).items() if c == "VALID")[0])
    with Portal(D) as P:
        main(POINTS)
