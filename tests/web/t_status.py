#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""The portal and the network: two passes, /status, readiness, anchors that change under it."""
import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "online")]
import portal  # noqa: E402
import servers  # noqa: E402
from portal import HEADLINES, PERIKSA, ROOT, demo, folder, form, main, read, samples  # noqa: E402
from world import Portal, World, hosts, outcomes  # noqa: E402

W = None  # the world of the network
D = None  # samples
GOOD = None  # a signed one with all that it needs


def page(r, status=200):
    """The headers of every page; its text."""
    assert r.status == status, (r.status, r.body[:300])
    assert r.headers["content-security-policy"].startswith("default-src 'none'; "), r.headers
    assert r.headers["content-type"] == "text/html; charset=utf-8"
    assert r.headers["cache-control"] == "no-store"
    assert "{{" not in r.text and len(r.body) < 100 << 10
    assert not re.search(r'(?:src|action)="(?!/)', r.text), "something from elsewhere"
    return r.text


def recorded(trust):
    """The anchors of this folder are what is wanted: readiness asks for it."""
    subprocess.run([PERIKSA, "trust", "check", "--trust", trust, "--record", "--approved-by",
                    "Penguji Contoh"], check=False, stdout=subprocess.DEVNULL)
    assert os.path.exists(os.path.join(trust, "history"))


def until(what, seconds=20):
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if what():
                return
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)


class Service(portal.Portal):
    """A portal without a network of the tests."""

    def __init__(self, *more, **env):
        super().__init__(None, **env)
        self.args += more

    def hup(self):
        """Read again what can change."""
        self.process.send_signal(signal.SIGHUP)

    def kore(self):
        """The process that listens."""
        for pid in self.family():
            with contextlib.suppress(OSError):
                if read("/proc", str(pid), "comm") == b"kore\n":
                    return pid
        return None

    def unready(self):
        """Readiness, which is not given."""
        r = self.get("/health/ready")
        assert r.status == 503 and int(r.headers["retry-after"]) > 0, (r.status, r.body)
        return r.json


class Unready(Service):
    """It only lives."""

    def wait_ready(self, seconds=20):
        until(lambda: self.process.poll() is None and
              self.get("/health/live").status == 200, seconds)


def offline_page():
    """An offline portal says so, in both languages and as JSON"""
    with Service("--offline", "--demo", D) as p:
        t = page(p.get("/status"))
        assert '<html lang="id">' in t and "Cuaca kepercayaan" in t
        assert "tidak bertanya ke jaringan" in t and "bukan kesalahan surat" in t
        t = page(p.get("/status?lang=en"))
        assert "Trust weather" in t and "does not ask the network" in t
        for r in (p.get("/status.json"), p.get("/status", accept="application/json")):
            assert r.headers["content-type"] == "application/json"
            assert r.json["schema"] == "periksa.status/1" and r.json["online"] is False
            assert r.json["hosts"] == []
        assert 'href="/status"' in page(p.get("/")) and 'href="/status?lang=en"' in \
            page(p.get("/?lang=en"))
        assert p.ask("POST", "/status", b"").status == 405
        assert p.get("/health/ready").json["fetcher"] is None
        assert p.api(GOOD).json["offline"] is True
    with Service("--demo", D, PERIKSA_OFFLINE="1") as p:
        assert p.get("/status.json").json["online"] is False


def record():
    """Not ready when the anchors are not those that were recorded; a reload heals it"""
    trust = os.path.join(folder(), "trust")
    shutil.copytree(os.path.join(ROOT, "conf", "trust"), trust)
    history = read(trust, "history")
    with open(os.path.join(trust, "history"), "ab") as f:
        f.write(history.splitlines(True)[-1].replace(b"\trecorded\t", b"\tadded\t"))
    with Unready("--trust", trust) as p:
        r = p.unready()
        assert r["record"] is False and r["anchors"] is True and r["inspector"] is True, r
        assert r["canary"] == {"good": True, "revoked": True, "changed": True}, r
        assert p.get("/").status == 200
        with open(os.path.join(trust, "history"), "wb") as f:
            f.write(history)
        p.hup()
        p_ready = lambda: p.get("/health/ready").status == 200  # noqa: E731
        until(p_ready)


def another_home():
    """A program's folder like ours, with a copy of the canary letters."""
    home = folder()
    for name in ("templates", "assets", "conf", "kore.conf"):
        os.symlink(os.path.join(ROOT, name), os.path.join(home, name))
    shutil.copytree(os.path.join(os.path.dirname(PERIKSA), "canary"),
                    os.path.join(home, "canary"))
    return home


def canary():
    """Not ready when a known letter gets another verdict, each named; nor without them"""
    for name, swap in (("good", "changed"), ("revoked", "good"), ("changed", "good")):
        home = another_home()
        shutil.copy(os.path.join(home, "canary", swap + ".pdf"),
                    os.path.join(home, "canary", "new"))
        os.replace(os.path.join(home, "canary", "new"),
                   os.path.join(home, "canary", name + ".pdf"))
        with Unready("--demo", D, PERIKSA_HOME=home) as p:
            want = {"good": True, "revoked": True, "changed": True, name: False}
            for _ in range(3):
                r = p.unready()
                assert r["canary"] == want and r["inspector"] is True, r
            # and yet nobody is turned away
            assert p.api(GOOD).json["conclusion"] == "VALID"
    home = another_home()
    shutil.rmtree(os.path.join(home, "canary", "anchors"))
    with Unready("--demo", D, PERIKSA_HOME=home) as p:
        assert p.unready()["canary"] == {"good": False, "revoked": False, "changed": False}


def probes_are_cheap():
    """A hundred probes: canaries are not judged for each, and none is wrong"""
    with Service("--demo", D) as p:
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(lambda _: p.get("/health/ready").status, range(100)))
        assert codes == [200] * 100, codes
        assert time.monotonic() - begin < 20


def reload_keeps_serving():
    """SIGHUP: other anchors, and no visitor is cut off; a set that is wrong leaves the old one"""
    trust = os.path.join(folder(), "anchors")
    shutil.copytree(os.path.join(D, "anchors"), trust)
    other = demo()
    roots = [n for n in os.listdir(os.path.join(other, "anchors")) if n.endswith(".pem")]
    stop, bad, ids = threading.Event(), [], []

    def visit():
        while not stop.is_set():
            try:
                r = p.api(GOOD)
                if r.status != 200 or r.json["conclusion"] != "VALID":
                    bad.append((r.status, r.body[:300]))
                ids.append(r.json["trust"]["id"])
                page(p.get("/"))
            except Exception as e:  # pylint: disable=broad-except
                bad.append(repr(e))

    with Service("--trust", trust) as p:
        kore = p.kore()
        threads = [threading.Thread(target=visit) for _ in range(3)]
        for t in threads:
            t.start()
        try:
            until(lambda: ids)
            first = ids[-1]
            for name in roots:
                shutil.copy(os.path.join(other, "anchors", name), os.path.join(trust, "b" + name))
            p.hup()
            until(lambda: ids[-1] != first)
            second = ids[-1]
            p.wait_ready()
            assert "Mode demonstrasi." in p.get("/").text
            os.unlink(os.path.join(trust, "DEMONSTRATION"))
            p.hup()
            until(lambda: "Mode demonstrasi." not in p.get("/").text)
            # nothing that can be loaded
            os.rename(trust, trust + ".away")
            p.hup()
            until(lambda: "not loaded anew" in p.said())
            time.sleep(0.5)
            assert ids[-1] == second and p.get("/health/ready").status == 200
            os.rename(trust + ".away", trust)
            for _ in range(5):
                p.hup()
                time.sleep(0.3)
            p.wait_ready()
        finally:
            stop.set()
            for t in threads:
                t.join()
        assert bad == [], bad[:3]
        assert p.kore() == kore, "Kore was started anew"


def refused():
    """A test's settings need the anchors of a demonstration; a wrong evidence.conf stops the start"""
    conf = W.conf()
    for more, why in (((), b"test"),
                      (("--trust", W.path("anchors"), "--evidence-conf", "/nowhere"), b"nowhere")):
        args = [PERIKSA, "serve", "--port", str(portal.free_port()), "--data",
                os.path.join(folder(), "data"), *(more or ("--evidence-conf", conf))]
        r = subprocess.run(args, env={**os.environ, "PERIKSA_HOME": ROOT}, check=False,
                           capture_output=True, timeout=20)
        assert r.returncode == 1 and why in r.stderr, (r.returncode, r.stderr)
    with Portal(W, conf) as p:
        os.unlink(W.path("anchors", "DEMONSTRATION"))
        try:
            p.process.send_signal(signal.SIGHUP)
            until(lambda: "not loaded anew" in p.said())
            assert p.report(W.read("baik.pdf"))["trust"]["demonstration"] is True
        finally:
            W.write("anchors/DEMONSTRATION", "")


def weather(p, host):
    """What /status.json says of a host; it is told a second late."""
    found = []

    def look():
        s = p.get("/status.json").json
        assert s["online"] is True and s["known"] is True, s
        found[:] = [h for h in s["hosts"] if h["host"] == host]
        return found

    until(look)
    return found[0]


def recovers():
    """A letter that lacked an answer is VALID when it is asked again and the host is well"""
    with Portal(W) as p:
        assert p.report(W.read("pulih.pdf"))["conclusion"] == "INDETERMINATE"
        W.web.routes["/pulih/ocsp"] = W.real
        until(lambda: p.report(W.read("pulih.pdf"))["conclusion"] == "VALID")
        until(lambda: weather(p, W.host("pulih"))["state"] == "answers")


def online():
    """A B-T letter: VALID online, in the JSON and on the page, which says when it was asked"""
    data = W.read("baik.pdf")
    with Portal(W) as p:
        r = p.report(data)
        assert r["conclusion"] == "VALID" and r["offline"] is False, r["reasons"]
        rev = r["signatures"][0]["revocation"]
        assert rev["source"] == "online" and rev["checked_at"], rev
        location = p.upload(data).headers["location"]
        assert p.get(location + ".json").json["conclusion"] == "VALID"
        t = page(p.get(location))
        assert HEADLINES["VALID"][0] in t and "Tidak tertanam, diperiksa daring pada " in t
        assert "Not embedded, checked online at " in page(p.get(location + "?lang=en"))
        assert "id=\"lack\"" not in t
        mine = weather(p, W.host("baik"))
        assert mine["state"] == "answers" and mine["failures"] == 0, mine
        t = page(p.get("/status"))
        assert W.host("baik") in t and "menjawab" in t
        assert "answers" in page(p.get("/status?lang=en"))
        # no more than the first asks: it is kept
        mark = W.log.mark()
        for _ in range(5):
            assert p.report(data)["conclusion"] == "VALID"
        assert W.log.since(mark, "web") == [], W.log.since(mark, "web")


def not_asked():
    """offline=true, in the address or in the form: nobody is asked, and the report says so"""
    data = W.read("baik.pdf")
    with Portal(W) as p:
        mark = W.log.mark()
        r = p.report(data, offline=True)
        assert r["conclusion"] == "INDETERMINATE" and r["offline"] is True
        assert r["wanted"] and {w["outcome"] for w in r["wanted"]} == {None}, r["wanted"]
        body, head = form(data)
        sign = head["Content-Type"].split("boundary=")[1]
        body = (f'--{sign}\r\nContent-Disposition: form-data; name="offline"\r\n\r\ntrue\r\n'
                .encode() + body)
        r = p.ask("POST", "/api/v1/verifications", body, head)
        assert r.json["offline"] is True and r.json["conclusion"] == "INDETERMINATE"
        location = p.ask("POST", "/verify", body, head).headers["location"]
        t = page(p.get(location))
        assert 'id="not-asked"' in t and "tidak bertanya ke jaringan" in t
        assert W.log.since(mark, "web") == []


def no_answer():
    """The responder is down: INDETERMINATE, its host named with when to ask again, and /status"""
    name = W.host("bisu")
    with Portal(W, W.conf(failure_seconds=4)) as p:
        r = p.report(W.read("bisu.pdf"))
        assert r["conclusion"] == "INDETERMINATE" and r["reasons"][0] == "REVOCATION", r["reasons"]
        assert name in hosts(r) and set(outcomes(r).values()) <= {"refused", "unreachable",
                                                                   "too_slow", "malformed"}
        assert all(w["retry_at"] for w in r["wanted"] if w["host"]), r["wanted"]
        location = p.upload(W.read("bisu.pdf")).headers["location"]
        kept = p.get(location + ".json")
        assert name in hosts(kept.json) and b"question" not in kept.body
        t = page(p.get(location))
        assert HEADLINES["INDETERMINATE"][0] in t and 'id="lack"' in t and name in t
        assert "Periksa lagi setelah " in t and "bukan kesalahan dokumen" in t
        assert 'href="/status"' in t
        t = page(p.get(location + "?lang=en"))
        assert name in t and "Check again after " in t and 'href="/status?lang=en"' in t
        # after the third failure in a row it is left alone for a while
        until(lambda: p.report(W.read("bisu.pdf")) and weather(p, name)["retry_at"])
        mine = weather(p, name)
        assert mine["state"] == "silent" and mine["failures"] >= 3, mine
        assert mine["answered_at"] is None
        t = page(p.get("/status"))
        assert name in t and "belum pernah menjawab" in t
        assert "Ditanya lagi paling cepat" in t


def slow_holds_nobody():
    """While letters wait for a slow host, others are judged; each is answered in its time"""
    with Portal(W, W.conf(deadline=3000)) as p, concurrent.futures.ThreadPoolExecutor(24) as pool:
        begin = time.monotonic()
        waiting = [pool.submit(p.report, W.read("lambat.pdf")) for _ in range(20)]
        time.sleep(0.3)
        for _ in range(10):
            at = time.monotonic()
            assert p.report(GOOD_HERE)["conclusion"] == "VALID"
            assert time.monotonic() - at < 1.5
        assert all(w.result()["conclusion"] == "INDETERMINATE" for w in waiting)
        assert time.monotonic() - begin < 12


def crowd():
    """More letters than a fetcher takes at once, of a slow host: each is asked about"""
    data = W.read("lambat.pdf")
    with Portal(W, W.conf(deadline=4000, failure_seconds=60)) as p:
        with concurrent.futures.ThreadPoolExecutor(700) as pool:
            got = list(pool.map(lambda _: p.report(data), range(700)))
        said = {o for r in got for o in outcomes(r).values()}
        assert "not_available" not in said and said, said
        assert {r["conclusion"] for r in got} == {"INDETERMINATE"}


def fetcher_killed():
    """periksa-fetch is killed again and again during 100 verifications: none is lost"""
    names = ["baik", "bisu", "lambat"]
    with Portal(W) as p, concurrent.futures.ThreadPoolExecutor(8) as pool:
        p.wait_fetcher()
        done = threading.Event()

        def kill():
            while not done.is_set():
                p.kill_fetcher()
                time.sleep(0.4)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            got = list(pool.map(lambda i: p.report(W.read(names[i % 3] + ".pdf")), range(100)))
        finally:
            done.set()
            killer.join()
        assert {r["conclusion"] for r in got} <= {"VALID", "INDETERMINATE"}
        assert all(r["conclusion"] == "INDETERMINATE" for i, r in enumerate(got) if i % 3)
        for r in got:
            assert r["conclusion"] == "VALID" or r["wanted"]
            assert "NOT_EXAMINED" not in r["reasons"]
        assert len(p.rows()) == 100
        p.wait_fetcher()
        until(lambda: p.get("/health/ready").json["fetcher"] is True)
        assert p.report(W.read("baik.pdf"))["conclusion"] == "VALID"


def fetcher_gone():
    """A fetcher that hangs is told by readiness, which stays green, and leaves the first report"""
    with Portal(W) as p:
        pid = p.wait_fetcher()
        until(lambda: p.get("/health/ready").json["fetcher"] is True)
        os.kill(pid, signal.SIGSTOP)
        try:
            r = p.get("/health/ready")
            assert r.status == 200 and r.json["fetcher"] is False, r.json
            begin = time.monotonic()
            r = p.report(W.read("baik.pdf"))
            assert r["conclusion"] == "INDETERMINATE" and r["offline"] is False
            assert "not_available" in outcomes(r).values(), r["wanted"]
            assert time.monotonic() - begin < 8
        finally:
            os.kill(pid, signal.SIGCONT)
        until(lambda: p.get("/health/ready").json["fetcher"] is True)


def annotated(data):
    """The letter with one more revision, which puts a black square on the page as a note."""
    prev = data.rsplit(b"startxref", 1)[1].split()[0]
    trailer = data.rsplit(b"trailer", 1)[1]
    size = int(re.search(rb"/Size (\d+)", trailer).group(1))
    keys = b" ".join(re.search(rb"/%s [^/>]+(?=[/>])" % k, trailer).group(0)
                     for k in (b"Root", b"Info"))
    number, page_text = re.findall(rb"\n(\d+) 0 obj\n(<< /Type /Page /.*?)\nendobj", data, re.S)[-1]
    draw = b"0 g 0 0 60 60 re f"
    objects = [
        (int(number), re.sub(rb"/Annots \[([^]]*)\]", rb"/Annots [\1 %d 0 R]" % size, page_text)),
        (size, b"<< /Type /Annot /Subtype /Square /F 4 /Rect [40 40 100 100] /AP << /N %d 0 R >> >>"
         % (size + 1)),
        (size + 1, b"<< /Type /XObject /Subtype /Form /BBox [0 0 60 60] /Length %d >>\nstream\n%s\n"
         b"endstream" % (len(draw), draw))]
    table = b"xref\n"
    for n, text in objects:
        table += b"%d 1\n%010d 00000 n \n" % (n, len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (n, text)
    return (data + table + b"trailer\n<< /Size %d %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
            % (size + 2, keys, prev, len(data)))


def pictures_once():
    """A letter with a note that also lacks evidence: judged twice, and its pictures are there"""
    data = annotated(W.read("ubah.pdf"))
    with Portal(W) as p:
        mark = W.log.mark()
        location = p.upload(data).headers["location"]
        r = p.get(location + ".json").json
        assert W.log.since(mark, "web", path="/ubah/"), (r["conclusion"], r["reasons"])
        s = r["signatures"][0]
        assert r["conclusion"] == "INDETERMINATE" and s["revocation"]["source"] == "online", r
        assert s["visual"]["status"] == "differs" and s["visual"]["pages"] == [1], s["visual"]
        found = re.findall(r'<img src="(/v/[^"]+)"', page(p.get(location)))
        assert len(found) == 2 and all(p.get(f).status == 200 for f in found), found


def closed():
    """As root: files that the portal's user may not come near serve all the same"""
    if os.geteuid() != 0:
        return
    home = os.path.join(folder(), "closed")
    os.mkdir(home, 0o700)
    for name in ("templates", "assets", "conf", "canary"):
        shutil.copytree(os.path.join(ROOT if name != "canary" else os.path.dirname(PERIKSA), name),
                        os.path.join(home, name))
    for name in ("kore.conf", "portal.so", "periksa-fetch", "periksa-draw"):
        shutil.copy(os.path.join(ROOT if name == "kore.conf" else os.path.dirname(PERIKSA), name),
                    home)
    trust = shutil.copytree(W.path("anchors"), os.path.join(home, "anchors"))
    conf = shutil.copy(W.conf(), home)
    p = Service("--trust", trust, "--evidence-conf", conf, PERIKSA_HOME=home)
    p.data = os.path.join(home, "data")
    p.args[p.args.index("--data") + 1] = p.data
    with p:
        until(lambda: p.get("/health/ready").json["fetcher"] is True)
        assert p.api(W.read("baik.pdf")).json["conclusion"] == "VALID"
        until(lambda: p.get("/status.json").json["hosts"])
        assert os.listdir(os.path.join(p.data, "evidence")), "nothing is kept"


POINTS = [offline_page, closed, record, canary, probes_are_cheap, reload_keeps_serving,
          refused, online, pictures_once, not_asked, no_answer, recovers, slow_holds_nobody,
          crowd, fetcher_killed, fetcher_gone]

if __name__ == "__main__":
    if "asan" in os.path.basename(os.path.dirname(PERIKSA)):
        main([])
        sys.exit(0)
    D = demo()
    GOOD = read(D, sorted(n for n, c in samples(D).items() if c == "VALID")[0])
    with World() as W:
        for letter in ("baik", "bisu", "lambat", "pulih", "ubah"):
            W.standard(letter)
        W.make()
        recorded(W.path("anchors"))
        W.web.routes.update({"/baik/ocsp": W.real, "/baik/ca.crl": W.crl("ca.crl")})
        W.web.routes.update({"/ubah/ocsp": W.real, "/ubah/ca.crl": W.crl("ca.crl")})
        W.web.routes["/lambat/"] = lambda ask: ask.wait(20)
        W.web.routes["/bisu/"] = servers.drop
        W.web.routes["/pulih/"] = servers.answer(b"", None, 503)
        GOOD_HERE = W.read("baik.pdf")
        only = os.environ.get("ONLY")
        main([q for q in POINTS if only is None or q.__name__ in only.split()])
