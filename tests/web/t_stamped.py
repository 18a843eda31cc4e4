#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stamped letters in a browser's own reader: shown, and their QR read from the screen."""
import os
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from tap import TMP, main, run  # noqa: E402

DIR = tempfile.mkdtemp(dir=TMP)
OFFICE = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "office"))
URL = "https://periksa.prov.example/d/0K7W4RZ9C2M5H8J3N6P1Q0S4TV2"


def seen(driver, name):
    """Whether the QR on the first page of a stamped letter is read from the screen."""
    out, picture = os.path.join(DIR, name + ".pdf"), os.path.join(DIR, name + ".png")
    r = run("stamp", "--url", URL, os.path.join(OFFICE, name + ".pdf"), "-o", out)
    assert r.returncode == 0, r.stderr
    driver.get("file://" + out)
    assert driver.execute_script("return document.contentType") == "application/pdf"
    until = time.monotonic() + 30
    while time.monotonic() < until:
        driver.save_screenshot(picture)
        if URL in run("scan", "--json", picture).stdout:
            return True
        time.sleep(0.5)
    return False


def shown():
    """Chromium shows stamped letters, and a telephone reads the QR from its screen"""
    options = Options()
    for arg in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=900,1200",
                "--force-device-scale-factor=3"):
        options.add_argument(arg)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        for name in ("libreoffice", "libreoffice-a", "ghostscript", "qpdf-20"):
            assert seen(driver, name), name
        assert not [e for e in driver.get_log("browser") if e["level"] == "SEVERE"]
    finally:
        driver.quit()


if __name__ == "__main__":
    main([shown])
