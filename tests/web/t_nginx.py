#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""conf/nginx.conf, run by Debian's nginx with a certificate of its own, in front of a portal."""
import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Answer, Portal, ROOT, demo, folder, form, free_port, main, read  # noqa: E402
from portal import samples  # noqa: E402
from person import Person  # noqa: E402

D = P = N = GOOD = None


class Nginx:
    """nginx with the shipped configuration; only the lines marked "here" are changed."""

    def __init__(self, portal_port):
        self.dir = folder()
        self.port, self.plain = free_port(), free_port()
        key, crt = (os.path.join(self.dir, n) for n in ("key.pem", "crt.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", key, "-out", crt], check=True, capture_output=True)
        conf = read(ROOT, "conf", "nginx.conf").decode()
        changes = [("server 127.0.0.1:8080;", f"server 127.0.0.1:{portal_port};"),
                   ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
                   ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                   ("server_name periksa.example.go.id;", "server_name localhost;"),
                   ("/etc/ssl/periksa/fullchain.pem", crt), ("/etc/ssl/periksa/key.pem", key),
                   ("/var/log/nginx/periksa.log", self.path("access.log"))]
        marked = [line for line in conf.splitlines() if re.search(r"# here", line)]
        for old, new in changes:
            assert any(old in line for line in marked), f"{old} is not marked"
            conf = conf.replace(old, new)
        temp = "".join(f"{kind}_temp_path {self.path(kind)};\n" for kind in
                       ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        with open(self.path("nginx.conf"), "w", encoding="utf-8") as f:
            f.write(f"{user}daemon off;\nworker_processes 1;\npid {self.path('pid')};\n"
                    f"error_log {self.path('error.log')};\n"
                    f"events {{ worker_connections 256; }}\nhttp {{\n{temp}{conf}}}\n")
        self.process = None
        self.tls = ssl.create_default_context(cafile=crt)

    def path(self, name):
        """A file in its folder."""
        return os.path.join(self.dir, name)

    def __enter__(self):
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["/usr/sbin/nginx", "-p", self.dir, "-c", self.path("nginx.conf"),
             "-e", self.path("error.log")], stdin=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise AssertionError("nginx does not start: " + read(self.path("error.log")).decode())

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def ask(self, method, path, body=None, headers=None, tls=None):
        """One request over TLS."""
        c = http.client.HTTPSConnection("localhost", self.port, context=tls or self.tls, timeout=60)
        try:
            c.request(method, path, body, headers or {})
            return Answer(c.getresponse())
        finally:
            c.close()


def page():
    """The first page over TLS, with HSTS and without a server's name"""
    r = N.ask("GET", "/")
    assert r.status == 200 and "Periksa keaslian" in r.text
    assert r.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "Periksa" not in r.headers.get("server", "") and "/" not in r.headers["server"]
    assert "default-src 'none'" in r.headers["content-security-policy"]
    c = http.client.HTTPConnection("127.0.0.1", N.plain, timeout=10)
    c.request("GET", "/v/x", headers={"Host": "localhost"})
    r = Answer(c.getresponse())
    c.close()
    assert r.status == 301 and r.headers["location"] == "https://localhost/v/x", r.headers


def versions():
    """TLS 1.2 and 1.3, nothing older"""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        tls = ssl.create_default_context(cafile=N.path("crt.pem"))
        tls.minimum_version = tls.maximum_version = version
        assert N.ask("GET", "/health/live", tls=tls).status == 200, version
    old = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{N.port}", "-tls1_1",
                          "-cipher", "ALL:@SECLEVEL=0"], check=False, capture_output=True,
                         stdin=subprocess.DEVNULL)
    assert old.returncode != 0, old.stdout


def upload():
    """Uploads by form and API, small and through the disk, chunked and with Expect"""
    for data in (GOOD, GOOD + b"\n" * (3 << 20)):
        body, head = form(data)
        r = N.ask("POST", "/verify", body, head)
        assert r.status == 303, (r.status, r.text)
        t = N.ask("GET", r.headers["location"]).text
        assert 'data-conclusion="' in t
        r = N.ask("POST", "/api/v1/verifications", data, {"Content-Type": "application/pdf"})
        assert r.status == 200 and r.json["document"]["size"] == len(data)
    r = N.ask("POST", "/api/v1/verifications", iter([GOOD[:1000], GOOD[1000:]]),
              {"Content-Type": "application/pdf"})
    assert r.status == 200 and r.json["document"]["size"] == len(GOOD), r.text
    started = time.monotonic()
    r = N.ask("POST", "/api/v1/verifications", GOOD,
              {"Content-Type": "application/pdf", "Expect": "100-continue"})
    assert r.status == 200 and time.monotonic() - started < 0.9


def staff():
    """Staff sign in through it; a form from elsewhere is refused by what the browser says"""
    b = Person(P, "Ayu")
    b.p = N
    here = {"Origin": f"https://localhost:{N.port}", "Sec-Fetch-Site": "same-origin"}
    b.get("/staff/login")
    for wrong in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        a = b.post("/staff/login", {"name": "Ayu", "password": b.password, "code": b.code()},
                   page="/staff/login", **wrong)
        assert a.status == 403 and "set-cookie" not in a.headers, (wrong, a.status)
    b.used = 0
    a = b.post("/staff/login", {"name": "Ayu", "password": b.password, "code": b.code()},
               page="/staff/login", **here)
    assert a.status == 303 and a.headers["location"] == "/staff", (a.status, a.headline)
    assert b.get("/staff/account").status == 200
    # five wrong guesses lock this address, whatever it calls itself
    b.cookie = None
    for n in range(5):
        b.address = f"192.0.2.{n}"
        assert b.enter(name="Other", code="000000").status == 403
    b.address = "192.0.2.99"
    assert b.enter(name="Other", code="000000").status == 429


def errors():
    """413 and 411 are our page, or a problem for programs, in the visitor's language"""
    big = {"Content-Length": str(1 << 34), "Content-Type": "application/pdf"}
    r = N.ask("POST", "/verify", None, {**big, "Cookie": "lang=en"})
    assert r.status == 413 and "This file is too large" in r.text, (r.status, r.text[:300])
    assert "max-age=31536000" in r.headers["strict-transport-security"]
    r = N.ask("POST", "/api/v1/verifications", None, big)
    assert r.status == 413 and r.json["status"] == 413, r.text
    assert r.headers["content-type"] == "application/problem+json"
    c = http.client.HTTPSConnection("localhost", N.port, context=N.tls, timeout=60)
    c.putrequest("POST", "/api/v1/verifications")
    c.putheader("Content-Type", "application/pdf")
    c.endheaders()
    r = Answer(c.getresponse())
    c.close()
    assert r.status == 411 and r.json["status"] == 411, (r.status, r.text)
    assert N.ask("GET", "/periksa-down/page").status == 404
    assert N.ask("GET", "/periksa-error/413").status == 404


def headers():
    """Forty header lines and a forged X-Forwarded-For do no harm"""
    many = {f"X-Header-{i}": "x" * 50 for i in range(40)}
    r = N.ask("POST", "/api/v1/verifications", GOOD,
              {**many, "Content-Type": "application/pdf", "X-Empty": ""})
    assert r.status == 200, r.text
    with Portal(D, PERIKSA_RATE="2") as p, Nginx(p.port) as n:
        body, head = form(GOOD)
        codes = [n.ask("POST", "/verify", body, {**head, "X-Forwarded-For": f"192.0.2.{i}"}).status
                 for i in range(4)]
        assert codes == [303, 303, 429, 429], codes


def discreet():
    """nginx's log has neither a full address nor a result's"""
    body, head = form(GOOD)
    where = N.ask("POST", "/verify", body, head).headers["location"]
    N.ask("GET", where)
    time.sleep(0.2)
    log = read(N.path("access.log")).decode()
    assert "/v/-" in log and where not in log and "127.0.0.1" not in log, log
    assert "127.0.0.0 " in log


def away():
    """With the portal gone: 503 with Retry-After, a page or a problem"""
    with Portal(D) as p, Nginx(p.port) as n:
        assert n.ask("GET", "/").status == 200
        p.process.send_signal(signal.SIGTERM)
        p.process.wait(20)
        r = n.ask("GET", "/")
        assert r.status == 503 and "tidak terjangkau" in r.text, (r.status, r.text)
        assert int(r.headers["retry-after"]) > 0
        assert r.headers["content-type"] == "text/html; charset=utf-8"
        assert "max-age" in r.headers["strict-transport-security"]
        r = n.ask("POST", "/api/v1/verifications", GOOD, {"Content-Type": "application/pdf"})
        assert r.status == 503 and r.json["status"] == 503, r.text
        assert r.headers["content-type"] == "application/problem+json"


if __name__ == "__main__":
    D = demo()
    GOOD = read(D, sorted(n for n, c in samples(D).items() if c == "VALID")[0])
    with Portal(D) as P, Nginx(P.port) as N:
        main([page, versions, upload, staff, errors, headers, discreet, away])
