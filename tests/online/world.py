# SPDX-License-Identifier: GPL-3.0-or-later
"""A world for the tests of the network: an invented authority of the shape that signs Indonesian
letters, letters of level B-T that carry no evidence, servers that are asked about them."""
import base64
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "web"))
import portal  # noqa: E402
import servers  # noqa: E402
from portal import free_port  # noqa: E402,F401  # pylint: disable=unused-import

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
PERIKSA = os.path.abspath(os.environ.get("PERIKSA", os.path.join(BUILD, "periksa")))
LETTERS = os.path.join(BUILD, "tests", "letters")
TMP = os.environ.get("TMPDIR", "/tmp")
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DAY = 86400
# Kore is not built with sanitizers: there is the command line alone
NO_PORTAL = "asan" in os.path.basename(BUILD)


def pem(der, name="CERTIFICATE"):
    """DER as PEM."""
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----", ""])


class World:
    """Use it in a with statement.  say() adds to the script of tests/online/letters.c, make()
    has it made; then the routes of `web` and letters are there."""

    def __init__(self, address="127.0.0.1", port=0, keys=""):
        self.dir = tempfile.mkdtemp(dir=TMP, prefix="online")
        os.chmod(self.dir, 0o755)
        self.log = servers.Log()
        self.dns = servers.Names(self.log)
        self.web = servers.Web(self.log, "web", address, port)
        self.open = [self.dns, self.web]
        self.script, self.index, self.serial, self.hosts = [], [], 0x2001, set()
        self.issuers, self.numbers, self.confs = [], {}, 0
        self.env = {}  # of programs that are tested
        self.say(*(f"key {k} {keys}" for k in ("kr", "kc", "ks", "kt", "kv", "ke")))
        akar, va = self.url("akar", "akar.crl"), self.url("va", "ocsp")
        crl = self.url("va", "ca.crl")
        self.cert("root", "kr", None, "for=ca cn=Root_CA_Uji")
        self.cert("root2", "kr", None, "for=ca cn=Root_CA_Uji_Kedua")
        self.cert("ca", "kc", "root", f"for=ca cn=CA_Uji_G1 crl={akar}")
        self.cert("tsa", "kt", "ca", f"for=tsa cn=Stempel_Waktu_Uji ocsp={va} crl={crl}")
        self.cert("responder", "kv", "ca", "for=ocsp nocheck=1 cn=CA_Uji_G1_-_Validation_Authority")
        self.say("list akar.crl issuer=root", "list ca.crl issuer=ca")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in reversed(self.open):
            server.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def keep(self, server):
        """Closed with the world."""
        self.open.append(server)
        return server

    # --- what is made ---

    def say(self, *lines):
        """Lines of the script."""
        self.script += lines

    def host(self, name):
        """A name that anchors.conf lists, with the port unless it is the web's own."""
        self.hosts.add(f"{name}.uji.example")
        return f"{name}.uji.example" + (f":{self.web.port}" if self.web.port != 80 else "")

    def url(self, name, path):
        """An address at the web server, under a host and a folder of its own."""
        return f"http://{self.host(name)}/{name}/{path}"

    def cert(self, name, key, issuer, more=""):
        """A certificate, by the script; its serial number goes into the index of its issuer."""
        by = f"issuer={issuer}" if issuer else ""
        self.numbers[name] = (self.serial, issuer)
        self.say(f"cert {name} key={key} {by} serial={self.serial} {more}")
        self.serial += 1

    def signer(self, name, more="", issuer="ca", certs=None, sign="", key="ks"):
        """A signer and NAME.pdf, a letter of level B-T without evidence."""
        certs = f"{name},ca,root" if certs is None else certs
        self.cert(name, key, issuer, f"cn=Siti_Rahmawati_Contoh {more}")
        self.say(f"letter {name}.pdf",
                 f"sign {name} certs={certs} tsa=tsa stamps=tsa,ca,root {sign}")

    def standard(self, name, more="", **how):
        """The same with the addresses that such certificates have, under a host of its own."""
        self.signer(name, f"ocsp={self.url(name, 'ocsp')} aia={self.url(name, 'ca.crt')} "
                          f"crl={self.url(name, 'ca.crl')} {more}", **how)

    def make(self, revoked=(), unknown=()):
        """All of it, the anchors, and the real responder for `ca` at its usual place."""
        subprocess.run([LETTERS, self.dir], input="\n".join(self.script) + "\n", check=True,
                       encoding="ascii")
        self.script = []
        self.anchors("anchors")
        self.write_index("ca.index", "ca", revoked, unknown)
        self.real = self.keep(self.responder("ca.index", "ca", "responder", "kv"))
        self.web.routes.update({"/va/ocsp": self.real, "/va/ca.crl": self.crl("ca.crl"),
                                "/akar/akar.crl": self.crl("akar.crl")})

    def more(self):
        """What was said since: certificates of earlier scripts are not known to it."""
        subprocess.run([LETTERS, self.dir], input="\n".join(self.script) + "\n", check=True,
                       encoding="ascii")
        self.script = []

    def path(self, *name):
        """A file of the world."""
        return os.path.join(self.dir, *name)

    def read(self, name):
        """Its octets."""
        return portal.read(self.path(name))

    def write(self, name, text):
        """A new file; its path."""
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def sha256(self, name):
        """Fingerprint of a certificate."""
        return hashlib.sha256(self.read(name + ".der")).hexdigest()

    def anchors(self, name, marker=True, helpers=()):
        """A trust folder, of a demonstration or of real ones; its path.  helpers: (name, role)
        of certificates that are known beside the roots."""
        os.makedirs(self.path(name), exist_ok=True)
        text, listed = "", sorted(self.hosts)
        assert len(listed) <= 128, "two sections list 64 each"
        for root, these in (("root", listed[:64]), ("root2", listed[64:])):
            self.write(os.path.join(name, root + ".pem"), pem(self.read(root + ".der")))
            text += f"[{root}.pem]\nsha256 = {self.sha256(root)}\nname = {root}\n"
            text += "role = root\npurpose = signer, tsa\n"
            text += f"hosts = {', '.join(these)}\n" if these else ""
            if root == "root" and self.issuers:
                text += f"issuers = {', '.join(self.issuers)}\n"
        for cert, role in helpers:
            self.write(os.path.join(name, cert + ".pem"), pem(self.read(cert + ".der")))
            text += f"[{cert}.pem]\nsha256 = {self.sha256(cert)}\nname = {cert}\nrole = {role}\n"
        self.write(os.path.join(name, "anchors.conf"), text)
        if marker:
            self.write(os.path.join(name, "DEMONSTRATION"), "")
        subprocess.run([PERIKSA, "trust", "check", "--record", "--approved-by", "Uji",
                        "--trust", self.path(name)], check=True, stdout=subprocess.DEVNULL)
        return self.path(name)

    def write_index(self, name, issuer, revoked=(), unknown=()):
        """The list of `openssl ca`."""
        end = time.strftime("%y%m%d%H%M%SZ", time.gmtime(time.time() + 900 * DAY))
        when = time.strftime("%y%m%d%H%M%SZ", time.gmtime(time.time() - 10 * DAY))
        text = ""
        for cert, (serial, by) in self.numbers.items():
            if by != issuer or cert in unknown:
                continue
            state = f"R\t{end}\t{when}" if cert in revoked else f"V\t{end}\t"
            text += f"{state}\t{serial:04X}\tunknown\t/CN={cert}\n"
        self.write(name, text)

    def certs_pem(self, *names):
        """Files in PEM for openssl."""
        for name in names:
            if not os.path.exists(self.path(name + ".pem")):
                self.write(name + ".pem", pem(self.read(name + ".der")))

    def responder(self, index, ca, signer, key, *more):
        """`openssl ocsp`, listening; answers are good for an hour."""
        self.certs_pem(ca, signer)
        return servers.Responder(self.dir, index, ca + ".pem", signer + ".pem", key + ".key",
                                 *(more or ("-nmin", "60")))

    # --- handlers ---

    def file(self, name, kind=servers.OCSP):
        """Always this file."""
        return servers.answer(self.read(name), kind)

    def crl(self, name):
        """Always this list."""
        return self.file(name, servers.CRL)

    # --- who is tested ---

    def conf(self, ports=(), loopback=True, **keys):
        """An evidence.conf; its path."""
        # a failure is forgotten at once, unless a test is about that
        keys = {"deadline": 1500, "failure_seconds": 1, **keys,
                "test_dns": f"127.0.0.1:{self.dns.port}"}
        if loopback:
            keys["test_loopback"] = ", ".join(map(str, [self.web.port, *ports]))
        self.confs += 1
        return self.write(f"evidence{self.confs}.conf",
                          "".join(f"{k} = {v}\n" for k, v in keys.items()))


class Cli:
    """`periksa verify` in this world, with a cache of its own."""

    def __init__(self, world, conf=None, trust="anchors", cache=None, fresh=True):
        self.world, self.fresh = world, fresh
        self.conf = conf or world.conf()
        self.trust = world.path(trust)
        self.cache = cache or tempfile.mkdtemp(dir=world.dir, prefix="cache")

    def args(self):
        """Options that say whom to ask and how."""
        return ["--trust", self.trust, "--evidence-conf", self.conf, "--cache", self.cache]

    def env(self):
        """Environment: where templates and the like are."""
        return {**os.environ, **self.world.env, "PERIKSA_HOME": ROOT}

    def run(self, *files, more=()):
        """Reports of some files; with fresh, the cache is empty before."""
        if self.fresh:
            shutil.rmtree(self.cache, ignore_errors=True)
            os.makedirs(self.cache)
        r = subprocess.run([PERIKSA, "verify", "--json", *self.args(), *more, *files],
                           env=self.env(), capture_output=True, timeout=120, check=False)
        self.said, self.status = r.stderr.decode("utf-8", "replace"), r.returncode
        assert r.returncode in (0, 1), (r.returncode, self.said)
        return [json.loads(line) for line in r.stdout.splitlines()]

    def one(self, name, more=()):
        """The report of one letter of the world."""
        found = self.run(self.world.path(name), more=more)
        assert len(found) == 1, self.said
        return found[0]


class Portal(portal.Portal):
    """The portal in this world."""

    def __init__(self, world, conf=None, trust="anchors", more=(), data=None, **env):
        super().__init__(None, **world.env, **env)
        if data is not None:
            self.args[self.args.index(self.data)] = self.data = data
        self.args += ["--trust", world.path(trust), "--evidence-conf", conf or world.conf(), *more]

    def fetcher(self):
        """The process that goes to the network, for this portal; None: there is none now."""
        for pid in self.family():
            try:
                if portal.read("/proc", str(pid), "comm") == b"periksa-fetch\n":
                    return pid
            except OSError:
                continue
        return None

    def kill_fetcher(self):
        """-9"""
        pid = self.fetcher()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid

    def report(self, data, offline=False):
        """The API's report."""
        path = "/api/v1/verifications" + ("?offline=true" if offline else "")
        r = self.ask("POST", path, data, {"Content-Type": "application/pdf"})
        assert r.status == 200, (r.status, r.body[:300])
        return r.json

    def wait_fetcher(self, other_than=None, seconds=20):
        """Until there is one (another one)."""
        end = time.monotonic() + seconds
        while self.fetcher() in (None, other_than):
            assert time.monotonic() < end, "no fetcher:\n" + self.said()
            time.sleep(0.02)
        return self.fetcher()


def outcomes(report, of=None):
    """{kind: outcome} of what a report lacks about a certificate (its fingerprint)."""
    return {w["kind"]: w["outcome"] for w in report["wanted"]
            if of is None or w["certificate"] == of}


def hosts(report):
    """Who was asked, as the report says."""
    return {w["host"] for w in report["wanted"] if w["host"]}


def main(points):
    """Run each (name, function); TAP."""
    only = os.environ.get("ONLY")
    points = [p for p in points if only is None or only in p[0]]
    print(f"1..{len(points)}", flush=True)
    bad = 0
    for n, (name, point) in enumerate(points, 1):
        begin = time.monotonic()
        try:
            point()
            print(f"ok {n} - {name}", flush=True)
        except (Exception, http.client.HTTPException) as e:  # pylint: disable=broad-except
            bad += 1
            print(f"not ok {n} - {name}", flush=True)
            print(f"{name}: {type(e).__name__}: {str(e)[:2000]}", file=sys.stderr)
            if "TRACE" in os.environ:
                raise
        if time.monotonic() - begin > 2:
            print(f"# {time.monotonic() - begin:.1f} s", flush=True)
    return bad
