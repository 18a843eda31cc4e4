# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on loopback that the tests of the network ask, each with a log of who came.

They know nothing of certificates: what is answered is made elsewhere.
"""
import collections
import contextlib
import ctypes
import http.client
import os
import signal
import socket
import ssl
import struct
import subprocess
import threading
import time

OCSP = "application/ocsp-response"
CRL = "application/pkix-crl"
TRY_LATER = bytes.fromhex("30030a0103")

# where: name of the listener; what: "connect" (path: the address that was connected to), "GET",
# "POST", or the type of a query to the name server (path: the name)
Hit = collections.namedtuple("Hit", "where what path host time")


class Log:
    """What came, from all servers of a world."""

    def __init__(self):
        self.hits = []
        self.lock = threading.Lock()

    def add(self, where, what, path="", host=""):
        """One more."""
        with self.lock:
            self.hits.append(Hit(where, what, path, host, time.monotonic()))

    def mark(self):
        """A place in it."""
        return len(self.hits)

    def since(self, mark, where=None, what=None, path=""):
        """Those after a mark, of a listener, of a kind, whose path begins like this."""
        return [h for h in self.hits[mark:] if (where is None or h.where == where) and
                (what is None or h.what in what) and h.path.startswith(path)]


class Listener:
    """A socket whose connections are logged and then served, each by a thread of its own."""

    def __init__(self, log, name, address="127.0.0.1", port=0, tls=None):
        self.log, self.name, self.tls = log, name, tls
        self.closing = threading.Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, port))
        self.socket.listen(128)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        """Until it is closed."""
        while not self.closing.is_set():
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.log.add(self.name, "connect", peer.getsockname()[0])
            threading.Thread(target=self.one, args=[peer], daemon=True).start()

    def one(self, peer):
        """One connection, to its end."""
        peer.settimeout(20)
        with contextlib.suppress(OSError, ValueError), peer:
            if self.tls is not None:
                with self.tls.wrap_socket(peer, server_side=True) as secret:
                    self.serve(secret)
            else:
                self.serve(peer)

    def serve(self, peer):
        """A trap: whoever comes is in the log, and gets nothing."""

    def close(self):
        """Nobody is accepted any more."""
        self.closing.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Ask:
    """One request."""

    def __init__(self, peer, closing, method, path, headers, body):  # pylint: disable=R0913,R0917
        self.peer, self.closing, self.method, self.path = peer, closing, method, path
        self.headers, self.body = headers, body

    def say(self, octets):
        """Octets as they are."""
        self.peer.sendall(octets)

    def wait(self, seconds):
        """Time that goes by, unless the test is over."""
        self.closing.wait(seconds)


def head(status=200, kind=None, length=None, more=()):
    """The first octets of an answer."""
    lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'So')}"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, *more, "Connection: close", "", ""]).encode()


def answer(body=b"", kind=OCSP, status=200, more=()):
    """A handler: always the same; body may be a function of the request."""
    def handle(ask):
        octets = body(ask) if callable(body) else body
        ask.say(head(status, kind, len(octets), more) + octets)
    return handle


def redirect(to, status=302):
    """A handler: look elsewhere."""
    return answer(b"", None, status, [f"Location: {to}"])


def slow(seconds, then):
    """A handler: nothing for some time."""
    def handle(ask):
        ask.wait(seconds)
        then(ask)
    return handle


def half_closed(ask):
    """A handler: more is announced than comes."""
    ask.say(head(200, OCSP, 1000) + b"\x30\x82")


def drips(ask):
    """A handler: an octet at a time, never enough."""
    ask.say(head(200, OCSP, 1000))
    while not ask.closing.is_set():
        ask.say(b"\x30")
        ask.wait(0.05)


def chunks_forever(ask):
    """A handler: a body without an end, as fast as it goes."""
    ask.say(head(200, OCSP, None, ["Transfer-Encoding: chunked"]))
    while not ask.closing.is_set():
        ask.say(b"1000\r\n" + bytes(4096) + b"\r\n")


def header_forever(ask):
    """A handler: a header without an end."""
    ask.say(b"HTTP/1.1 200 OK\r\n")
    while not ask.closing.is_set():
        ask.say(b"X-Isi: " + b"x" * 1000 + b"\r\n")


def huge(octets, kind=CRL, begin=b"", announced=True):
    """A handler: so many octets, told in advance or not."""
    def handle(ask):
        ask.say(head(200, kind, octets if announced else None) + begin)
        left = octets - len(begin)
        while left > 0:
            ask.say(bytes(min(left, 65536)))
            left -= 65536
    return handle


def drop(ask):
    """A handler: the connection ends without a word."""
    with contextlib.suppress(OSError):
        ask.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Web(Listener):
    """HTTP, one request a connection.  routes: beginnings of paths, the longest counts."""

    def __init__(self, log, name, *args, **more):
        self.routes = {}
        super().__init__(log, name, *args, **more)

    def serve(self, peer):
        got = b""
        while b"\r\n\r\n" not in got:
            part = peer.recv(65536)
            if not part:
                return
            got += part
        lines, _, body = got.partition(b"\r\n\r\n")
        first, *lines = lines.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            part = peer.recv(65536)
            if not part:
                return
            body += part
        self.log.add(self.name, method, path, headers.get("host", ""))
        found = [r for r in self.routes if path.startswith(r)]
        handle = self.routes[max(found, key=len)] if found else answer(b"", None, 404)
        handle(Ask(peer, self.closing, method, path, headers, body))
        with contextlib.suppress(OSError):
            peer.shutdown(socket.SHUT_WR)
            # what the other side still says must not become a reset of what it has to read
            peer.settimeout(2)
            while self.tls is None and peer.recv(65536):
                pass


class Names:
    """A name server.  names: a function of the type (1: A, 28: AAAA) for each name, which
    gives addresses; all others ending as one of zones are at 127.0.0.1."""

    def __init__(self, log, zones=("uji.example",)):
        self.log, self.zones, self.names = log, zones, {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        """Until it is closed."""
        while True:
            try:
                query, peer = self.socket.recvfrom(4096)
                self.socket.sendto(self.reply(query), peer)
            except (OSError, IndexError, struct.error):
                if self.socket.fileno() == -1:
                    return

    def reply(self, query):
        """RFC 1035, 4.1."""
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
            at += 1 + query[at]
        kind, _ = struct.unpack(">HH", query[at + 1:at + 5])
        name = ".".join(labels)
        self.log.add("dns", {1: "A", 28: "AAAA"}.get(kind, str(kind)), name)
        if name in self.names:
            found = self.names[name](kind)
        elif name.endswith(self.zones):
            found = ["127.0.0.1"] if kind == 1 else []
        else:
            found = None
        records = b""
        for address in found or []:
            v6 = ":" in address
            octets = socket.inet_pton(socket.AF_INET6 if v6 else socket.AF_INET, address)
            records += struct.pack(">HHHIH", 0xc00c, 28 if v6 else 1, 1, 0, len(octets)) + octets
        flags = 0x8180 if found is not None else 0x8183
        return (query[:2] + struct.pack(">HHHHH", flags, 1, len(found or []), 0, 0) +
                query[12:at + 5] + records)

    def close(self):
        """Nobody is answered any more."""
        self.socket.close()


def only(*addresses):
    """For Names.names: always these."""
    return lambda kind: [a for a in addresses if (":" in a) == (kind == 28)]


def die_with_us():
    """In a child: end when the test ends, however that happens (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Responder:
    """`openssl ocsp` as a server; ask() hands a request on to it."""

    def __init__(self, folder, index, ca, signer, key, *more):  # pylint: disable=R0913,R0917
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        # to ask whether it listens would be a connection, and one without a request stops it
        said = os.path.join(folder, f"responder{self.port}")
        with open(said, "wb") as log:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with,W1509
                ["openssl", "ocsp", "-port", str(self.port), "-index", index, "-CA", ca,
                 "-rsigner", signer, "-rkey", key, "-ignore_err", *more], cwd=folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_us)
        end = time.monotonic() + 10
        while not self.is_waiting(said):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("openssl ocsp does not start")
            time.sleep(0.01)

    @staticmethod
    def is_waiting(said):
        """As it says itself."""
        with open(said, "rb") as f:
            return b"waiting" in f.read()

    def __call__(self, ask):
        """A handler: what it says, whole."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as s:
            length = f"Content-Length: {len(ask.body)}\r\n" if ask.method == "POST" else ""
            path = "/" + ask.path.rsplit("/", 1)[1] if ask.method == "GET" else "/"
            s.sendall(f"{ask.method} {path} HTTP/1.0\r\n{length}\r\n".encode() + ask.body)
            while True:
                part = s.recv(65536)
                if not part:
                    return
                ask.say(part)

    def close(self):
        """It ends."""
        self.process.kill()
        self.process.wait()


def tls_context(cert, key):
    """For a listener that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context
