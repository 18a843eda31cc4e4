# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who signs in: an account, its authenticator, and a browser that keeps one cookie."""
import base64
import hashlib
import hmac
import html
import json
import os
import re
import struct
import subprocess
import time
from urllib.parse import urlencode

import portal

COOKIE = "__Host-periksa"
STEP = 30


def totp(secret, step=None):
    """The six digits of RFC 6238 for a step of 30 seconds, by default this one."""
    if step is None:
        step = int(time.time()) // STEP
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}"


def user(p, *args, password=None):
    """`periksa user` on the portal's store; what it prints as JSON, if it does."""
    args = list(args)
    if password is not None:
        args += ["--password-fd", "0", "--json"]
    out = subprocess.run([portal.PERIKSA, "user", *args], check=True, capture_output=True,
                         input=None if password is None else password.encode() + b"\n",
                         env={**p.env, "PERIKSA_DATA": p.data}).stdout
    return json.loads(out) if password is not None else None


class Person:
    """An account, made by the command line; address: where the browser seems to be."""

    def __init__(self, p, name, role="staff", agency="DISKOM", password="kuda besi hijau"):
        self.p = p
        self.name = name
        self.password = password
        made = user(p, "add", name, "--role", role, "--agency", agency, password=password)
        self.secret = made["totp"]
        self.recovery = made["recovery"]
        self.address = None
        self.cookie = None
        self.used = 0

    def code(self):
        """A code that was not used before: one step back, now, or one ahead; else it waits."""
        while True:
            now = int(time.time()) // STEP
            # The last one is good only while this step lasts.
            step = max(self.used + 1, now - 1 if time.time() % STEP < STEP - 8 else now)
            if step <= now + 1:
                self.used = step
                return totp(self.secret, step)
            time.sleep(0.5)

    def head(self, headers=None):
        """Cookie and address, with these over them."""
        h = {}
        if self.cookie:
            h["Cookie"] = f"{COOKIE}={self.cookie}"
        if self.address:
            h["X-Forwarded-For"] = self.address
        h.update(headers or {})
        return {k: v for k, v in h.items() if v is not None}

    def take(self, a):
        """The answer, whose cookie the browser keeps."""
        found = re.search(COOKIE + r"=([^;]*)", a.headers.get("set-cookie", ""))
        if found:
            self.cookie = found.group(1) or None
        return a

    def get(self, path, **headers):
        """GET with the cookie."""
        return self.take(self.p.ask("GET", path, headers=self.head(
            {k.replace("_", "-"): v for k, v in headers.items()})))

    def token(self, path="/staff/account"):
        """What the forms of this page send back."""
        return csrf(self.get(path))

    def post(self, path, fields, page=None, **headers):
        """A form of a page, with its token unless fields has one."""
        if "csrf" not in fields:
            fields = {"csrf": self.token(page or "/staff/account"), **fields}
        return self.take(self.p.ask("POST", path, urlencode(fields, doseq=True), self.head(
            {"Content-Type": "application/x-www-form-urlencoded",
             **{k.replace("_", "-"): v for k, v in headers.items()}})))

    def send(self, path, fields, files=(), page=None):
        """The same with files: (field, name, type, octets)."""
        mark = "periksa-" + os.urandom(8).hex()
        fields = {"csrf": self.token(page or "/staff/account"), **fields}
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in fields.items())
        for field, name, kind, octets in files:
            body += (f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; '
                     f'filename="{name}"\r\nContent-Type: {kind}\r\n\r\n').encode()
            body += octets + b"\r\n"
        return self.take(self.p.ask("POST", path, body + f"--{mark}--\r\n".encode(), self.head(
            {"Content-Type": f"multipart/form-data; boundary={mark}"})))

    def enter(self, password=None, code=None, name=None, **fields):
        """What the sign-in page answers to these."""
        return self.post("/staff/login", {
            "name": name if name is not None else self.name,
            "password": password if password is not None else self.password,
            "code": code if code is not None else self.code(), **fields}, page="/staff/login")

    def sign_in(self):
        """Signed in, or an assertion."""
        a = self.enter()
        assert a.status == 303 and a.headers["location"] == "/staff", (a.status, a.headline)
        return self


def csrf(a):
    """The token of a page."""
    found = re.search(r'name="csrf" value="([^"]*)"', a.text)
    assert found, (a.status, a.headline)
    return html.unescape(found.group(1))
