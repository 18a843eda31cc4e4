# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the portal share: start one with fresh data, ask it, speak TAP."""
import csv
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

PERIKSA = os.path.abspath(os.environ.get("PERIKSA", "build/periksa"))
TMP = os.environ.get("TMPDIR", "/tmp")
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

HEADLINES = {
    "VALID": ("Dokumen ini asli dan tidak berubah sejak ditandatangani.",
              "This document is genuine and unchanged since it was signed."),
    "ADDED": ("Dokumen ini asli; setelah ditandatangani ditambahkan: ",
              "This document is genuine; added after signing: "),
    "CHANGED": ("Dokumen ini diubah setelah ditandatangani.",
                "This document was changed after it was signed."),
    "INVALID": ("Tanda tangan elektronik pada dokumen ini tidak sah.",
                "The electronic signature on this document is not valid."),
    "INDETERMINATE": ("Keaslian dokumen ini belum dapat dipastikan.",
                      "This document could not be confirmed."),
    "NO_SIGNATURE": ("Dokumen ini tidak memiliki tanda tangan elektronik tersertifikasi.",
                     "This document has no certificate-based electronic signature."),
    "UNREADABLE": ("Berkas ini bukan PDF yang dapat dibaca.",
                   "This file is not a PDF that can be read."),
}


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def folder():
    """A new folder that the unprivileged user may pass through."""
    path = tempfile.mkdtemp(dir=TMP)
    os.chmod(path, 0o755)
    return path


def demo():
    """A folder with samples and their anchors."""
    path = os.path.join(folder(), "demo")
    subprocess.run([PERIKSA, "demo", path], check=True, stdout=subprocess.DEVNULL)
    return path


def samples(path):
    """file name -> expected conclusion"""
    with open(os.path.join(path, "samples.tsv"), encoding="utf-8", newline="") as f:
        return {row[0]: row[1] for row in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}


def read(*path):
    """The bytes of a file."""
    with open(os.path.join(*path), "rb") as f:
        return f.read()


def form(data, name="surat.pdf", field="file", password=None, password_first=True, extra=0):
    """A multipart body and its headers; extra: octets of a field that nobody reads."""
    mark = "----periksa" + os.urandom(8).hex()

    def part(head, body):
        head = f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n\r\n"
        return head.encode("utf-8") + body + b"\r\n"

    parts = [part(f'name="{field}"; filename="{name}"\r\nContent-Type: application/pdf', data)]
    if extra:
        parts.insert(0, part('name="extra"', bytes(extra)))
    if password is not None:
        parts.insert(0 if password_first else len(parts),
                     part('name="password"', password.encode("utf-8")))
    return (b"".join(parts) + f"--{mark}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={mark}"})


class Answer:
    """One HTTP answer, read to its end."""

    def __init__(self, r):
        self.status = r.status
        self.headers = {k.lower(): v for k, v in r.getheaders()}
        self.body = r.read()

    @property
    def text(self):
        """The body as text."""
        return self.body.decode("utf-8")

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def headline(self):
        """The text of the page's h1."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.S)
        return found.group(1) if found else None


class Portal:
    """`periksa serve` with fresh data on a free port; use it in a with statement."""

    def __init__(self, demo_dir=None, **env):
        self.port = free_port()
        self.data = os.path.join(folder(), "data")
        self.env = {**os.environ, "PERIKSA_RATE": "0", "PERIKSA_HOME": ROOT, **env}
        self.env.pop("PERIKSA_DATA", None)
        self.log = open(os.path.join(folder(), "log"), "w+b")  # pylint: disable=consider-using-with
        self.args = ["serve", "--port", str(self.port), "--data", self.data]
        if demo_dir is not None:
            self.args += ["--demo", demo_dir]
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [PERIKSA, *self.args], env=self.env, stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log, start_new_session=True)
        try:
            self.wait_ready()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def wait_ready(self, seconds=20):
        """Until it says so itself."""
        end = time.monotonic() + seconds
        while True:
            try:
                if self.get("/health/ready").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("the portal does not become ready:\n" + self.said())
            time.sleep(0.02)

    def said(self):
        """What it has logged."""
        self.log.flush()
        return read(self.log.name).decode("utf-8", "replace")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in self.family():
            os.kill(pid, signal.SIGKILL)
        if _[0] is not None:
            sys.stderr.write(self.said())
        self.log.close()

    def family(self):
        """Every process of its session that lives."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                stat = read("/proc", pid, "stat").rsplit(b")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if int(stat[3]) == self.process.pid and stat[0] != b"Z":
                found.append(int(pid))
        return found

    def ask(self, method, path, body=None, headers=None, timeout=60):
        """One request on a connection of its own."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            c.request(method, path, body, headers or {})
            return Answer(c.getresponse())
        finally:
            c.close()

    def get(self, path, **headers):
        """GET"""
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def api(self, data, query="", **headers):
        """Verify by the API."""
        return self.ask("POST", "/api/v1/verifications" + query, data,
                        {"Content-Type": "application/pdf",
                         **{k.replace("_", "-"): v for k, v in headers.items()}})

    def upload(self, data, name="surat.pdf", query="", **headers):
        """Verify by the form; the answer to the POST."""
        body, head = form(data, name)
        return self.ask("POST", "/verify" + query, body,
                        {**head, **{k.replace("_", "-"): v for k, v in headers.items()}})

    def rows(self):
        """The verification log."""
        out = subprocess.run([PERIKSA, "log", "query", "--json"], check=True, capture_output=True,
                             env={**self.env, "PERIKSA_DATA": self.data}).stdout
        return [json.loads(line) for line in out.splitlines()]

    def raw(self, data, timeout=20):
        """Bytes as they are; what comes back until the other side closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            s.sendall(data)
            got = b""
            try:
                while b"\r\n\r\n" not in got:
                    part = s.recv(65536)
                    if not part:
                        break
                    got += part
            except OSError:
                pass
            return got


def cli(path, trust):
    """The report of `periksa verify --json`."""
    r = subprocess.run([PERIKSA, "verify", "--json", "--offline", "--trust", trust, path],
                       check=False, capture_output=True)
    return json.loads(r.stdout)


def main(points, clean=()):
    """Run each function; its first line of doc is the name of the test point."""
    if "asan" in os.path.basename(os.path.dirname(PERIKSA)):
        print("1..1\nok 1 # skip Kore itself is not built with sanitizers")
        return
    print(f"1..{len(points)}", flush=True)
    bad = 0
    try:
        for n, point in enumerate(points, 1):
            name = (point.__doc__ or point.__name__).strip().split("\n")[0]
            try:
                point()
                print(f"ok {n} - {name}", flush=True)
            except Exception:  # pylint: disable=broad-except
                bad += 1
                print(f"not ok {n} - {name}", flush=True)
                traceback.print_exc(file=sys.stderr)
    finally:
        for path in clean:
            shutil.rmtree(path, ignore_errors=True)
    sys.exit(1 if bad else 0)
