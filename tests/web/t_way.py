#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way of a letter in a real browser: from the first account to a withdrawn letter, with
what citizens make of it in between.  Each page on the way is looked at in both languages, at 320
and at 1280 pixels; with SHOTS=folder in the environment, pictures of all of them are kept there."""
import base64
import json
import os
import shutil
import subprocess
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "cli")]
import way  # noqa: E402
from portal import PERIKSA, Portal, folder, main, read  # noqa: E402
from t_browser import CONTRAST, SOUND, browser  # noqa: E402

from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

DIR = folder()
AUTHORITY = os.path.join(DIR, "authority")
SHOTS = os.environ.get("SHOTS")
P = B = N = None  # portal, browser, browser without JavaScript
ADMIN, STAFF = "kepala", "Ayu.Lestari"
PASSWORD, STAFF_PASSWORD = "kuda-laut bersepeda 7 kali", "perahu kertas di hulu sungai"
NUMBER, SUBJECT = "555/0320/DISKOMINFO/2026", "Persetujuan bantuan «Ḥari Jadi» & lain-lain"
UNIT = "Bidang Persandian dan Keamanan Informasi"
FAULTS = []  # of pages that were looked at
L = {}  # what was learned on the way: secrets, ids

OVER = """
function rolls(e) { return ["auto", "scroll"].includes(getComputedStyle(e).overflowX); }
function within(e) {
	while ((e = e.parentElement) !== null && !rolls(e)) continue;
	return e !== null;
}
const width = document.documentElement.clientWidth;
const wide = [...document.querySelectorAll("body *")].filter(e => {
	const b = e.getBoundingClientRect();
	return b.width > 1 && b.right > width + 0.5 && !within(e);
}).map(e => e.outerHTML.slice(0, 80));
return document.documentElement.scrollWidth > width ? ["scrolls", ...wide] : wide;
"""
SEEN = """return document.readyState === "complete" &&
[...document.querySelectorAll("use")].every(e => e.getBBox().width || !e.getClientRects().length) &&
[...document.images].every(e => e.complete && e.naturalWidth > 0)"""


# --- hands ---

def url(path):
    """An address of the portal."""
    return f"http://127.0.0.1:{P.port}{path}"


def until(that, b=None):
    """Wait for what a function says of the browser."""
    return WebDriverWait(b or B, 20, 0.02).until(that)


def open_page(path, b=None):
    """A page, by its address."""
    (b or B).get(url(path))


def find(css, b=None):
    """An element that is there, or comes."""
    return until(lambda d: d.find_element(By.CSS_SELECTOR, css), b)


def leave(act, b=None):
    """Do what leads to another page, and wait for it."""
    old = (b or B).find_element(By.TAG_NAME, "html").id
    act()
    until(lambda d: d.find_element(By.TAG_NAME, "html").id != old and
          d.execute_script("return document.readyState") == "complete", b)


def fill(form, b=None, **values):
    """Type into a form's fields, by their names' ids, and send it."""
    for name, value in values.items():
        field = find(f"{form} [id='{name.replace('_', '-')}']", b)
        if field.get_attribute("type") == "date":
            (b or B).execute_script("arguments[0].value = arguments[1]", field, value)
            continue
        if field.get_attribute("type") not in ("file", "radio") and field.tag_name != "select":
            field.clear()
        if field.get_attribute("type") == "radio":
            field.click()
        elif field.tag_name == "select":
            field.find_element(By.CSS_SELECTOR, f"option[value='{value}']").click()
        else:
            field.send_keys(value)
    send = find(f"{form} button[type=submit]", b)
    leave(send.click, b)


def state(b=None):
    """What a letter's page says it is."""
    return find("#state", b).get_attribute("data-state")


def text(css="main"):
    """The words of an element."""
    return find(css).text


def size(width):
    """The viewport, exactly."""
    B.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})


def picture(path, clip):
    """A part of the page, seen or not."""
    shot = B.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True, "format": "png", "clip": clip})
    way.write(path, base64.b64decode(shot["data"]))


def keep(name):
    """A picture of all of the page."""
    if SHOTS:
        picture(os.path.join(SHOTS, name + ".png"), B.execute_script("""return {
		    x: 0, y: 0, scale: 1, width: innerWidth,
		    height: document.documentElement.scrollHeight};"""))


def look(name, posted=False):
    """The page that is open, in Indonesian and (unless it answers a form) in English, its folds
    open: is something cut off at 320 pixels, are headings, names or contrast wrong?"""
    here = B.current_url.split("?")[0]
    for lang in ("id",) if posted else ("en", "id"):
        if not posted:
            B.get(f"{here}?lang={lang}")
        until(lambda d: d.execute_script(SEEN))
        assert B.execute_script("return document.documentElement.lang") == lang
        B.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")
        for width in (320, 1280):
            size(width)
            keep(f"{name}-{lang}-{width}")
            if width == 320:
                FAULTS.extend((name, lang, e) for e in B.execute_script(OVER))
        if lang == "id":
            FAULTS.extend((name, e) for e in B.execute_script(SOUND) + B.execute_script(CONTRAST))
        FAULTS.extend((name, lang, e["message"]) for e in B.get_log("browser")
                      if e["level"] != "DEBUG" and not posted and "404" not in e["message"]
                      and not e["message"].startswith("chrome://"))  # its own first page


def fetched(css, suffix):
    """Click a link that gives a file; where it lies."""
    room = folder()
    B.execute_cdp_cmd("Browser.setDownloadBehavior",
                      {"behavior": "allow", "downloadPath": room})
    find(css).click()

    def whole(_):
        names = os.listdir(room)
        return names if names and all(n.endswith(suffix) for n in names) else None
    return os.path.join(room, until(whole)[0])


# --- the way ---

def sign_in(name, password, code, b=None):
    """Name, password and a code of the telephone (or one of those kept for its loss)."""
    open_page("/staff/login", b)
    fill("#login", b, name=name, password=password, code=code)
    assert "/staff/login" not in (b or B).current_url, text()


def first_admin():
    """The first admin, by the command line, signs in with a code of the telephone"""
    open_page("/staff/login")
    look("01-sign-in")
    made = subprocess.run(
        [PERIKSA, "user", "add", ADMIN, "--role", "admin", "--agency", "DISKOMINFO",
         "--agency-name", "Dinas Komunikasi dan Informatika", "--password-fd", "0", "--json"],
        input=PASSWORD.encode() + b"\n", check=True, capture_output=True,
        env={**P.env, "PERIKSA_DATA": P.data}).stdout
    L["admin"] = json.loads(made)
    open_page("/staff/login")
    fill("#login", name=ADMIN, password=PASSWORD, code="000000")
    assert find("#login-problem").is_displayed()
    look("02-sign-in-refused", posted=True)
    sign_in(ADMIN, PASSWORD, way.totp(L["admin"]["totp"]))
    look("03-home-admin")


def staff_account():
    """The admin adds an account for staff; the QR on that page is what the telephone wants"""
    open_page("/staff/people/new")
    look("04-account-new")
    open_page("/staff/people/new")
    fill("#new-account", name=STAFF, role_staff="", password=STAFF_PASSWORD)
    look("05-account-secrets", posted=True)
    L["secret"] = text("#secret")
    L["recovery"] = [e.text for e in B.find_elements(By.CSS_SELECTOR, "#recovery code")]
    qr = os.path.join(DIR, "enrol.png")
    picture(qr, B.execute_script("""
	const {x, y, width, height} = document.getElementById("qr").getBoundingClientRect();
	return {x: x + scrollX, y: y + scrollY, width, height, scale: 1};"""))
    address = find("#otpauth").get_attribute("href")
    assert way.codes(qr) == [address], (way.codes(qr), address)
    assert L["secret"].replace(" ", "") in address and len(L["recovery"]) == 10
    for path, name in (("/staff/people", "06-accounts"), ("/staff/agency", "07-agencies"),
                       ("/staff/agency/DISKOMINFO", "08-agency"), ("/staff/acts", "09-acts"),
                       ("/staff/account", "10-account")):
        open_page(path)
        look(name)
    leave(find(".staff-who button").click)
    open_page("/staff/letters")
    assert "/staff/login" in B.current_url


def draft(b=None, subject=SUBJECT):
    """Write a letter down; its ID."""
    open_page("/staff/letters/new", b)
    values = {"number": NUMBER, "subject": subject, "date": "2026-11-20", "unit": UNIT}
    for n, signer in enumerate(way.SIGNERS, 1):
        if not (b or B).find_elements(By.ID, f"title-{n}"):
            find("#add-row", b).click()
        values.update({f"title_{n}": signer[0], f"name_{n}": signer[1], f"rank_{n}": signer[2]})
    fill("#draft", b, **values)
    assert state(b) == "draft"
    return find("#letter-id", b).text.replace(" ", "")


def act(form, b=None, **values):
    """Open a fold of a letter's page and send what is in it."""
    fold = find(form, b)
    if fold.get_attribute("open") is None:
        fold.find_element(By.TAG_NAME, "summary").click()
    fill(form, b, **values)


def drafted():
    """Staff sign in and draft a letter of two signers, with degrees and diacritics"""
    sign_in(STAFF, STAFF_PASSWORD, way.totp(L["secret"]))
    look("11-home-staff")
    open_page("/staff/letters/new")
    look("12-draft-new")
    L["id"] = draft()
    L["page"] = f"/staff/letters/{L['id']}"
    L["address"] = f"{url('/d/')}{L['id']}"
    assert text("#address") == L["address"]
    for signer in way.SIGNERS:
        assert signer[1] in text() and signer[2] in text()
    look("13-draft")
    open_page("/staff/letters")
    look("14-letters")
    open_page("/d/" + L["id"])
    assert state() == "draft"
    look("15-citizen-draft")


def issued():
    """It is issued: citizens who scan too early read that it is not registered yet"""
    open_page(L["page"])
    act("#issue")
    assert state() == "issued"
    look("16-issued")
    open_page("/d/" + L["id"])
    assert state() == "issued"
    look("17-citizen-issued")


def printed():
    """Footer and specimen, downloaded: the QR holds the address, the specimen the agreed size"""
    open_page(L["page"] + "/print")
    look("18-print")
    footer = fetched("a[href*='footer.png?dpi=300']", ".png")
    assert way.codes(footer) == [L["address"]], way.codes(footer)
    specimen = read(fetched("a[href*='specimen.png?n=2&dpi=300']", ".png"))
    assert specimen[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(specimen[16:20], "big") == 592  # 142 points at 300 dpi
    found = subprocess.run([PERIKSA, "scan", "--json", footer], check=True, capture_output=True)
    assert json.loads(found.stdout)["text"] == L["address"], found
    if SHOTS:
        shutil.copy(footer, os.path.join(SHOTS, "footer.png"))
    for path, name in (("/staff/footer", "19-quick-footer"), ("/staff/stamp", "21-quick-stamp"),
                       ("/staff/specimen", "20-quick-specimen")):
        open_page(path)
        look(name)


def stamped():
    """An office's letter gets the footer on its pages; the file is taken away"""
    open_page(L["page"] + "/stamp")
    look("22-stamp")
    open_page(L["page"] + "/stamp")
    fill("#stamp", file=way.LETTER)
    look("23-stamped")
    L["stamped"] = fetched("#download", ".pdf")
    assert way.tool("pdftotext", L["stamped"], "-").decode().count(L["address"]) == 2


def registered():
    """Signed by both, it is registered; the unsigned and the half signed file were refused"""
    stem = os.path.join(DIR, "surat")
    L["first"] = way.sign(AUTHORITY, L["stamped"], stem + "-1.pdf", way.CERTIFIED[:1])
    L["signed"] = way.sign(AUTHORITY, L["first"], stem + "-2.pdf", way.CERTIFIED[1:])
    open_page(L["page"] + "/register")
    look("24-register")
    for path, want in ((L["stamped"], "not_signed"), (L["first"], "signer_missing")):
        open_page(L["page"] + "/register")
        fill("#register", file=path)
        told = [e.get_attribute("data-item")
                for e in B.find_elements(By.CSS_SELECTOR, "#items li")]
        assert want in told, (path, told)
    assert way.SIGNERS[1][1] in text("#items") and find("#ask-admin").is_displayed()
    look("25-register-refused", posted=True)
    fill("#register", file=L["signed"])
    assert state() == "signed", text()
    assert find("#verdict").get_attribute("data-conclusion") == "VALID"
    look("26-registered")


def read_back():
    """The page as printed at 150 and 300 dpi: a stranger's reader finds the way to /d/ID"""
    for dpi in (150, 300):
        for page in way.rendered(L["signed"], DIR, dpi):
            assert way.codes(page) == [L["address"]], (dpi, page)
            L["photo"] = page
    B.get(way.codes(L["photo"])[0])
    assert state() == "signed" and find("#state").get_attribute("data-look") == "ok"
    words = text()
    for word in [NUMBER, SUBJECT, UNIT, L["id"], *(s[1] for s in way.SIGNERS)]:
        assert word in words, (word, words)
    lines = [e.get_attribute("data-check")
             for e in B.find_elements(By.CSS_SELECTOR, "ul.lines li[data-check]")]
    # the circular's four, in its order, and who issued the certificate
    assert lines[:4] == ["SIGNER_NAME", "UNCHANGED", "TIMESTAMP", "LTV"], lines
    assert find("#verdict").get_attribute("data-conclusion") == "VALID"
    look("27-citizen-registered")
    assert P.get(f"/d/{L['id']}.pdf").body == read(L["signed"])
    report = P.api(read(L["signed"])).json
    assert report["conclusion"] == "VALID", "an upload says the same as the register"
    open_page("/scan")
    look("28-scan")
    open_page("/scan")
    fill("form[method=post]", photo=L["photo"])
    assert state() == "signed" and L["id"] in B.current_url
    foreign = os.path.join(DIR, "foreign.png")
    subprocess.run([PERIKSA, "footer", "--id", L["id"], "--url",
                    f"http://periksa-provcontoh.example/d/{L['id']}", "-o", foreign], check=True,
                   env={**os.environ, "PERIKSA_DATA": P.data})
    open_page("/scan")
    fill("form[method=post]", photo=foreign)
    assert find("[data-find]").get_attribute("data-find") == "foreign", text()
    assert not B.find_elements(By.CSS_SELECTOR, "a[href*='provcontoh']"), "nothing leads there"
    look("29-scan-foreign", posted=True)


def compare(path, b=None):
    """Give a copy to the page that is open; what it is told to be."""
    chosen = find("#file", b)
    if b is None:
        leave(lambda: chosen.send_keys(path))
    else:
        chosen.send_keys(path)
        leave(find("#upload button[type=submit]", b).click, b)
    return find("#comparison", b).get_attribute("data-comparison")


def compared():
    """Copies: the same, saved again, changed, half signed, printed anew, no PDF at all"""
    for name, (path, want) in way.copies(L["signed"], DIR, L["first"]).items():
        open_page("/d/" + L["id"])
        got = compare(path)
        assert got == want, (name, got, want, text("#comparison"))
        assert state() == "signed"
        if name in ("same", "saved", "painted", "first", "printed", "text"):
            look("30-compare-" + name, posted=True)
    open_page("/d/" + L["id"], N)
    assert compare(os.path.join(DIR, "diubah.pdf"), N) == "changed"
    open_page("/d/" + L["id"], N)
    assert compare(L["signed"], N) == "identical"


def superseded():
    """Without JavaScript, another letter is drafted and issued; it takes the place of the first"""
    sign_in(STAFF, STAFF_PASSWORD, L["recovery"][0], N)
    L["new"] = draft(N, "Persetujuan bantuan kegiatan, diperbaiki")
    act("#issue", N)
    assert state(N) == "issued"
    open_page(L["page"], N)
    act("#supersede", N, successor=L["new"].lower(), supersede_from="2026-11-21",
        supersede_reason="Jumlah diperbaiki")
    assert state(N) == "superseded"
    open_page(L["page"])
    look("31-superseded")
    open_page("/d/" + L["id"])
    assert state() == "superseded" and "Jumlah diperbaiki" in text("#state")
    look("32-citizen-superseded")
    assert compare(L["signed"]) == "identical"
    for box in B.find_elements(By.CSS_SELECTOR, ".verdict"):
        assert "look-ok" not in box.get_attribute("class"), "an old letter is no good news"
    look("33-compare-superseded", posted=True)
    open_page("/d/" + L["id"])
    leave(find(f"#state a[href^='/d/{L['new']}']").click)
    assert state() == "issued"


def withdrawn():
    """It is withdrawn: /d/ID says so, and why; all that was done stands in its history"""
    open_page("/staff/letters/" + L["new"])
    act("#withdraw", withdraw_from="2026-11-21", withdraw_reason="Kegiatan dibatalkan")
    assert state() == "withdrawn"
    look("34-withdrawn")
    assert len(B.find_elements(By.CSS_SELECTOR, "#events li")) == 3
    open_page("/d/" + L["new"])
    assert state() == "withdrawn" and "Kegiatan dibatalkan" in text("#state")
    look("35-citizen-withdrawn")
    open_page("/d/" + L["id"][:-1] + ("0" if L["id"][-1] != "0" else "1"))
    assert state() == "absent"
    look("36-citizen-absent")
    found = P.get(f"/api/v1/documents/{L['id']}").json
    assert (found["state"], found["superseded_by"]) == ("superseded", L["new"]), found


def batch():
    """Five rows of a spreadsheet become footers while staff look on"""
    open_page("/staff/batch")
    look("37-batch")
    rows = ["nomor;perihal;tanggal;unit;penandatangan1"]
    rows += [f"{n}/B/2026;Undangan ke-{n};2026-12-0{n};Sekretariat;Sekretaris|Bayu Ábel|"
             for n in range(1, 6)]
    path = way.write(os.path.join(DIR, "lima.csv"), "\n".join(rows).encode("utf-8"))
    open_page("/staff/batch")
    fill("#order", csv=path)
    until(lambda d: d.find_element(By.ID, "zip").is_displayed())
    assert text("#work-done") == "5" and text("#work-failed") == "0"
    look("38-batch-done")
    with zipfile.ZipFile(fetched("#zip", ".zip")) as z:
        names = sorted(n for n in z.namelist() if n.endswith(".png"))
        assert len(names) == 5, names
        picture = way.write(os.path.join(DIR, "row.png"), z.read(names[4]))
    assert way.codes(picture) == [url("/d/") + names[4][:-4].split("-")[1]]


def looked_at():
    """Each page on the way: nothing is cut off or blocked, names and contrast are right"""
    assert FAULTS == [], "\n".join(map(str, FAULTS))


if __name__ == "__main__":
    if SHOTS:
        os.makedirs(SHOTS, exist_ok=True)
    P = Portal(PERIKSA_OFFLINE="1")
    P.env["PERIKSA_PUBLIC_URL"] = f"http://127.0.0.1:{P.port}"
    P.args += ["--trust", way.authority(AUTHORITY)]
    with P:
        B, N = browser(), browser(script=False)
        try:
            main([first_admin, staff_account, drafted, issued, printed, stamped, registered,
                  read_back, compared, superseded, withdrawn, batch, looked_at], clean=[DIR])
        finally:
            B.quit()
            N.quit()
