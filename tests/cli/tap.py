# SPDX-License-Identifier: GPL-3.0-or-later
"""The few lines that the tests of the command line share: run the program, speak TAP."""
import os
import subprocess
import sys
import traceback

PERIKSA = os.path.abspath(os.environ.get("PERIKSA", "build/periksa"))
TMP = os.environ.get("TMPDIR", "/tmp")


def run(*args, env=None, **more):
    """Run periksa with these arguments; its output decoded from UTF-8, line ends as they are."""
    r = subprocess.run([PERIKSA, *map(str, args)], stdin=subprocess.DEVNULL,
                       stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE,
                       env={**os.environ, **(env or {})}, timeout=120, check=False, **more)
    r.stdout = (r.stdout or b"").decode("utf-8")
    r.stderr = r.stderr.decode("utf-8", "surrogateescape")
    return r


def refused(r, *words):
    """Exit status 2, nothing on standard output, one line that holds these words on the other."""
    assert r.returncode == 2, (r.returncode, r.stderr)
    assert not r.stdout, r.stdout
    assert r.stderr.startswith("periksa: ") and r.stderr.count("\n") == 1, r.stderr
    assert r.stderr.endswith("\n"), r.stderr
    for word in words:
        assert word in r.stderr, (word, r.stderr)


def main(tests):
    """Run each function; its first line of doc is the name of the test point."""
    print(f"1..{len(tests)}", flush=True)
    bad = 0
    for n, test in enumerate(tests, 1):
        name = (test.__doc__ or test.__name__).strip().split("\n")[0]
        try:
            test()
            print(f"ok {n} - {name}", flush=True)
        except Exception:  # pylint: disable=broad-except
            bad += 1
            print(f"not ok {n} - {name}", flush=True)
            traceback.print_exc(file=sys.stderr)
    sys.exit(1 if bad else 0)
