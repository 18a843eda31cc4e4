#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard as in production, with no port of a test open: in a network of its own, where public
and private addresses alike are this machine's, and every connection to them is seen.

A public host is asked; whatever name, redirect or address leads elsewhere, nothing is connected to
any address but that host's.
"""
import concurrent.futures
import ctypes
import fcntl
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402
from servers import only, redirect  # noqa: E402
from world import Cli, World, main, outcomes  # noqa: E402

VALID, OPEN = "VALID", "INDETERMINATE"
PUBLIC = ["93.184.215.14", "2606:2800:21f::1"]
PRIVATE = ["10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1",
           "192.0.2.1", "127.0.0.1", "127.0.0.2"]
PRIVATE6 = ["fd00::1", "fec0::1", "2001:db8::1", "64:ff9b::a00:1", "::1"]
W = None
DONE = {}

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8914, 0x8916, 1


def own_network():
    """From now on this process and its children have a network of their own; False: it can't."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                           ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as f:
                f.write(text)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
            for i, a in enumerate(x for x in [*PUBLIC, *PRIVATE] if ":" not in x):
                if not a.startswith("127."):
                    fcntl.ioctl(s, SIOCSIFADDR, struct.pack(
                        "16sHH4s8x", f"lo:{i}".encode(), socket.AF_INET, 0, socket.inet_aton(a)))
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
            for a in (x for x in [*PUBLIC, *PRIVATE6] if ":" in x and x != "::1"):
                fcntl.ioctl(s, SIOCSIFADDR, struct.pack(
                    "16sIi", socket.inet_pton(socket.AF_INET6, a), 128, socket.if_nametoindex("lo")))
    except OSError as e:
        print(f"# no network of its own: {e}", file=sys.stderr)
        return False
    return True


def leads(name, title, conclusion, outcome=None, url=None, dns=None, to=None):
    """A signer whose responder is at that address; what its name is; where it redirects to."""
    return name, title, conclusion, outcome, url, dns, to


ROWS = [
    leads("umum", "a public host", VALID, dns=only(PUBLIC[0])),
    leads("umum6", "a public host with IPv6 alone", VALID, dns=only(PUBLIC[1])),
    leads("umum46", "a public host with both", VALID, dns=only(*PUBLIC)),
    *(leads(f"nama{i}", f"a name that is at {a}", OPEN, "address_forbidden", dns=only(a))
      for i, a in enumerate([*PRIVATE, *PRIVATE6])),
    *(leads(f"campur{i}", f"a name that is at a public address and at {a}", OPEN,
            "address_forbidden", dns=only(PUBLIC[0], a)) for i, a in enumerate(PRIVATE)),
    *(leads(f"alamat{i}", f"the address {a}", OPEN, "address_forbidden", url=f"http://{a}/")
      for i, a in enumerate([*PRIVATE, *(f"[{x}]" for x in PRIVATE6), "[::ffff:10.0.0.1]",
                             "[::10.0.0.1]", "2130706433", "0x7f000001", "10.1", "0"])),
    *(leads(f"alih{i}", f"a public host that redirects to {a}", OPEN, "address_forbidden",
            dns=only(PUBLIC[0]), to=f"http://{a}/")
      for i, a in enumerate([*PRIVATE, *(f"[{x}]" for x in PRIVATE6), "umum.uji.example:8080"])),
    *(leads(f"ganti{i}", f"a name that moves to {a} before a redirect to itself", OPEN,
            "address_forbidden", to=f"http://ganti{i}.uji.example/ganti{i}/lagi",
            dns=(lambda a, left: lambda kind: (left.pop(0) if left else only(a)(kind))
                 if kind == (28 if ":" in a else 1) else [])(
                     a, [[PUBLIC[1] if ":" in a else PUBLIC[0]]]))
      for i, a in enumerate([*PRIVATE, *PRIVATE6])),
]


def prepare(w):
    """Letters, names, and a responder for the public host."""
    for name, _, _, _, url, dns, to in ROWS:
        w.signer(name, f"ocsp={url or w.url(name, 'ocsp')}")
        if dns is not None:
            w.dns.names[f"{name}.uji.example"] = dns
        if to is not None:
            w.web.routes[f"/{name}/ocsp"] = redirect(to)
    w.make()
    for row in ROWS:
        w.web.routes.setdefault(f"/{row[0]}/ocsp", w.real)
    for host in ("va", "akar"):
        w.dns.names[f"{host}.uji.example"] = only(PUBLIC[0])


def point(row):
    """One letter."""
    name, title, conclusion, outcome, *_ = row

    def test():
        report = DONE[name].result()
        assert report["conclusion"] == conclusion, (report["reasons"], report["wanted"])
        if outcome is not None:
            assert set(outcomes(report, W.sha256(name)).values()) == {outcome}, report["wanted"]
    return f"{name}: {title}: {conclusion}", test


def only_public():
    """Every connection, to whatever address and port 80, 443 or 8080, was to a public address."""
    reached = {h.path.removeprefix("::ffff:") for h in W.log.since(0, what=("connect",))}
    assert reached == set(PUBLIC), reached


if __name__ == "__main__":
    if not own_network():
        print("1..1\nok 1 - # skip this system gives tests no network of their own")
        sys.exit(0)
    with World("::", 80) as W:
        for port in (443, 8080):
            W.keep(servers.Listener(W.log, "trap", "::", port))
        prepare(W)
        CONF = W.conf(loopback=False)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for row in ROWS:
                DONE[row[0]] = pool.submit(Cli(W, CONF).one, row[0] + ".pdf")
            concurrent.futures.wait(DONE.values())
        bad = main([*map(point, ROWS), ("nothing but public addresses was reached", only_public)])
    sys.exit(1 if bad else 0)
