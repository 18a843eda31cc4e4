#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts of evidence may answer, and where a certificate may point: each with the verdict
over a letter of level B-T that carries no evidence, and with what the hosts saw of it."""
import concurrent.futures
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402
from servers import answer, redirect  # noqa: E402
from world import DAY, NO_PORTAL, Cli, Portal, World, free_port, main, outcomes  # noqa: E402

VALID, OPEN = "VALID", "INDETERMINATE"
REVOKED = "revoked"  # before it signed: INDETERMINATE, and nothing is lacking
MIB = 1 << 20
CASES = []


class Case:
    """A signer, what its hosts do, and what has to come out.

    addresses: what the certificate names: o(csp), c(rl), a(ia) at the case's own host.
    routes: a function of the world: {file: handler} in the case's own folder.
    before: a function of the world and the case: more lines of the script.
    outcome: of what is lacking about the signer's certificate; None: nothing is lacking.
    quiet: the case's host must see nothing: no connection, no question for its name.
    asked: paths (in the case's folder) that must have been asked, and no other may.
    """

    def __init__(self, name, title, conclusion, outcome=None, addresses="o", **more):
        self.name, self.title, self.conclusion, self.outcome = name, title, conclusion, outcome
        self.addresses = addresses
        self.more = more
        CASES.append(self)

    def get(self, key, otherwise=None):
        """One of the further words."""
        return self.more.get(key, otherwise)

    def write(self, w):
        """Its lines of the script."""
        if "before" in self.more:
            self.more["before"](w, self.name)
            return
        names = {"o": ("ocsp", "ocsp"), "c": ("crl", "ca.crl"), "a": ("aia", "ca.crt")}
        more = " ".join(f"{names[a][0]}={w.url(self.name, names[a][1])}" for a in self.addresses)
        w.signer(self.name, more)

    def serve(self, w):
        """Its routes."""
        for file, handler in self.get("routes", lambda _: {})(w).items():
            w.web.routes[f"/{self.name}/{file}"] = handler


def ask(what, *args, **more):
    """One line of the table."""
    return Case(what, *args, **more)


def made(name, **words):
    """Lines for an answer of `ca` about a signer."""
    text = " ".join(f"{k}={v}" for k, v in
                    {"of": name, "issuer": "ca", "by": "responder", "next": 3600, **words}.items())
    return f"answer {name}.ocsp {text}"


def with_answer(addresses="o", **words):
    """A signer and an answer about it that was made before."""
    def before(w, name):
        names = {"o": ("ocsp", "ocsp"), "c": ("crl", "ca.crl")}
        w.signer(name, " ".join(f"{names[a][0]}={w.url(name, names[a][1])}" for a in addresses))
        w.say(made(name, **words))
    return before


def addressed(*words):
    """A signer whose certificate has these words; {w} is the web server's port, {t} the trap's."""
    def before(w, name):
        w.signer(name, " ".join(words).format(w=w.web.port, t=TRAPS["127.0.0.2"].port,
                                              n=w.host(name), s=w.tls_port))
    return before


def of(name):
    """Routes: the answer of that name at its usual place."""
    return lambda w: {"ocsp": w.file(name + ".ocsp")}


def handled(handler, file="ocsp"):
    """Routes: always this handler."""
    return lambda w: {file: handler}


def real(w):
    """Routes: the real responder."""
    return {"ocsp": w.real}


# ---- what a responder says ----

ask("baik", "good, from openssl ocsp", VALID, routes=real, asked=["ocsp"])
ask("dicabut", "revoked before it signed", REVOKED, routes=real, asked=["ocsp"])
ask("asing", "unknown to the responder", OPEN, "unknown_certificate", routes=real)
ask("asing2", "unknown to the responder, not on the list: the list counts", VALID,
    addresses="oc", routes=lambda w: {"ocsp": w.real, "ca.crl": w.crl("ca.crl")},
    asked=["ocsp", "ca.crl"])
ask("get", "good, asked again by GET where POST is refused", VALID,
    routes=lambda w: {"ocsp": lambda a: (w.real if a.method == "GET" else
                                         answer(b"", None, 405))(a)})
ask("basi", "an answer whose time is over", OPEN, "out_of_date", before=with_answer(
    this=-7200, next=-3600), routes=of("basi"))
ask("dini", "an answer of the future", OPEN, "out_of_date", before=with_answer(
    this=7200, next=9000), routes=of("dini"))
ask("tanpaakhir", "a fresh answer that names no end", VALID, before=lambda w, n: (
    w.signer(n, f"ocsp={w.url(n, 'ocsp')}"),
    w.say(f"answer {n}.ocsp of={n} issuer=ca by=responder")), routes=of("tanpaakhir"))
ask("salah", "an answer signed by the authority of timestamps", OPEN, "not_authentic",
    before=with_answer(by="tsa"), routes=of("salah"))
ask("palsu", "an answer signed by a responder of an authority that is named like ours", OPEN,
    "not_authentic", before=with_answer(by="eresponder"), routes=of("palsu"))
ask("sendiri", "an answer signed by the signer's own certificate", OPEN, "not_authentic",
    before=with_answer(by="sendiri"), routes=of("sendiri"))
ask("rusak", "an answer whose signature is broken (openssl ocsp -badsig)", OPEN, "not_authentic",
    routes=lambda w: {"ocsp": w.badsig})
ask("lain", "an answer about another certificate", OPEN, "malformed", routes=lambda w: {
    "ocsp": w.file("tanpaakhir.ocsp")})
ask("olehca", "an answer that the authority signed itself", VALID, before=with_answer(by="ca"),
    routes=of("olehca"))
ask("utusan", "a responder that may be revoked, and nobody says", OPEN,
    before=with_answer(by="responder2"), routes=lambda w: {
        "ocsp": w.file("utusan.ocsp"), "r3": w.file("r3.ocsp"), "r4": w.file("r4.ocsp")},
    lacking="responder2")
ask("utusan2", "a responder that may be revoked, and is not", VALID,
    before=with_answer(by="responder3"), routes=of("utusan2"))
ask("utusan3", "a responder that was revoked", OPEN,
    before=with_answer(by="responder4"), routes=of("utusan3"))
ask("nonce", "an answer to somebody else's question", OPEN, "not_authentic", routes=lambda w: {
    "ocsp": answer(w.stale_nonce), "ocsp/": answer(b"", None, 404)})
ask("nonce3", "an answer to somebody else's question, and by GET one to none", VALID,
    routes=lambda w: {"ocsp": answer(w.stale_nonce), "ocsp/": w.real})
ask("nanti", "tryLater", OPEN, "refused", routes=handled(answer(servers.TRY_LATER)))
ask("nanti2", "tryLater, and a list", VALID, addresses="oc", asked=["ocsp", "ca.crl"],
    routes=lambda w: {"ocsp": answer(servers.TRY_LATER), "ca.crl": w.crl("ca.crl")})
ask("nanti3", "tryLater, and a list that has it", REVOKED, addresses="oc",
    routes=lambda w: {"ocsp": answer(servers.TRY_LATER), "ca.crl": w.crl("cabut3.crl")})
ask("nonce2", "an answer to somebody else's question, and a list", VALID, addresses="oc",
    routes=lambda w: {"ocsp": answer(w.stale_nonce), "ocsp/": answer(b"", None, 404),
                      "ca.crl": w.crl("ca.crl")})

# ---- how a host behaves ----

ask("lambat", "no answer within the time of the document", OPEN, "too_slow", takes=(2.5, 8),
    routes=lambda w: {"ocsp": servers.slow(15, w.real)})
ask("lambat2", "no answer within the time, and a list", VALID, addresses="oc",
    routes=lambda w: {"ocsp": servers.slow(15, w.real), "ca.crl": w.crl("ca.crl")})
ask("menetes", "an octet now and then", OPEN, "too_slow", takes=(2.5, 8),
    routes=handled(servers.drips))
ask("separuh", "the connection ends in the middle", OPEN, "unreachable",
    routes=handled(servers.half_closed))
ask("putus", "the connection is reset", OPEN, "unreachable", routes=handled(servers.drop))
ask("besar", "a huge answer, announced", OPEN, "too_large",
    routes=handled(servers.huge(64 * MIB, servers.OCSP)))
ask("besar2", "a huge answer, not announced", OPEN, "too_large",
    routes=handled(servers.huge(64 * MIB, servers.OCSP, announced=False)))
ask("abadi", "chunks without an end", OPEN, "too_large", routes=handled(servers.chunks_forever))
ask("kepala", "a header without an end", OPEN, "too_large",
    routes=handled(servers.header_forever))
ask("sampah", "octets of no kind", OPEN, "malformed", routes=handled(answer(b"\x30\x80abc")))
ask("halaman", "a page for people", OPEN, "malformed",
    routes=handled(answer(b"<html>Masuk dulu</html>", "text/html")))
ask("kosong", "nothing", OPEN, "malformed", routes=handled(answer(b"")))
ask("galat", "an error of the server", OPEN, "refused",
    routes=handled(answer(b"rusak", "text/plain", 500)))
ask("mati", "OCSP and list both down", OPEN, "unreachable", addresses="oc",
    routes=lambda w: {"ocsp": servers.drop, "ca.crl": servers.drop}, asked=["ocsp", "ca.crl"])
ask("mati2", "OCSP down, list up", VALID, addresses="oc", asked=["ocsp", "ca.crl"],
    routes=lambda w: {"ocsp": servers.drop, "ca.crl": w.crl("ca.crl")})

# ---- lists ----

ask("daftar", "a list alone", VALID, addresses="c", routes=lambda w: {"ca.crl": w.crl("ca.crl")})
ask("daftar2", "a list alone that has it", REVOKED, addresses="c",
    routes=lambda w: {"ca.crl": w.crl("cabut.crl")})
ask("daftarbasi", "a list whose time is over", OPEN, "out_of_date", addresses="c",
    routes=lambda w: {"ca.crl": w.crl("basi.crl")})
ask("daftarpalsu", "a list of an authority that is named like ours", OPEN, "not_authentic",
    addresses="c", routes=lambda w: {"ca.crl": w.crl("epalsu.crl")})
ask("daftarlain", "a list of another authority", OPEN, ("malformed", "not_authentic"),
    addresses="c", routes=lambda w: {"ca.crl": w.crl("akar.crl")})
ask("daftarbesar", "a list of 32 MiB and one octet, announced", OPEN, "too_large", addresses="c",
    routes=handled(servers.huge(32 * MIB + 1), "ca.crl"))
ask("daftarbesar2", "the same, not announced", OPEN, "too_large", addresses="c",
    routes=handled(servers.huge(32 * MIB + 1, announced=False), "ca.crl"))

ask("daftarpanjang", "a list of 30 MiB", VALID, addresses="c", takes=(0, 10),
    routes=lambda w: {"ca.crl": answer(w.long_list(), servers.CRL)})
ask("daftarpanjang2", "a list of 30 MiB that has it", REVOKED, addresses="c", takes=(0, 10),
    routes=lambda w: {"ca.crl": answer(w.long_list("daftarpanjang2"), servers.CRL)})

# ---- where a certificate points ----

ask("alih", "a redirect to another host that is listed", VALID, routes=handled(
    lambda a: redirect(f"http://{a.headers['host'].replace('alih', 'va')}/va/ocsp")(a)))
ask("alih3", "three redirects", VALID, routes=lambda w: {
    "ocsp": redirect("/alih3/b"), "b": redirect("/alih3/c", 301),
    "c": redirect("/alih3/d", 307), "d": w.real}, asked=["ocsp", "b", "c", "d"])
ask("alih4", "four redirects", OPEN, "refused", routes=lambda w: {
    "ocsp": redirect("/alih4/b"), "b": redirect("/alih4/c"), "c": redirect("/alih4/d"),
    "d": redirect("/alih4/e"), "e": w.real}, asked=["ocsp", "b", "c", "d"])
ask("putar", "redirects in a circle", OPEN, "refused",
    routes=handled(redirect("/putar/ocsp")))
for _i, _to in enumerate(["http://127.0.0.2:{t}/", "http://10.0.0.1/", "http://[::1]:{t}/",
                          "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/",
                          "http://[::ffff:127.0.0.1]:{w}/", "http://localhost:{w}/",
                          "http://0177.0.0.1:{w}/", "http://2130706433:{w}/",
                          "http://a@va.uji.example:{w}/va/ocsp", "http://va.uji.example:{t}/"]):
    ask(f"alihkan{_i}", f"a redirect to {_to}", OPEN, "address_forbidden",
        routes=lambda w, to=_to: {"ocsp": redirect(to.format(
            w=w.web.port, t=TRAPS["127.0.0.2"].port))})
ask("alihasing", "a redirect to a host that is not listed", OPEN, "host_not_listed",
    routes=lambda w: {"ocsp": redirect(f"http://asing.example:{w.web.port}/")},
    no_name="asing.example")
ask("alihberkas", "a redirect to a file", OPEN, "scheme_not_supported",
    routes=handled(redirect("file:///etc/passwd")))
ask("alihgopher", "a redirect to gopher", OPEN, "scheme_not_supported",
    routes=handled(redirect("gopher://va.uji.example/")))
ask("ldap", "LDAP alone", OPEN, "scheme_not_supported", quiet=True, before=addressed(
    "crl=ldap://ldap.uji.example/cn=CA?certificateRevocationList"))
ask("tanpa", "no address at all", OPEN, "no_url", addresses="", quiet=True)
ask("luar", "a host that is not listed", OPEN, "host_not_listed", quiet=True,
    before=addressed("ocsp=http://luar.example:{w}/luar/ocsp"), no_name="luar.example")
ask("porta", "a port that may not be asked", OPEN, "address_forbidden", quiet=True,
    before=addressed("ocsp=http://porta.uji.example:{t}/porta/ocsp"))
for _i, _to in enumerate(["http://127.0.0.2:{t}/", "http://127.0.0.1/", "http://[::1]:{t}/",
                          "http://10.0.0.1/", "http://[fd00::1]/", "http://localhost:{w}/",
                          "http://[::ffff:127.0.0.1]:{w}/", "http://0.0.0.0:{w}/",
                          "http://127.1:{w}/", "http://va.uji.example@127.0.0.2:{t}/",
                          "http://[fe80::1]/"]):
    ask(f"alamat{_i}", f"the address {_to}", OPEN, "address_forbidden", quiet=True,
        before=addressed("ocsp=" + _to))
ask("tls", "https with a certificate that nobody vouches for", OPEN, "unreachable",
    before=addressed("ocsp=https://va.uji.example:{s}/va/ocsp"))

# ---- what the name server says ----

for _i, _a in enumerate(["10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
                         "100.64.0.1", "224.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
                         "fc00::1", "fe80::1", "::", "64:ff9b::7f00:1"]):
    ask(f"nama{_i}", f"a name that is at {_a}", OPEN, "address_forbidden",
        quiet="connect", dns=servers.only(_a))
ask("namaweb", "a name that is at 127.0.0.1, port 80", OPEN, "address_forbidden", quiet="connect",
    before=addressed("ocsp=http://namaweb.uji.example/namaweb/ocsp"))
ask("namacampur", "a name that is at an allowed address and at a private one", OPEN,
    "address_forbidden", quiet="connect", dns=servers.only("127.0.0.1", "10.0.0.1"))
ask("namahilang", "a name that does not exist", OPEN, "unreachable", quiet="connect",
    dns=lambda kind: None)
ask("namakosong", "a name without an address", OPEN, "unreachable", quiet="connect",
    dns=lambda kind: [])

def turns(*lists):
    """A name whose address is another one each time that it is asked for."""
    left = list(lists)
    return lambda kind: (left.pop(0) if len(left) > 1 else left[0]) if kind == 1 else []


ask("ganti", "a name that moves to another address after it was checked", VALID, cli=True,
    routes=real, dns=turns(["127.0.0.1"], ["127.0.0.2"]), asked=["ocsp"])
ask("ganti2", "a name that moves to a private address before a redirect to itself", OPEN,
    "address_forbidden", routes=lambda w: {"ocsp": redirect("/ganti2/b"), "b": w.real}, cli=True,
    dns=turns(["127.0.0.1"], ["10.0.0.1"]), asked=["ocsp"])

# ---- paths ----

ask("sesat", "a path that leads to no anchor of ours: nobody is asked", OPEN, quiet=True,
    before=lambda w, n: w.signer(n, f"ocsp={w.url(n, 'ocsp')} crl={w.url(n, 'ca.crl')}",
                                 issuer="lainca", certs=f"{n},lainca,lainroot"),
    no_path=True)
ask("kembar", "an authority of its own that is named like ours: nobody is asked", OPEN, quiet=True,
    before=lambda w, n: w.signer(
        n, f"ocsp={w.url(n, 'ocsp')} crl={w.url(n, 'ca.crl')} aia={w.url(n, 'ca.crt')}",
        issuer="eca", certs=f"{n},eca,eroot"), no_path=True)
for _n, _title, _more in (
        ("terbit", "the issuer is fetched, DER", {"routes": lambda w: {
            "ocsp": w.real2, "ca.crt": w.file("ca2.der", "application/pkix-cert")},
            "conclusion": VALID, "listed": True}),
        ("terbit7", "the issuer is fetched, PKCS #7", {"routes": lambda w: {
            "ocsp": w.real2, "ca.crt": answer(w.bag, "application/pkcs7-mime")},
            "conclusion": VALID, "listed": True}),
        ("terbitpem", "the issuer as PEM, which it should not be", {"routes": lambda w: {
            "ocsp": w.real2, "ca.crt": answer(b"-----BEGIN CERTIFICATE-----\n")},
            "conclusion": OPEN, "outcome": "malformed", "listed": True}),
        ("terbitlain", "the issuer's place has its namesake", {"routes": lambda w: {
            "ocsp": w.real2, "ca.crt": w.file("eca2.der", "application/pkix-cert")},
            "conclusion": OPEN, "outcome": "not_authentic", "listed": True}),
        ("terbittidak", "the issuer's address is not listed whole: nobody is asked", {
            "routes": lambda w: {"ocsp": w.real2, "ca.crt": w.file("ca2.der")},
            "conclusion": OPEN, "outcome": "host_not_listed", "quiet": True})):
    ask(_n, _title, _more.pop("conclusion"), _more.pop("outcome", None), issuer=True,
        before=lambda w, n, listed=_more.pop("listed", False): (
            w.issuers.append(w.url(n, "ca.crt")) if listed else None,
            w.signer(n, f"ocsp={w.url(n, 'ocsp')} aia={w.url(n, 'ca.crt')}", issuer="ca2",
                     certs=n)), **_more)

ask("terbitlambat", "the issuer takes most of the document's time, then the responder hangs", OPEN,
    "too_slow", takes=(2.5, 4.7), before=lambda w, n: (
        w.issuers.append(w.url(n, "ca.crt")),
        w.signer(n, f"ocsp={w.url(n, 'ocsp')} aia={w.url(n, 'ca.crt')}", issuer="ca2", certs=n)),
    routes=lambda w: {
        "ocsp": servers.slow(15, w.real2),
        "ca.crt": servers.slow(2, w.file("ca2.der", "application/pkix-cert"))})

# ---- how much one document may ask ----

MANY = 40  # signers of one letter, with 250 addresses each


def many(url):
    """A letter whose certificates name 10,000 addresses."""
    def before(w, name):
        for i in range(MANY):
            signer = name if i == 0 else f"{name}{i}"
            w.cert(signer, "ks", "ca", f"cn=Pejabat_{i} urls=250 at={url(w)}")
        w.say(f"letter {name}.pdf",
              *(f"sign {name if i == 0 else f'{name}{i}'} certs={name if i == 0 else f'{name}{i}'},"
                "ca tsa=tsa stamps=tsa hole=20000" for i in range(MANY)))
    return before


def bounded(case):
    """32 questions, four addresses of each kind, POST and GET; and what all letters need."""
    requests, names = seen(case)
    most = 2 * 32 * 4 * 2  # at the command line and at the portal
    assert 0 < len(requests) <= most and len(names) <= 2 * most, (len(requests), len(names))


ask("banyak", "10,000 addresses in one document, all answered by errors", OPEN, "refused",
    before=many(lambda w: w.url("banyak", "%")), routes=lambda w: {"": answer(b"", None, 404)},
    takes=(0, 8), check=bounded)
ask("ribuan", "10,000 addresses in one document, none of which answers", OPEN,
    before=many(lambda w: w.url("ribuan", "%")), takes=(1, 12), check=bounded,
    routes=lambda w: {"": servers.slow(15, answer(b"", None, 404))})
ask("jutaan", "10,000 hosts that are not listed", OPEN, "host_not_listed", quiet=True,
    before=many(lambda w: f"http://h%.jutaan.example:{w.web.port}/jutaan/"), takes=(0, 8))

# ---- a long list ----

def tlv(tag, body):
    """An element of DER."""
    n = len(body)
    octets = n.to_bytes((n.bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (octets if n < 128 else bytes([0x80 | len(octets)]) + octets) + body


def elements(der):
    """Those within the first one, each whole."""
    found = []

    def step(p):
        n = der[p + 1]
        k = n & 0x7f if n & 0x80 else 0
        n = int.from_bytes(der[p + 2:p + 2 + k], "big") if k else n
        return p + 2 + k, p + 2 + k + n
    at, end = step(0)
    while at < end:
        _, behind = step(at)
        found.append(der[at:behind])
        at = behind
    return found


def lengthen(w, certificate=None):
    """The CA's list with a million more certificates in it, and this one, signed anew."""
    tbs, algorithm, _ = elements(w.read("ca.crl"))
    *parts, extensions = elements(tbs)
    day = tlv(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(time.time() - 10 * DAY)).encode())
    one = b"\x30" + bytes([11 + len(day)]) + b"\x02\x09"
    entries = [one + (0x7000000000000000 + i).to_bytes(9, "big") + day for i in range(1_120_000)]
    if certificate is not None:
        serial = w.numbers[certificate][0]
        entries.append(tlv(0x30, tlv(2, serial.to_bytes(2, "big")) + day))
    tbs = tlv(0x30, b"".join(parts) + tlv(0x30, b"".join(entries)) + extensions)
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", w.path("kc.key")],
                               input=tbs, stdout=subprocess.PIPE, check=True).stdout
    return tlv(0x30, tbs + algorithm + tlv(3, b"\0" + signature))


TRAPS = {}
W = None


def prepare(w):
    """Everything that the cases need beside their own."""
    for address in ("127.0.0.2", "::1", "127.0.0.1"):
        port = TRAPS["127.0.0.2"].port if TRAPS else 0
        try:
            TRAPS[address] = w.keep(servers.Listener(w.log, "trap", address, port))
        except OSError as e:
            print(f"# no trap at {address}: {e}", file=sys.stderr)
    for address in ("127.0.0.2", "::1"):
        try:
            w.keep(servers.Listener(w.log, "trap", address, w.web.port))
        except OSError as e:
            print(f"# no trap at {address}: {e}", file=sys.stderr)
    w.say("key kl", "key tlskey")
    w.cert("eroot", "ke", None, "for=ca cn=Root_CA_Uji")
    w.cert("eca", "ke", "eroot", "for=ca cn=CA_Uji_G1")
    w.cert("eresponder", "ke", "eca", "for=ocsp nocheck=1 cn=CA_Uji_G1_-_Validation_Authority")
    w.cert("eca2", "ke", "eroot", "for=ca cn=CA_Uji_G2")
    w.cert("lainroot", "kl", None, "for=ca cn=Root_CA_Lain")
    w.cert("lainca", "kl", "lainroot", "for=ca cn=CA_Lain")
    w.cert("ca2", "ke", "root", f"for=ca cn=CA_Uji_G2 crl={w.url('akar', 'akar.crl')}")
    w.cert("tlscert", "tlskey", None, "cn=va.uji.example")
    # with answers about themselves: a list of the CA would speak of the signer, too
    for n in (2, 3, 4):
        w.cert(f"responder{n}", "kv", "ca", f"for=ocsp cn=R{n} ocsp={w.url('utusan', f'r{n}')}")
    w.say("answer r3.ocsp of=responder3 issuer=ca by=ca next=3600",
          "answer r4.ocsp of=responder4 issuer=ca by=ca next=3600 status=revoked",
          "list epalsu.crl issuer=eca", "list basi.crl issuer=ca this=-7200 next=-3600")
    w.tls_port = free_port()
    for case in CASES:
        case.write(w)
        if "dns" in case.more:
            w.dns.names[f"{case.name}.uji.example"] = case.get("dns")
    w.say("list cabut.crl issuer=ca of=daftar2", "list cabut3.crl issuer=ca of=nanti3")


def after(w):
    """What needs the certificates first."""
    w.certs_pem("tlscert", "ca2", "nonce", "nonce2", "nonce3")
    w.tls = w.keep(servers.Web(w.log, "tls", "127.0.0.1", w.tls_port, tls=servers.tls_context(
        w.path("tlscert.pem"), w.path("tlskey.key"))))
    w.tls.routes["/va/ocsp"] = w.real
    w.write_index("ca2.index", "ca2")
    w.real2 = w.keep(w.responder("ca2.index", "ca2", "ca2", "ke"))
    w.badsig = w.keep(w.responder("ca.index", "ca", "responder", "kv", "-nmin", "60", "-badsig"))
    for name in ("nonce", "nonce2", "nonce3"):
        subprocess.run(["openssl", "ocsp", "-nonce", "-issuer", w.path("ca.pem"), "-cert",
                        w.path(name + ".pem"), "-reqout", w.path(name + ".req")], check=True)
        subprocess.run(["openssl", "ocsp", "-index", "ca.index", "-CA", "ca.pem", "-rsigner",
                        "responder.pem", "-rkey", "kv.key", "-nmin", "60", "-reqin", name + ".req",
                        "-respout", name + ".resp"], cwd=w.dir, check=True, capture_output=True)

    def stale_nonce(a):
        """The answer to a question of another time, about the signer of this folder."""
        return w.read(a.path.split("/")[1] + ".resp")

    w.stale_nonce = stale_nonce
    w.long_list = lambda certificate=None: lengthen(w, certificate)
    w.bag = subprocess.run(["openssl", "crl2pkcs7", "-nocrl", "-certfile", w.path("ca2.pem"),
                            "-outform", "DER"], check=True, stdout=subprocess.PIPE).stdout
    for case in CASES:
        case.serve(w)


def run_cli(case):
    """(report, seconds) by a program of its own."""
    begin = time.monotonic()
    report = Cli(W, CONF).one(case.name + ".pdf")
    return report, time.monotonic() - begin


def seen(case):
    """What its hosts saw of it."""
    name = f"{case.name}.uji.example"
    return ([h for h in W.log.hits if h.path.startswith(f"/{case.name}/")],
            [h for h in W.log.hits if h.where == "dns" and h.path == name])


def check_log(case):
    """What its hosts must (not) have seen."""
    requests, names = seen(case)
    if case.get("quiet"):
        assert not requests, requests
    if case.get("quiet") is True:
        assert not names, names
    if "no_name" in case.more:
        assert not W.log.since(0, "dns", path=case.get("no_name")), "a name was asked for"
    if "asked" in case.more:
        paths = [h.path.split("/")[2] for h in requests]
        assert sorted(set(paths)) == sorted(case.get("asked")), paths


def check_report(case, report):
    """The verdict, and what is said of asking."""
    assert report["conclusion"] == (OPEN if case.conclusion == REVOKED else case.conclusion), (
        report["conclusion"], report["reasons"], report["wanted"])
    about = W.sha256(case.name)
    found = {k: v for k, v in outcomes(report, about).items()}
    if case.conclusion != OPEN:
        assert not report["wanted"], report["wanted"]
    elif case.get("no_path"):
        assert set(found.values()) <= {"no_trusted_path"}, report["wanted"]
    elif case.outcome is not None:
        allowed = case.outcome if isinstance(case.outcome, tuple) else (case.outcome,)
        told = set(found.values())
        assert len(told) == 1 and told <= set(allowed), report["wanted"]
        if case.get("issuer"):
            assert set(found) == {"issuer"}, found
    elif case.get("lacking"):
        assert outcomes(report, W.sha256(case.get("lacking"))), report["wanted"]
    revocation = report["signatures"][0]["revocation"]
    if case.conclusion == VALID:
        assert (revocation["status"], revocation["source"]) == ("good", "online"), revocation
    elif case.conclusion == REVOKED:
        assert (revocation["status"], revocation["source"]) == ("revoked", "online"), revocation
        assert report["reasons"] == ["REVOCATION"], report["reasons"]


def at_portal(portal, case):
    """The same from the portal, where all cases share a cache."""
    return portal.report(W.read(case.name + ".pdf"))


def point(case):
    """One case: the command line, the portal, and the hosts' log of both."""
    def test():
        report, seconds = DONE[case.name].result()
        check_report(case, report)
        if case.name in PORTAL:
            check_report(case, PORTAL[case.name].result())
        check_log(case)
        if "check" in case.more:
            case.get("check")(case)
        low, high = case.get("takes", (0, 8))
        assert low <= seconds <= high, seconds
    return f"{case.name}: {case.title}: {case.conclusion}", test


def opened():
    """Any host may be asked, by any TLS: then those two are, and everything else stays shut."""
    W.dns.names["luar.example"] = servers.only("127.0.0.1")
    W.web.routes["/luar/ocsp"] = W.real
    conf = W.conf(ports=[W.tls_port], failure_seconds=30, deadline=3000, hosts="any",
                  tls="unchecked")
    for name in ("luar", "tls"):
        report = Cli(W, conf).one(name + ".pdf")
        assert report["conclusion"] == VALID, (name, report["wanted"])
    report = Cli(W, CONF).one("luar.pdf", ["--hosts", "any"])
    assert report["conclusion"] == VALID, report["wanted"]
    shut = [c for c in CASES if c.name.startswith(("alamat", "nama", "alihkan", "porta", "ldap",
                                                   "sesat", "kembar"))]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for case, report in zip(shut, pool.map(lambda c: Cli(W, conf).one(c.name + ".pdf"), shut)):
            check_report(case, report)
            check_log(case)


def untouched():
    """No address that the guard forbids was connected to."""
    assert not W.log.since(0, "trap"), W.log.since(0, "trap")


if __name__ == "__main__":
    with World() as W:
        prepare(W)
        W.make(revoked=["dicabut"], unknown=["asing", "asing2"])
        after(W)
        W.env.update({p: f"http://127.0.0.2:{TRAPS['127.0.0.2'].port}/" for p in (
            "http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy")})
        CONF = W.conf(ports=[W.tls_port], failure_seconds=30, deadline=3000)
        PORTAL = {}
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            DONE = {c.name: pool.submit(run_cli, c) for c in CASES}
            concurrent.futures.wait(DONE.values())
            if not NO_PORTAL:
                with Portal(W, CONF) as p:
                    PORTAL = {c.name: pool.submit(at_portal, p, c) for c in CASES
                              if not c.get("cli")}
                    concurrent.futures.wait(PORTAL.values())
            bad = main([*map(point, CASES),
                        ("any host, any TLS: no address that is forbidden all the same", opened),
                        ("no address that is forbidden was reached", untouched)])
    sys.exit(1 if bad else 0)
