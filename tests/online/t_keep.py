#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fetcher keeps, and what becomes of it: a thousand letters of one authority, one request
however many wait, restarts, damage, failures that are forgotten again, and kill -9."""
import concurrent.futures
import contextlib
import glob
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402
from world import (NO_PORTAL, PERIKSA, Cli, Portal, World, free_port, hosts,  # noqa: E402
                   main, outcomes)

VALID, OPEN = "VALID", "INDETERMINATE"
SIGNERS = 40
LETTERS = 1000
W = None
BROKEN = threading.Event()  # set: hosts that can be broken are


def prepare(w):
    """Letters and hosts."""
    va, crl = w.url("va", "ocsp"), w.url("va", "ca.crl")
    for i in range(SIGNERS):
        w.cert(f"s{i}", "ks", "ca", f"cn=Pejabat_{i} ocsp={va} crl={crl} aia={w.url('va', 'x')}")
    for i in range(LETTERS):
        signer = f"s{i % SIGNERS}"
        w.say(f"letter seribu{i:04}.pdf",
              f"sign {signer} certs={signer},ca,root tsa=tsa stamps=tsa,ca,root ago={600 + i}")
    for name in ("satu", "turun", "lupa", "besok", "tanpa", "kurang"):
        w.standard(name)
    for name in ("tukar", "cabut"):
        w.signer(name, f"ocsp={w.url(name, 'ocsp')}")
    w.cert("eroot", "ke", None, "for=ca cn=Root_CA_Uji")
    w.cert("eca", "ke", "eroot", "for=ca cn=CA_Uji_G1")
    w.cert("asli", "ks", "eca", f"cn=Asli ocsp={w.url('va', 'ocsp')} crl={w.url('va', 'ca.crl')}")
    for i in range(100):
        w.signer(f"mati{i}", f"ocsp={w.url('mati', 'ocsp')}")
    w.hosts.add("luar2.example")
    w.make(revoked=["cabut"])
    for name in ("tukar", "cabut"):
        w.web.routes[f"/{name}/ocsp"] = w.real
    w.web.routes["/satu/ocsp"] = servers.slow(0.8, w.real)
    w.web.routes["/mati/ocsp"] = servers.slow(0.05, w.real)
    for name in ("turun", "lupa", "besok", "kurang"):
        w.web.routes[f"/{name}/ocsp"] = lambda a: (servers.drop if BROKEN.is_set() else w.real)(a)


def each(portal, names, jobs=8):
    """The reports of letters, asked for at once."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda n: portal.report(W.read(n)), names))


def requests(mark, path=""):
    """What the web server was asked since."""
    return W.log.since(mark, "web", ("GET", "POST"), path)


def all_letters():
    """The thousand."""
    return [f"seribu{i:04}.pdf" for i in range(LETTERS)]


def economical(mark):
    """A request a certificate, and one for the only list that is needed."""
    asked, lists = requests(mark, "/va/ocsp"), requests(mark, "/akar/akar.crl")
    assert 0 < len(asked) <= SIGNERS + 1, (len(asked), "with that of the TSA")
    assert len(lists) == 1, len(lists)
    assert len(requests(mark)) == len(asked) + 1, requests(mark)[-5:]


def thousand_cli():
    """A thousand letters at the command line, two at once: a request a certificate, then none"""
    cli = Cli(W, fresh=False)
    paths = [W.path(n) for n in all_letters()]
    mark = W.log.mark()
    found = cli.run(*paths, more=["--jobs", "2"])
    assert [r["conclusion"] for r in found] == [VALID] * LETTERS
    economical(mark)
    mark = W.log.mark()
    found = cli.run(*paths, more=["--jobs", "3"])
    assert {r["conclusion"] for r in found} == {VALID}
    assert not W.log.hits[mark:], W.log.hits[mark:mark + 5]


def thousand_portal():
    """The same at the portal; nothing is asked again, not by another portal either"""
    with Portal(W) as p:
        mark = W.log.mark()
        assert {r["conclusion"] for r in each(p, all_letters(), 16)} == {VALID}
        economical(mark)
        mark = W.log.mark()
        assert {r["conclusion"] for r in each(p, all_letters()[:200], 16)} == {VALID}
        assert not requests(mark), requests(mark)
        p.wait_fetcher(p.kill_fetcher())
        assert {r["conclusion"] for r in each(p, all_letters()[:80])} == {VALID}
        assert not requests(mark), "the fetcher forgot: " + str(requests(mark)[:5])
    with Portal(W, data=p.data) as p:
        mark = W.log.mark()
        assert {r["conclusion"] for r in each(p, all_letters()[:80])} == {VALID}
        assert not requests(mark), requests(mark)[:5]


def files_of(folder):
    """Everything in it."""
    return sorted(p for p in glob.glob(os.path.join(folder, "**"), recursive=True)
                  if os.path.isfile(p))


def is_revoked(portal):
    """The letter of a signer whose certificate was revoked before."""
    r = portal.report(W.read("cabut.pdf"))
    return r["conclusion"] == OPEN and r["signatures"][0]["revocation"]["status"] == "revoked"


def damaged():
    """What is kept and was damaged, cut or exchanged is not believed, and fetched again"""
    first = Portal(W)
    with first as p:
        assert p.report(W.read("tukar.pdf"))["conclusion"] == VALID
        good = {f: open(f, "rb").read() for f in files_of(os.path.join(p.data, "evidence"))}
        assert is_revoked(p)
    assert good, "nothing was kept"
    folder = os.path.join(first.data, "evidence")
    kept = {f: open(f, "rb").read() for f in files_of(folder)}
    octets = list(good.values())

    def spoil(how):
        for i, f in enumerate(files_of(folder)):
            with open(f, "r+b") as out:
                how(i, f, kept.get(f, b""), out)

    def flipped(i, f, was, out):
        out.seek(len(was) * (i + 1) // (len(kept) + 2))
        octet = was[out.tell()] if out.tell() < len(was) else 0
        out.write(bytes([octet ^ 0x41]))

    def end_flipped(i, f, was, out):
        out.seek(max(0, len(was) - 20))
        out.write(bytes(20))

    def exchanged(i, f, was, out):
        out.truncate(0)
        out.write(octets[i % len(octets)])

    def cut(i, f, was, out):
        out.truncate(len(was) // 2)

    def long(i, f, was, out):
        out.seek(0, os.SEEK_END)
        out.write(bytes(4096))

    def nonsense(i, f, was, out):
        out.truncate(0)
        out.write(os.urandom(5000))

    for how in (flipped, end_flipped, exchanged, cut, long, nonsense):
        for f, was in kept.items():
            with open(f, "wb") as out:
                out.write(was)
        spoil(how)
        with Portal(W, data=first.data) as p:
            assert is_revoked(p), how.__name__
            assert p.report(W.read("tukar.pdf"))["conclusion"] == VALID, how.__name__


def one_flight():
    """32 at once that lack the same cost one request, of a responder that takes its time"""
    with Portal(W) as p:
        mark = W.log.mark()
        found = each(p, ["satu.pdf"] * 32, 32)
        assert [r["conclusion"] for r in found] == [VALID] * 32, {r["conclusion"] for r in found}
        assert len(requests(mark, "/satu/")) == 1, requests(mark, "/satu/")


def down_and_up():
    """Not embedded, checked online: VALID; host down: named, no fault of the letter; up: VALID"""
    BROKEN.set()
    with Portal(W, W.conf(failure_seconds=2)) as p:
        letter = W.read("turun.pdf")
        r = p.report(letter)
        assert r["conclusion"] == OPEN and "REVOCATION_NO_ANSWER" in r["reasons"], r["reasons"]
        assert "turun.uji.example:" in " ".join(hosts(r)), r["wanted"]
        assert set(outcomes(r, W.sha256("turun")).values()) == {"unreachable"}, r["wanted"]
        assert all(w["asked"] and w["retry_at"] for w in r["wanted"]), r["wanted"]
        answer = p.upload(letter)
        page = p.get(answer.headers["location"])
        assert "turun.uji.example" in page.text, "the page does not name the host"
        assert "/status" in page.text, "the page does not link to the weather"
        assert "bukan kesalahan dokumen" in page.text.lower(), page.text
        BROKEN.clear()
        mark = W.log.mark()
        assert p.report(letter)["conclusion"] == OPEN, "asked again before its time"
        assert not requests(mark, "/turun/"), requests(mark)
        time.sleep(3.2)
        r = p.report(letter)
        assert r["conclusion"] == VALID and not r["wanted"], (r["reasons"], r["wanted"])
        assert r["signatures"][0]["revocation"]["source"] == "online"
        assert not r["signatures"][0]["ltv"]["enabled"]
        assert requests(mark, "/turun/")
        page = p.get(p.upload(letter).headers["location"])
        told = re.sub(r"<[^>]+>|\s+", " ", page.text)
        assert re.search(r"tidak tertanam, diperiksa daring pada \d", told, re.I), told
        english = re.sub(r"<[^>]+>|\s+", " ", p.get(p.upload(letter).headers["location"],
                                                    cookie="lang=en").text)
        assert re.search(r"not embedded, checked online at \d", english, re.I), english


def forgotten():
    """The command line: down, then up; a program that starts anew asks anew"""
    cli = Cli(W)
    BROKEN.set()
    r = cli.one("lupa.pdf")
    assert r["conclusion"] == OPEN and "lupa.uji.example" in " ".join(hosts(r)), r["wanted"]
    BROKEN.clear()
    r = cli.one("lupa.pdf")
    assert r["conclusion"] == VALID, r["reasons"]
    plain = subprocess.run([PERIKSA, "verify", *cli.args(), W.path("lupa.pdf")], env=cli.env(),
                           capture_output=True, text=True, check=False).stdout
    assert re.search(r"online|daring", plain), plain


def offline():
    """offline=true, --offline and PERIKSA_OFFLINE ask nobody, and say what is lacking"""
    BROKEN.clear()
    with Portal(W) as p:
        mark = W.log.mark()
        r = p.report(W.read("besok.pdf"), offline=True)
        assert r["conclusion"] == OPEN and not W.log.hits[mark:], W.log.hits[mark:]
        told = outcomes(r, W.sha256("besok"))
        assert told and set(told.values()) == {None}, r["wanted"]
        # and is judged again when asked again
        assert p.report(W.read("besok.pdf"))["conclusion"] == VALID
        # nor is what is kept used offline: it is not in the file
        assert p.report(W.read("besok.pdf"), offline=True)["conclusion"] == OPEN
    mark = W.log.mark()
    r = Cli(W).one("besok.pdf", more=["--offline"])
    assert r["conclusion"] == OPEN and not W.log.hits[mark:], W.log.hits[mark:]
    with Portal(W, PERIKSA_OFFLINE="1") as p:
        assert p.report(W.read("besok.pdf"))["conclusion"] == OPEN
        assert not W.log.hits[mark:] and p.fetcher() is None


def killed():
    """kill -9 of the fetcher in the middle of a hundred: each is answered, later all are VALID"""
    with Portal(W) as p:
        names = [f"mati{i}.pdf" for i in range(100)]
        over = threading.Event()
        kills = []

        def kill():
            # each time it is started later
            for pause in (0.2, 0.1, 0.4, 0.8):
                if over.wait(pause):
                    return
                if p.kill_fetcher() is not None:
                    kills.append(time.monotonic())

        killer = threading.Thread(target=kill)
        before = len(p.rows())
        killer.start()
        try:
            found = [r["conclusion"] for r in each(p, names, 8)]
        finally:
            over.set()
            killer.join()
        assert kills, "it was never killed"
        assert len(found) == 100 and set(found) <= {VALID, OPEN}, set(found)
        assert len(p.rows()) - before == 100
        p.wait_fetcher()
        end = time.monotonic() + 15
        while True:
            again = [r["conclusion"] for r in each(p, names, 8)]
            if set(again) == {VALID}:
                break
            assert time.monotonic() < end, again
            time.sleep(0.5)


def hung():
    """A fetcher that hangs: letters are answered all the same, INDETERMINATE at worst"""
    with Portal(W) as p:
        pid = p.wait_fetcher()
        os.kill(pid, 19)
        try:
            begin = time.monotonic()
            r = p.report(W.read("kurang.pdf"))
            assert r["conclusion"] == OPEN, r["conclusion"]
            assert time.monotonic() - begin < 12, time.monotonic() - begin
        finally:
            os.kill(pid, 18)


def refused():
    """Settings of a test are refused without the anchors of a demonstration"""
    W.anchors("real", marker=False)
    r = subprocess.run([PERIKSA, "serve", "--port", str(free_port()), "--data", W.path("none"), "--trust",
                        W.path("real"), "--evidence-conf", W.conf()], capture_output=True,
                       text=True, timeout=20, check=False)
    assert r.returncode != 0 and "test" in r.stderr, (r.returncode, r.stderr)
    mark = W.log.mark()
    cli = Cli(W, trust="real")
    r = subprocess.run([PERIKSA, "verify", "--json", *cli.args(), W.path("besok.pdf")],
                       env=cli.env(), capture_output=True, text=True, timeout=20, check=False)
    assert r.returncode != 0 and '"VALID"' not in r.stdout.split('"reasons"', 1)[0], r.stdout
    assert not W.log.hits[mark:], W.log.hits[mark:]


ANSWERED, NO_PATH = 1, 6  # of enum lookup_outcome
FETCH, BODIES = 1, 2


def order(certs, flags=FETCH):
    """An order of one question, as src/evidence/order.h has it: the status of the first."""
    question = struct.pack(">II", 0, len(certs)) + b"".join(
        struct.pack(">I", len(c)) + c for c in certs)
    body = struct.pack(">IIII", flags, 0, 1, len(question)) + question
    return struct.pack(">I", len(body)) + body


def say(portal, octets):
    """What the fetcher says to whoever may connect to it: an outcome, its octets; None: nothing."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(os.path.join(portal.data, "run", "fetch.sock"))
        s.sendall(octets)
        got = b""
        with contextlib.suppress(ConnectionError):
            while len(got) < 4 or len(got) < 4 + struct.unpack(">I", got[:4])[0]:
                part = s.recv(65536)
                if not part:
                    return None
                got += part
        return (struct.unpack(">I", got[8:12])[0], got) if len(got) >= 12 else None


def taken_over():
    """Whoever speaks for a worker that was taken over gets nobody asked but whom it should"""
    def der(*names):
        return [W.read(n + ".der") for n in names]

    with Portal(W) as p:
        mark = W.log.mark()
        for certs in (der("asli", "eca", "eroot"), der("asli", "eca"), der("asli", "ca", "root"),
                      der("asli"), der("asli", "eca", "root")):
            found = say(p, order(certs))
            assert found is not None and found[0] == NO_PATH, found
        assert not W.log.hits[mark:], W.log.hits[mark:]
        # nor does it say what it keeps, nor care about nonsense
        found = say(p, order(der("tukar", "ca", "root"), FETCH | BODIES))
        assert found is not None and found[0] == ANSWERED and len(found[1]) < 300, found
        for octets in (b"\0" * 4, b"\xff" * 64, struct.pack(">I", 1 << 30) + bytes(100),
                       order([]), order([b""]), order([bytes(60000)]), order(der("tukar") * 9),
                       os.urandom(5000)):
            try:
                found = say(p, octets)
            except (socket.timeout, BrokenPipeError):
                found = None
            assert found is None or found[0] not in (ANSWERED,), (octets[:20], found)
        assert p.report(W.read("tukar.pdf"))["conclusion"] == VALID


def leaves_nothing():
    """No process of ours is left"""
    end = time.monotonic() + 5
    while True:
        left = subprocess.run(["pgrep", "-f", W.dir], capture_output=True, text=True,
                              check=False).stdout.split()
        fetchers = [p for p in left if "periksa" in comm(p)]
        if not fetchers:
            return
        assert time.monotonic() < end, [(p, comm(p)) for p in fetchers]
        time.sleep(0.1)


def comm(pid):
    """Its name; "" if it is gone."""
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as f:
            return f.read()
    except OSError:
        return ""


if __name__ == "__main__":
    with World() as W:
        prepare(W)
        points = [thousand_cli, forgotten, leaves_nothing] if NO_PORTAL else [
            thousand_cli, thousand_portal, damaged, one_flight, down_and_up, forgotten, offline,
            killed, hung, refused, taken_over, leaves_nothing]
        bad = main([((t.__doc__ or "").strip().split("\n")[0], t) for t in points])
    sys.exit(1 if bad else 0)
