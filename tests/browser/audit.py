"""What is wrong with the page that a browser shows: by axe-core's rules, by its size, by its keyboard."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from selenium.webdriver import Chrome

AXE: Final = Path(__file__).resolve().parents[2] / ".node" / "node_modules" / "axe-core" / "axe.min.js"
FIRST_VIEW_BYTES_MAX: Final = 300_000
"""Page, style sheets, fonts and pictures as they travel (issue 7, point 8)."""
NARROW: Final = {"width": 320, "height": 256, "deviceScaleFactor": 4, "mobile": False}
"""A window of 1280 x 1024 enlarged four times (WCAG 2.2, 1.4.10)."""
WIDE: Final = {"width": 1280, "height": 1024, "deviceScaleFactor": 1, "mobile": False}

EXCEPTIONS: Final[dict[str, str]] = {}
"""Rules of axe-core that are not applied, and why."""
NOT_OF_A_MESSAGE: Final[dict[str, str]] = {
    "landmark-one-main": "the main part of the page is the mailbox's, which shows the message inside it",
    "region": "the same: landmarks of a message would stand among those of the mailbox",
}
"""Further rules that are not applied to a message, and why."""

_AXE_RUN: Final = """
const done = arguments[arguments.length - 1];
axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: arguments[0],
}).then(found => done(found.violations.map(
  one => `${one.id}: ` + one.nodes.map(node => node.target.join(" ")).join(", "))),
  error => done([String(error)]));
"""

_SHAPE: Final = """
const faults = [];
const titles = document.querySelectorAll("h1");
if (titles.length !== 1) faults.push(`${titles.length} h1`);
if (!document.title.trim()) faults.push("no title");
if (!/^(fr|en)$/.test(document.documentElement.lang)) faults.push("no language");
if (document.title.split(" – ").length < 2) faults.push("the title does not name the service");
if (document.querySelector("script")) faults.push("a script");
for (const one of document.querySelectorAll("*"))
  for (const name of one.getAttributeNames())
    if (name.startsWith("on") || name === "style") faults.push(`${name} on <${one.localName}>`);
for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
  if (!one.labels.length) faults.push(`no label: ${one.name}`);
for (const one of document.querySelectorAll(".fr-input-group--error, .fr-fieldset--error"))
  if (getComputedStyle(one).borderLeftWidth !== "4px") faults.push(`an error without its bar: ${one.id}`);
const form = document.querySelector("main form[method=post]");
if (form && !form.elements.csrfmiddlewaretoken) faults.push("a form without its token");
return faults;
"""

_WIDTH: Final = """
const width = window.innerWidth;
const faults = [];
if (document.documentElement.scrollWidth > width) {
  const wide = [...document.body.querySelectorAll("*")].filter(
    one => one.getBoundingClientRect().right > width + 0.5).slice(0, 3);
  faults.push(`${document.documentElement.scrollWidth} pixels wide in ${width}: `
    + wide.map(one => `${one.localName}.${one.className}`).join(", "));
}
return faults;
"""

_SPACE_OUT: Final = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
document.adoptedStyleSheets = arguments[0] ? [sheet] : [];
"""
"""The four spacings that a reader may set (WCAG 2.2, 1.4.12); a sheet made by a script needs no leave of the
content security policy."""

_CUT_OR_COVERED: Final = """
const faults = [];
const name = one => `${one.localName}.${one.className} « ${one.textContent.trim().slice(0, 30)} »`;
const unseen = new Set();
for (const one of document.body.querySelectorAll("*")) {
  const style = getComputedStyle(one);
  if (unseen.has(one.parentElement) || style.clip !== "auto" || style.clipPath !== "none") unseen.add(one);
}
const written = [...document.body.querySelectorAll("*")].filter(one =>
  !one.matches("select, option, script, style, noscript, svg *") && !one.closest(".fr-skiplinks")
  && !unseen.has(one) && one.checkVisibility()
  && [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()));
const lines = [];
for (const one of written) {
  const inline = getComputedStyle(one).display === "inline";
  if (!inline && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
    faults.push(`spaced out, the text is cut: ${name(one)}`);
  for (const node of one.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1) lines.push({one, left: box.left, right: box.right,
        top: box.top + box.height * .25, bottom: box.bottom - box.height * .25});
  }
}
lines.sort((a, b) => a.top - b.top);
for (let i = 0; i < lines.length; i++)
  for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom - 1; j++)
    if (lines[i].left < lines[j].right - 1 && lines[j].left < lines[i].right - 1)
      faults.push(`spaced out, one text is on another: ${name(lines[i].one)} ${name(lines[j].one)}`);
return faults;
"""

_KEYBOARD: Final = """
const faults = [];
const name = one => one.id || one.name || one.textContent.trim().slice(0, 30);
const reached = [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")].filter(
  one => one.tabIndex >= 0 && one.checkVisibility());
let before = null;
for (const one of reached) {
  if (one.tabIndex > 0) faults.push(`an order of its own: ${name(one)}`);
  one.focus({focusVisible: true});
  if (document.activeElement !== one) { faults.push(`takes no focus: ${name(one)}`); continue; }
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!ring && style.boxShadow === "none") faults.push(`no visible focus: ${name(one)}`);
  const box = one.getBoundingClientRect();
  const top = box.top + scrollY, bottom = box.bottom + scrollY;
  if (box.right < 1 || box.bottom < 1 || box.left > innerWidth) faults.push(`focus off screen: ${name(one)}`);
  if (before !== null && bottom <= before.top && before.main === !!one.closest("main"))
    faults.push(`the focus goes up: ${name(one)}`);
  before = {top, main: !!one.closest("main")};
}
document.activeElement.blur();
scrollTo(0, 0);
return faults;
"""

_WEIGHT: Final = """
return [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(
  one => ({name: one.name, bytes: one.encodedBodySize, status: one.responseStatus}));
"""


def faults(browser: Chrome, status: int) -> list[str]:
    """Everything that is wrong with the page now shown; `status` is what it ought to be answered with."""
    found = [*_answered(browser, status), *browser.execute_script(_SHAPE)]
    _window(browser, NARROW)
    found += browser.execute_script(_WIDTH) + browser.execute_script(_KEYBOARD) + _spaced_out(browser)
    _window(browser, WIDE)
    found += browser.execute_script(_WIDTH) + _spaced_out(browser)
    found += axe_faults(browser) + _said_in_the_console(browser, status)
    return [str(one) for one in found]


def mail_faults(browser: Chrome) -> list[str]:
    """The same for a message shown as a page, in light and in dark colours: it carries its own style, has no
    keyboard and no address."""
    _window(browser, NARROW)
    found = browser.execute_script(_WIDTH) + _spaced_out(browser)
    _window(browser, WIDE)
    rules = EXCEPTIONS | NOT_OF_A_MESSAGE
    found += browser.execute_script(_WIDTH) + _spaced_out(browser) + axe_faults(browser, rules)
    _colours(browser, "dark")
    found += [f"by night, {fault}" for fault in axe_faults(browser, rules)]
    _colours(browser, "light")
    return [str(one) for one in found]


def _colours(browser: Chrome, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def _spaced_out(browser: Chrome) -> list[str]:
    """What is cut, covered or wider than the window once a reader has spaced lines, letters and words."""
    browser.execute_script(_SPACE_OUT, True)
    found = browser.execute_script(_CUT_OR_COVERED)
    found += [f"spaced out, {fault}" for fault in browser.execute_script(_WIDTH)]
    browser.execute_script(_SPACE_OUT, False)
    return [str(one) for one in found]


def prepare(browser: Chrome) -> None:
    """Every page that this browser opens from now on has axe-core beside it."""
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": AXE.read_text("utf-8")})


def axe_faults(browser: Chrome, exceptions: Mapping[str, str] = EXCEPTIONS) -> list[str]:
    """Violations of WCAG 2.2 A and AA and of the good practices that axe-core knows."""
    rules = {rule: {"enabled": False} for rule in exceptions}
    return list(browser.execute_async_script(_AXE_RUN, rules))


def _answered(browser: Chrome, status: int) -> list[str]:
    """The status, and the weight of a first view."""
    found: list[dict[str, Any]] = browser.execute_script(_WEIGHT)
    weight = sum(one["bytes"] for one in found)
    faults = [f"{weight} bytes: {json.dumps(found)}"] if weight > FIRST_VIEW_BYTES_MAX else []
    if found[0]["status"] != status:
        faults.append(f"answered {found[0]['status']} instead of {status}")
    return faults + [f"{one['status']} {one['name']}" for one in found[1:] if one["status"] != 200]


def _said_in_the_console(browser: Chrome, status: int) -> list[str]:
    """Errors, and what the content security policy stopped; a page answered as an error is one line more."""
    said = [line["message"] for line in browser.get_log("browser")]
    return [line for line in said if not (status >= 400 and f"status of {status}" in line)]


def _window(browser: Chrome, size: dict[str, object]) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def is_installed() -> bool:
    """Whether axe-core is there."""
    return AXE.is_file() and shutil.which("chromium") is not None
