#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may come in, and who may not: signing in, sessions, forged forms, roles, accounts."""
import concurrent.futures
import contextlib
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import cairo  # noqa: E402
import person  # noqa: E402
from person import COOKIE, STEP, csrf, totp, user  # noqa: E402
from portal import PERIKSA, Portal, folder, main  # noqa: E402

P = None  # the portal that most points share
FORM = "application/x-www-form-urlencoded"
ADDRESSES = iter(f"198.51.100.{n}" for n in range(1, 250))


def sql(query, *args, p=None):
    """Rows of the portal's database."""
    with contextlib.closing(sqlite3.connect(os.path.join((p or P).data, "periksa.db"),
                                            timeout=10)) as db, db:
        return db.execute(query, args).fetchall()


class Person(person.Person):
    """Who does not wait for the next code: the portal forgets which was used last."""

    def code(self):
        if self.used > int(time.time()) // STEP:
            sql("UPDATE account SET totp_step = 0 WHERE login = ?", self.name, p=self.p)
            self.used = 0
        return super().code()


def acts(since=0):
    """What was done after an act: (what, who, object), names as they are."""
    return sql("SELECT what, (SELECT login FROM account WHERE id = account), "
               "(SELECT login FROM account WHERE id = object) FROM act WHERE seq > ? ORDER BY seq",
               since)


def last():
    """The number of the last act."""
    return sql("SELECT max(seq) FROM act")[0][0]


def at_login(a):
    """The answer to who is not signed in."""
    return a.status == 303 and a.headers["location"].startswith("/staff/login")


def words(a):
    """A page as its text, without what changes with each."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", a.text)
    return re.sub(r'name="name" type="text" value="[^"]*"', "", text)


def refused(a, why):
    """403, and the act is there."""
    assert a.status == 403, (a.status, a.headline, a.headers)
    assert acts()[-1][0] == why, acts()[-3:]
    return True


# --- the page ---

def t_page():
    """the sign-in page: headers, cookie, both languages, no cache"""
    a = P.get("/staff/login")
    assert a.status == 200 and a.headline == "Masuk untuk petugas", a.headline
    assert a.headers["cache-control"] == "no-store", a.headers
    assert a.headers["content-security-policy"].startswith("default-src 'none'; "), a.headers
    assert a.headers["referrer-policy"] == "same-origin", a.headers
    assert a.headers["x-robots-tag"] == "noindex", a.headers
    cookie = a.headers["set-cookie"]
    assert re.fullmatch(COOKIE + r"=\.[\w-]{42}; Path=/; Secure; HttpOnly; SameSite=Lax",
                        cookie), cookie
    assert P.get("/staff/login?lang=en").headline == "Sign in for staff"
    assert P.ask("HEAD", "/staff/login").body == b""
    assert P.ask("PUT", "/staff/login").status == 405
    assert P.ask("POST", "/staff/account", "", {"Content-Type": FORM}).status == 405
    assert P.get("/staff/nothing").status == 404
    for path in ("/staff", "/staff/account", "/staff/people", "/staff/acts", "/staff/agency/X"):
        a = P.get(path)
        assert at_login(a), (path, a.status)
        assert a.headers["location"].endswith("" if path == "/staff" else "?next=" + path), path
    assert P.get("/staff/acts", Accept="application/json").status == 401
    # who only looked at the page is not told that a session is over
    a = P.get("/staff/acts", Cookie=cookie.split(";")[0])
    assert a.headers["location"] == "/staff/login?next=/staff/acts", a.headers


def t_enter():
    """name, password and code together; the token is fresh, and what it opens is not kept"""
    b = Person(P, "Ayu")
    a = b.enter()
    assert a.status == 303 and a.headers["location"] == "/staff", a.headers
    assert re.search(r"; Path=/; Secure; HttpOnly; SameSite=Lax$", a.headers["set-cookie"])
    a = b.get("/staff/account")
    assert a.status == 200 and "Ayu" in a.text and a.headers["cache-control"] == "no-store"
    assert acts()[-1] == ("entered", "Ayu", None), acts()[-1]
    held = sql("SELECT hex(hash) FROM session")
    assert b.cookie not in str(held)
    # who is in already is led on
    a = b.get("/staff/login?next=/staff/account")
    assert a.status == 303 and a.headers["location"] == "/staff/account"
    assert b.get("/staff/login").headers["location"] == "/staff"


def busy():
    """What the workers have taken of processors, in nanoseconds."""
    ran = 0
    for pid in workers(P):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as f:
                ran += int(f.read().split()[0])
    return ran


def t_one_answer():
    """wrong name, password or code: one answer, in the same class of time"""
    b = Person(P, "Bagus")
    cases = {
        "name": lambda: b.enter(name="Nobody at all"),
        "password": lambda: b.enter(password="not this one"),
        "code": lambda: b.enter(code="000000"),
        "malformed": lambda: b.enter(code="\u0661\u0662"),
        "empty": lambda: b.enter(code=""),
    }
    texts, times = set(), {k: [] for k in cases}
    for _ in range(5):
        b.address = next(ADDRESSES)
        for name, case in cases.items():
            if name == "code":
                b.address = next(ADDRESSES)
            b.get("/staff/login")
            began = busy()
            a = case()
            times[name].append(busy() - began)
            assert a.status == 403 and "Set-Cookie" not in a.headers, (name, a.status)
            texts.add(words(a))
        b.address = None
    assert len(texts) == 1, len(texts)
    best = {k: min(v) for k, v in times.items()}
    # Argon2id is nine tenths of each; without it a name would be told in a millisecond.  Time on a
    # processor, that is: what else this machine does is no matter.
    assert min(best.values()) > 10**7, best
    assert max(best.values()) < 2 * min(best.values()), best
    b.address = next(ADDRESSES)
    assert b.enter().status == 303


def t_replay():
    """a code works once: not again, not in another session, and it is written down"""
    b = Person(P, "Citra")
    code = b.code()
    assert b.enter(code=code).status == 303
    other = next(ADDRESSES)
    b.address, b.cookie, since = other, None, last()
    assert b.enter(code=code).status == 403
    assert acts(since) == [("replay_refused", "Citra", None)], acts(since)
    # nor an older one than the last
    step = int(time.time()) // 30
    assert b.enter(code=totp(b.secret, step - 2)).status == 403
    assert b.enter().status == 303


def t_race():
    """eight who come at once with one code: one enters"""
    b = Person(P, "Dewi")
    code = b.code()
    a = P.get("/staff/login")
    cookie = re.search(COOKIE + "=[^;]+", a.headers["set-cookie"]).group(0)
    body = f"csrf={csrf(a)}&name=Dewi&password=kuda+besi+hijau&code={code}"

    def enter(n):
        return P.ask("POST", "/staff/login", body, {
            "Content-Type": FORM, "Cookie": cookie, "X-Forwarded-For": f"203.0.113.{n}"}).status

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        got = sorted(pool.map(enter, range(100, 108)))
    assert got == [303] + 7 * [403], got


def t_recovery():
    """a recovery code in the same field, once; in any spelling"""
    b = Person(P, "Eka")
    one = b.recovery[0]
    assert b.enter(code=one.lower().replace("-", " ")).status == 303
    assert acts()[-1][0] == "recovered"
    a = b.get("/staff/account")
    assert re.search(r"Kode pemulihan tersisa</dt><dd>9<", a.text)
    b.cookie = None
    assert b.enter(code=one).status == 403
    assert b.enter(code=b.recovery[1]).status == 303


def t_locked():
    """five wrong guesses lock name and address: the right one too, but nobody elsewhere"""
    b, c = Person(P, "Fajar"), Person(P, "Gita")
    b.address = c.address = next(ADDRESSES)
    for _ in range(5):
        assert b.enter(password="wrong one").status == 403
    since = last()
    a = b.enter()
    assert a.status == 429 and "15 menit" in a.text, (a.status, a.headline)
    assert acts(since)[-1][0] == "entry_locked", acts(since)
    assert b.enter(name="fAJAR").status == 429  # one name in either case
    assert c.enter().status == 303  # another account from there
    b.address = next(ADDRESSES)
    assert b.enter().status == 303  # the same from elsewhere
    # IPv6: somebody with a whole network is one address
    b.cookie = None
    for n in range(5):
        b.address = f"2001:db8:1:2::{n}"
        assert b.enter(password="wrong one").status == 403
    b.address = "2001:db8:1:2:ffff::1"
    assert b.enter().status == 429
    b.address = "2001:db8:1:3::1"
    assert b.enter().status == 303
    # an address that a client claims beside the proxy's is not looked at: the last entry counts
    b.cookie, b.address = None, "192.0.2.77, 203.0.113.77"
    for _ in range(5):
        assert b.enter(password="wrong one").status == 403
    b.address = "192.0.2.78, 203.0.113.77"
    assert b.enter().status == 429


# --- sessions ---

def t_fixation():
    """a cookie from before is never a session; signing in again ends the session before"""
    b = Person(P, "Hadi")
    b.get("/staff/login")
    before = b.cookie
    b.sign_in()
    assert b.cookie != before
    thief = Person.__new__(Person)
    thief.p, thief.address, thief.cookie = P, None, before
    assert at_login(thief.get("/staff/account"))
    thief.cookie = "A" * 43  # one that somebody chose
    a = thief.get("/staff/login")
    assert "set-cookie" not in a.headers
    thief.cookie = first = b.cookie
    assert thief.get("/staff/account").status == 200
    # another account on this browser
    c = Person(P, "Hana")
    a = P.get("/staff/login")
    c.cookie = re.search(COOKIE + "=([^;]+)", a.headers["set-cookie"]).group(1)
    c.sign_in()
    assert c.cookie != first and thief.get("/staff/account").status == 200


def t_leave():
    """signing out ends it on the server, and takes the cookie away"""
    b = Person(P, "Indra").sign_in()
    kept = b.cookie
    assert P.ask("GET", "/staff/logout", headers=b.head()).status == 405
    a = b.post("/staff/logout", {})
    assert a.status == 303 and "Max-Age=0" in a.headers["set-cookie"], a.headers
    assert a.headers["location"] == "/staff/login?said=left"
    assert "Anda sudah keluar" in b.get(a.headers["location"]).text
    b.cookie = kept
    assert at_login(b.get("/staff/account"))
    assert "left" in [x[0] for x in acts()[-2:]]


def t_over():
    """a session ends when it was not used for half an hour, and after a working day"""
    b = Person(P, "Joko").sign_in()
    number = "(SELECT id FROM account WHERE login = 'Joko')"
    sql(f"UPDATE session SET seen = seen - 1790 WHERE account = {number}")
    assert b.get("/staff/account").status == 200
    sql(f"UPDATE session SET seen = seen - 1801 WHERE account = {number}")
    a = b.get("/staff/account")
    assert at_login(a) and a.headers["location"].endswith("next=/staff/account&said=over"), \
        a.headers["location"]
    assert "sesi Anda sudah berakhir" in b.get(a.headers["location"]).text
    b.sign_in()
    sql(f"UPDATE session SET created = created - 36001 WHERE account = {number}")
    assert at_login(b.get("/staff/account"))


def t_disabled():
    """a disabled account is out at once, and comes in again when it is enabled"""
    b = Person(P, "Kartika").sign_in()
    user(P, "disable", "Kartika")
    assert at_login(b.get("/staff/account"))
    assert b.enter().status == 403
    user(P, "enable", "Kartika")
    assert at_login(b.get("/staff/account"))
    assert b.enter().status == 303


# --- forged forms ---

def t_csrf():
    """a form without our token, with a forged one, or another session's: 403, written down"""
    b, c = Person(P, "Lestari").sign_in(), Person(P, "Made").sign_in()
    others, mine = c.token(), b.token()
    assert others != mine
    for wrong in ("", "x", "A" * 43, others, mine[:-1], mine + "A", mine.lower()):
        since = last()
        assert refused(b.post("/staff/account/sessions", {"csrf": wrong}), "csrf_refused")
        assert acts(since) == [("csrf_refused", "Lestari", None)], acts(since)
    assert b.post("/staff/account/sessions", {"csrf": mine}).status == 303
    # in the address it does not count
    a = P.ask("POST", "/staff/account/sessions?csrf=" + mine, "x=1",
              b.head({"Content-Type": FORM}))
    assert refused(a, "csrf_refused")
    # the sign-in page's form, too: nobody is signed in as somebody else
    a = P.get("/staff/login")
    before = re.search(COOKIE + "=[^;]+", a.headers["set-cookie"]).group(0)
    body = "csrf=%s&name=Made&password=kuda+besi+hijau&code=" + c.code()
    for token, cookie in ((csrf(a), None), ("", before), (mine, before),
                          (csrf(P.get("/staff/login")), before)):
        a = P.ask("POST", "/staff/login", body % token,
                  {"Content-Type": FORM, **({"Cookie": cookie} if cookie else {})})
        assert refused(a, "csrf_refused")


def t_origin():
    """a form from another origin is refused even with the right token"""
    b = Person(P, "Nanda").sign_in()
    here = f"http://127.0.0.1:{P.port}"
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"},
                    {"Origin": f"http://127.0.0.1:{P.port}.evil.example"},
                    {"Origin": f"http://127.0.0.1:{P.port + 1}"}, {"Origin": "127.0.0.1"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                    {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site", "Origin": here}):
        a = P.ask("POST", "/staff/account/sessions", "csrf=" + b.token(),
                  b.head({"Content-Type": FORM, **headers}))
        assert refused(a, "csrf_refused"), headers
    for headers in ({}, {"Origin": here}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}):
        a = P.ask("POST", "/staff/account/sessions", "csrf=" + b.token(),
                  b.head({"Content-Type": FORM, **headers}))
        assert a.status == 303, (headers, a.status)


def t_next():
    """after signing in one gets to a page of staff's, and nowhere else"""
    b = Person(P, "Oka")
    good = ("/staff", "/staff/account", "/staff/letters/0123-4567")
    bad = ("https://evil.example/", "//evil.example", "/\\evil.example", "/staff/../v/x", "/",
           "/staffx", "/staff//evil.example", "/staff/login", "/staff/logout", "javascript:alert(1)",
           "/staff/account\r\nSet-Cookie: a=b", "/staff/a?b=c", "/staff/%0d", "staff/account",
           "/staff/" + 300 * "a", "")
    for path in good + bad:
        b.cookie = None
        a = b.enter(code=b.recovery.pop(), next=path) if len(b.recovery) > 0 else b.enter(next=path)
        if a.status == 403:
            a = b.enter(next=path)
        assert a.status == 303, (path, a.status)
        want = path if path in good else "/staff"
        assert a.headers["location"] == want, (path, a.headers["location"])
        if not b.recovery:
            user_reset(b)
    a = P.get("/staff/login?next=//evil.example")
    assert "evil" not in a.text


def user_reset(b):
    """Fresh recovery codes."""
    made = user(P, "reset", b.name, password=b.password)
    b.secret, b.recovery, b.used = made["totp"], made["recovery"], 0


def t_garbage():
    """cookies, headers and bodies that nobody should send: no answer but a refusal"""
    for cookie in (COOKIE, COOKIE + "=", COOKIE + "=" + "A" * 42, COOKIE + "=" + "A" * 44,
                   COOKIE + "=" + "%00" * 14 + "A", COOKIE + "=" + "A" * 4000,
                   "; ".join([COOKIE + "=a"] * 200), "=;=;;;", COOKIE + "=\"" + "A" * 41 + "\"",
                   COOKIE + "='; DROP TABLE session; --"):
        a = P.get("/staff/account", Cookie=cookie)
        assert at_login(a), (cookie[:60], a.status)
        assert P.get("/staff/login", Cookie=cookie).status == 200
    b = Person(P, "Putri").sign_in()
    for kind, body, status in (
            ("text/plain", "csrf=x", 400), ("multipart/form-data", "x", 400), (None, "x", 400),
            ("multipart/form-data; boundary=B", "--B\r\n\r\n", 400), (FORM, "a=%", 400),
            (FORM, "a=%00", 400), (FORM, "a=%ff", 400), (FORM, "&".join(["a=b"] * 5000), 400),
            (FORM, "a=" + "b" * 300000, 400), (FORM, "a=" + "b" * 2000000, 400), (FORM, "", 400),
            (FORM, "a=b", 403)):
        a = P.ask("POST", "/staff/account/sessions", body, b.head({"Content-Type": kind}))
        assert a.status == status, (kind, body[:40], len(body), a.status)
    assert b.get("/staff/account?said=%3Cscript%3E").status == 200
    assert "<script>alert" not in b.get("/staff/account?said=<script>alert(1)").text
    for path in ("/staff/people/0", "/staff/people/999999", "/staff/people/1e3",
                 "/staff/agency/%2e%2e", "/staff/acts?before=-1", "/staff/acts?before=9" + 30 * "9"):
        assert A.get(path).status in (200, 404), path


# --- roles ---

A = None  # an admin
S = None  # of staff
U = None  # an auditor


def t_roles():
    """staff at an admin's pages, an auditor at others': 403, written down, nothing changed"""
    before = sql("SELECT count(*) FROM account")
    for who, pages in ((S, ("people", "people/new", "people/1", "agency", "agency/DISKOM",
                            "agency/DISKOM/footer.png", "acts")),
                       (U, ("people", "people/new", "people/1", "agency", "agency/DISKOM"))):
        for path in pages:
            since = last()
            assert refused(who.get("/staff/" + path), "role_refused"), path
            assert acts(since) == [("role_refused", who.name, None)], acts(since)
        token = who.token()
        for path, fields in (("people/new", {"name": "X", "role": "admin", "agency": "DISKOM",
                                             "password": "kata sandi"}),
                             ("people/1/reset", {"password": "kata sandi"}),
                             ("people/1/disable", {}), ("agency/DISKOM", {"wording": "F2"})):
            a = who.post("/staff/" + path, {"csrf": token, **fields})
            assert refused(a, "role_refused"), path
    assert sql("SELECT count(*) FROM account") == before
    assert U.get("/staff/acts").status == 200 and A.get("/staff/acts").status == 200
    for who, seen, hidden in ((S, "account", "people"), (U, "acts", "people"), (A, "people", "x/")):
        text = who.get("/staff/account").text
        assert f'href="/staff/{seen}"' in text and f'href="/staff/{hidden}' not in text, who.name


def t_moved():
    """another role takes effect at once, and nobody gives it to himself"""
    b = Person(P, "Ratna").sign_in()
    number = sql("SELECT id FROM account WHERE login = 'Ratna'")[0][0]
    assert b.get("/staff/acts").status == 403
    a = A.post(f"/staff/people/{number}/move", {"role": "auditor", "agency": "DISKOM"})
    assert a.status == 303 and a.headers["location"] == "/staff/people?said=moved", a.headline
    assert at_login(b.get("/staff/account"))
    b.sign_in()
    assert b.get("/staff/acts").status == 200
    mine = sql("SELECT id FROM account WHERE login = ?", A.name)[0][0]
    for deed, fields in (("move", {"role": "staff", "agency": "DISKOM"}), ("disable", {}),
                         ("reset", {"password": "kata sandi"})):
        a = A.post(f"/staff/people/{mine}/{deed}", fields)
        assert a.status == 403 and "Akun sendiri" in a.text, (deed, a.status)
    for fields in ({"role": "operator", "agency": "DISKOM"}, {"role": "", "agency": "DISKOM"},
                   {"role": "staff", "agency": "NOWHERE"}):
        assert A.post(f"/staff/people/{number}/move", fields).status == 400, fields
    assert A.post(f"/staff/people/{number}/explode", {}).status == 404


def qr_of(a, path):
    """The QR of a page of secrets, as a picture."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', a.text).group(1))
    drawing = re.search(r'<path fill="#000" shape-rendering="crispEdges" d="([^"]+)"', a.text)
    s = cairo.ImageSurface(cairo.FORMAT_RGB24, side * 6, side * 6)
    c = cairo.Context(s)
    c.scale(6, 6)
    c.set_source_rgb(1, 1, 1)
    c.paint()
    c.set_source_rgb(0, 0, 0)
    for x, y, w in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing.group(1)):
        c.rectangle(int(x), int(y), int(w), 1)
    c.fill()
    s.write_to_png(path)


def t_people():
    """an admin makes an account: its secrets are shown once, with a QR that can be read"""
    a = A.post("/staff/people/new", {"name": "Surya", "role": "staff", "agency": "DISKOM",
                                     "new_agency": "BKD", "new_agency_name": "Badan Kepegawaian",
                                     "password": "kata sandi awal"})
    assert a.status == 200 and a.headers["cache-control"] == "no-store", (a.status, a.headline)
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', a.text).group(1).replace(" ", "")
    codes = re.findall(r"<li><code>([0-9A-Z-]{19})</code>", a.text)
    assert len(secret) == 32 and len(set(codes)) == 10
    png = os.path.join(folder(), "qr.png")
    qr_of(a, png)
    out = subprocess.run([PERIKSA, "scan", "--json", png], check=False, capture_output=True,
                         env={**P.env, "PERIKSA_DATA": P.data}).stdout.decode()
    assert f"otpauth://totp/Periksa:Surya?secret={secret}&issuer=Periksa" in out, out
    b = Person.__new__(Person)
    b.p, b.name, b.password, b.secret, b.recovery = P, "Surya", "kata sandi awal", secret, codes
    b.address, b.cookie, b.used = None, None, 0
    b.sign_in()
    assert "Badan Kepegawaian (BKD)" in b.get("/staff/account").text
    assert acts()[-2][::2] == ("account_added", "Surya"), acts()[-2:]
    # what can't be
    for fields, text in (({"name": "surya"}, "sudah dipakai"), ({"name": ""}, "tidak dapat diterima"),
                         ({"name": "x" * 65}, "tidak dapat diterima"),
                         ({"name": "a\u202eb"}, "tidak dapat diterima"),
                         ({"name": "x", "password": "short"}, "terlalu pendek"),
                         ({"name": "x", "password": "x" * 1025}, "terlalu panjang"),
                         ({"name": "x", "role": "operator"}, "tidak dapat diterima"),
                         ({"name": "x", "agency": "no code"}, "tidak dapat diterima")):
        a = A.post("/staff/people/new", {"role": "staff", "agency": "DISKOM",
                                         "password": "kata sandi awal", **fields})
        assert a.status == 400 and text in a.text, (fields, a.status)
        assert "kata sandi awal" not in a.text
    # reset: the old ones are of no use
    number = sql("SELECT id FROM account WHERE login = 'Surya'")[0][0]
    a = A.post(f"/staff/people/{number}/reset", {"password": "kata sandi lain"})
    assert a.status == 200 and secret not in a.text.replace(" ", "")
    assert at_login(b.get("/staff/account"))
    assert b.enter(password="kata sandi lain").status == 403
    # and what an admin does on the pages is what the command line does
    assert A.post(f"/staff/people/{number}/disable", {}).status == 303
    assert sql("SELECT disabled FROM account WHERE login = 'Surya'") == [(1,)]
    assert A.post(f"/staff/people/{number}/enable", {}).status == 303


def t_own():
    """one's own password and telephone: with both proofs, and then everybody else is out"""
    b = Person(P, "Tirta").sign_in()
    elsewhere, b.cookie = b.cookie, None
    b.sign_in()
    old = b.password

    def change(**fields):
        return b.post("/staff/account/password",
                      {"old": old, "password": "kuda besi biru", "again": "kuda besi biru", **fields})

    assert change(code=b.code(), again="kuda besi abu").status == 400
    assert change(code="000000").status == 403
    assert change(code=b.code(), old="not this").status == 403
    a = change(code=b.code(), password="short", again="short")
    assert a.status == 403 or a.status == 400, a.status
    assert sql("SELECT count(*) FROM session WHERE account = "
               "(SELECT id FROM account WHERE login = 'Tirta')") == [(2,)]
    before = b.cookie
    a = change(code=b.recovery[0])
    assert a.status == 303 and b.cookie != before, (a.status, a.headline)
    assert "sudah diganti" in b.get(a.headers["location"]).text
    for cookie in (elsewhere, before):
        assert at_login(P.ask("GET", "/staff/account", headers={"Cookie": f"{COOKIE}={cookie}"}))
    b.password = "kuda besi biru"
    before = b.cookie
    a = b.post("/staff/account/telephone", {"old": b.password, "code": b.recovery[1]})
    assert a.status == 200 and b.cookie != before and 'id="qr"' in a.text, (a.status, a.headline)
    assert csrf(a) == b.token(), "the page's own forms go on"
    b.cookie, b.address = None, next(ADDRESSES)
    assert b.enter(code=b.recovery[2]).status == 403
    b.secret = re.search(r'id="secret">([A-Z2-7 ]+)<', a.text).group(1).replace(" ", "")
    b.used = 0
    b.sign_in()
    assert [x[0] for x in acts() if x[1] == "Tirta" and x[0].startswith("account_")] == \
        ["account_password", "account_renewed"]


def t_others():
    """all other sessions end, this one does not"""
    b = Person(P, "Umar").sign_in()
    first, b.cookie = b.cookie, None
    b.sign_in()
    assert b.post("/staff/account/sessions", {}).headers["location"].endswith("said=others")
    assert b.get("/staff/account").status == 200
    assert at_login(P.ask("GET", "/staff/account", headers={"Cookie": f"{COOKIE}={first}"}))


# --- what is printed ---

SVG = (b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">'
       b'<circle cx="50" cy="50" r="40" fill="#0b4f8a"/></svg>')


def t_agency():
    """a footnote and a logo are kept once a sample was printed with them"""
    page = A.get("/staff/agency/DISKOM")
    assert page.status == 200 and 'value="F1" checked' in page.text
    a = A.get("/staff/agency/DISKOM/footer.png")
    assert a.status == 200 and a.headers["content-type"] == "image/png", a.status
    plain = a.body
    assert plain.startswith(b"\x89PNG")
    a = A.send("/staff/agency/DISKOM", {"wording": "F8"}, [("logo", "l.svg", "image/svg+xml", SVG)])
    assert a.status == 303 and "?said=agency" in a.headers["location"], (a.status, a.headline)
    page = A.get("/staff/agency/DISKOM")
    assert 'value="F8" checked' in page.text and 'id="no-logo"' in page.text
    assert A.get("/staff/agency/DISKOM/footer.png").body != plain
    a = A.send("/staff/agency/DISKOM", {"wording": "", "text": "Kalimat <b>sendiri</b> & titik."})
    assert a.status == 303, a.headline
    page = A.get("/staff/agency/DISKOM").text
    assert "Kalimat &lt;b&gt;sendiri&lt;/b&gt; &amp; titik." in page and 'id="no-logo"' in page
    kept = sql("SELECT count(*) FROM act WHERE what = 'letterhead_changed'")
    for fields, files, text in (
            ({"wording": "F99"}, [], "tidak ada dalam daftar"), ({"wording": ""}, [], "Tulis kalimat"),
            ({"wording": "F1"}, [("logo", "l.png", "image/png", b"no picture")], "Logo harus"),
            ({"wording": "F1"}, [("logo", "l.png", "image/png", bytes(1 << 20) + b"x")], "Logo harus"),
            ({"wording": "", "text": "x " * 1000}, [], "tidak dapat dicetak")):
        a = A.send("/staff/agency/DISKOM", fields, files)
        assert a.status == 400 and text in a.text, (fields, a.status, a.headline)
    assert sql("SELECT count(*) FROM act WHERE what = 'letterhead_changed'") == kept
    assert A.send("/staff/agency/DISKOM", {"wording": "F1", "no_logo": "1"}).status == 303
    assert A.get("/staff/agency/DISKOM/footer.png").body == plain
    assert A.get("/staff/agency/NOWHERE").status == 404
    assert A.get("/staff/agency/DISKOM/other").status == 404


def t_acts():
    """the record: newest first, page by page, all of it"""
    total = sql("SELECT count(*) FROM act")[0][0]
    path, seen, pages = "/staff/acts", 0, 0
    while path and pages < 50:
        text = U.get(path).text
        seen += len(re.findall("<tr><td>", text))
        found = re.search(r'id="more" href="([^"]+)"', text)
        path, pages = found and found.group(1), pages + 1
    assert seen == total and pages > 1, (seen, total, pages)
    assert "Ditolak: kode sudah pernah dipakai" in "".join(
        U.get("/staff/acts?before=%d" % n).text for n in range(50, total + 50, 50))


# --- under load ---

def workers(p):
    """The processes that answer browsers."""
    found = {}
    for pid in p.family():
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                line = f.read()
            if b"kore" in line and b"wrk" in line:
                found[pid] = line
    return set(found)


def t_sandbox():
    """whoever hashes passwords is in the sandbox of its worker, one thread in each"""
    for pid in workers(P):
        tasks = os.listdir(f"/proc/{pid}/task")
        assert len(tasks) <= 2, tasks
        for task in tasks:
            with open(f"/proc/{pid}/task/{task}/status", encoding="ascii") as f:
                assert re.search(r"^Seccomp:\s*2$", f.read(), re.M), (pid, task)


def t_many():
    """200 who sign in on 16 connections: other pages stay fast, no worker dies"""
    a = P.get("/staff/login")
    cookie = re.search(COOKIE + "=[^;]+", a.headers["set-cookie"]).group(0)
    token, before = csrf(a), workers(P)
    assert len(before) >= 1, "the workers have other names"
    times, end = [], threading.Event()

    def enter(n):
        return P.ask("POST", "/staff/login", f"csrf={token}&name=n{n}&password=p&code=1", {
            "Content-Type": FORM, "Cookie": cookie}).status

    def visit():
        while not end.is_set():
            began = time.perf_counter()
            assert P.get("/").status == 200
            times.append(time.perf_counter() - began)
            time.sleep(0.005)

    visitor = threading.Thread(target=visit)
    visitor.start()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        got = list(pool.map(enter, range(200)))
    end.set()
    visitor.join()
    assert got == 200 * [403], sorted(set(got))
    times.sort()
    assert statistics.median(times) < 0.1 and times[len(times) * 95 // 100] < 0.5, times[-5:]
    assert len(times) > 20
    assert workers(P) == before, (workers(P), before)


def t_crowd():
    """more than may wait are told so; those that went away are forgotten"""
    a = P.get("/staff/login")
    cookie = re.search(COOKIE + "=[^;]+", a.headers["set-cookie"]).group(0)
    body = f"csrf={csrf(a)}&name=nobody&password=p&code=1".encode()
    head = (f"POST /staff/login HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nCookie: {cookie}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    before = workers(P)
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", P.port)) as s:
            s.sendall(head + body)
    streams = [socket.create_connection(("127.0.0.1", P.port)) for _ in range(150)]
    for s in streams:
        s.sendall(head + body)
    got = []
    for s in streams:
        s.settimeout(60)
        got.append(s.recv(65536)[9:12])
        s.close()
    assert set(got) <= {b"403", b"429", b"503"}, set(got)
    assert workers(P) == before
    began = time.perf_counter()
    assert Person(P, "Wayan").enter().status == 303
    assert time.perf_counter() - began < 5


def t_rate():
    """so many tries a minute from one address, whatever the name"""
    with Portal(PERIKSA_RATE="5") as p:
        b = Person(p, "Yuda")
        got = [b.enter(name=f"n{n}").status for n in range(6)]
        assert got == 5 * [403] + [429], got
        b.address = next(ADDRESSES)
        assert b.enter().status == 303


def t_nothing_else():
    """what the log of the portal says of all this: no name, no address, no password"""
    said = P.said()
    for word in ("kuda besi", "Ayu", "Fajar", "198.51.100", "203.0.113", "kata sandi", COOKIE):
        assert word not in said, word
    out = subprocess.run([PERIKSA, "user", "list", "--json"], check=True, capture_output=True,
                         env={**P.env, "PERIKSA_DATA": P.data}).stdout
    assert len([json.loads(line) for line in out.splitlines()]) > 20


POINTS = [t_page, t_enter, t_one_answer, t_replay, t_race, t_recovery, t_locked, t_fixation,
          t_leave, t_over, t_disabled, t_csrf, t_origin, t_next, t_garbage, t_roles, t_moved,
          t_people, t_own, t_others, t_agency, t_acts, t_many, t_crowd, t_sandbox, t_rate, t_nothing_else]


def run():
    """All points, on one portal."""
    global P, A, S, U  # pylint: disable=global-statement
    with Portal() as P:
        A = Person(P, "Zainal", "admin").sign_in()
        S = Person(P, "Zulfa", "staff").sign_in()
        U = Person(P, "Zubair", "auditor").sign_in()
        main(POINTS)


if __name__ == "__main__":
    if "asan" in os.path.basename(os.path.dirname(PERIKSA)):
        main(POINTS)
    else:
        run()
