"""Every form that a page shows, read from the page itself, and what hostile people type into its fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import product
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

CORPUS: dict[str, str] = {
    "script": "<script>alert('zq')</script>",
    "quote and picture": "\"><img src=x onerror=alert('zq')>",
    "apostrophe and drawing": "'><svg/onload=alert('zq')>",
    "end of a list of choices": "</option></select><b>zq",
    "address of a script": "javascript:alert('zq')//",
    "template": "{{ 7|add:35 }}{% debug %}{{ settings.SECRET_KEY }}${7*6}#{7*6}",
    "format": "%s%n{0.__class__}{key}",
    "formula": '=HYPERLINK("http://zq")',
    "formula after a tab": "\t=1+1",
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "end of statement": "'; DROP TABLE dossiers_procuration; --",
    "always true": "zq' OR '1'='1",
    "wildcards": "%_\\",
    "nothing": "\x00",
    "a name with nothing in it": "DU\x00BOIS",
    "header": "zq\r\nSet-Cookie: stolen=1\r\n\r\n<html>",
    "right to left": "\u202eSIOBUD\u202c",
    "invisible": "DU\u200b\u2060\ufeffBOIS",
    "other digits": "٣١/١٢/١٩٦٢",
    "wide": "＜script＞",
    "wide formula": "＝1＋1",
    "stacked marks": "e" + "\u0301" * 400,
    "one that grows when it is folded": "\ufdfa" * 60,
    "outside of the first plane": "𝔇𝔲𝔟𝔬𝔦𝔰 😀",
    "path": "../../../../etc/passwd",
    "number": "-1",
    "large number": "9" * 400,
    "not a number": "NaN",
    "a day that is none": "2027-02-30",
    "huge": "zq" * 60_000,
}
"""None of them may be executed, none may be a fault of the server."""

RAW = (b"%ED%A0%80", b"%FF%FE%00", b"%C0%AF", b"%", b"%u0000")
"""Bytes that are no text."""


@dataclass(slots=True)
class Form:
    """A form as a browser sees it.

    Attributes:
        fields: what it sends when nobody changes anything, by name; several values for boxes of one name.
        choices: what may be chosen where choices are offered.
        files: fields that take a file.
    """

    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def filled(self, usual: dict[str, str]) -> "Form":
        """The same, filled in by somebody who means well: usual answers, else the first choice offered."""
        filled = {}
        for name, values in self.fields.items():
            offered = self.choices.get(name, [])
            answer = usual.get(name)
            if answer is not None and (not offered or answer in offered):
                filled[name] = [answer]
            else:
                filled[name] = values or [one for one in offered if one][:1] or [""]
        return replace(self, fields=filled)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self._open, self._select = address, [], None, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(told.get("method", "get").lower(), told.get("action") or self.address)
            self.forms.append(self._open)
        elif self._open is not None and told.get("name") and tag in ("input", "textarea", "select"):
            self._field(tag, told)
        elif self._open is not None and tag == "option" and self._select:
            self._open.choices.setdefault(self._select, []).append(told.get("value", ""))
            if "selected" in told:
                self._open.fields[self._select] = [told["value"]]

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self._open is not None
        if told.get("type") == "file":
            self._open.files.append(told["name"])
            return
        name, chosen = told["name"], self._open.fields.setdefault(told["name"], [])
        self._select = name if tag == "select" else ""
        if told.get("type") in ("radio", "checkbox"):
            self._open.choices.setdefault(name, []).append(told.get("value", "on"))
            if "checked" not in told:
                return
        if tag == "input" and told.get("type") != "submit":
            chosen.append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def forms_of(address: str, answer: HttpResponse) -> list[Form]:
    """The forms of a page, but for the one that signs out."""
    if answer.status_code not in (200, 422) or "html" not in answer["Content-Type"]:
        return []
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    return [form for form in reader.forms if form.action != "/deconnexion/"]


def sends(browser: Client, form: Form, fields: dict[str, list[str]]) -> HttpResponse:
    """The form, as a browser sends it."""
    if form.method == "get":
        return browser.get(f"{form.action.partition('?')[0]}?{urlencode(fields, doseq=True)}")
    return browser.post(form.action, fields)


def sends_raw(browser: Client, form: Form, value: bytes) -> HttpResponse:
    """The form with bytes that are no text in all fields."""
    kept = {name: values for name, values in form.fields.items() if name in KEPT}
    names = [name for name in form.fields if name not in KEPT]
    body = "&".join([urlencode(kept, doseq=True), *(f"{name}={value.decode()}" for name in names)]).encode()
    if form.method == "get":
        return browser.get(form.action.partition("?")[0], QUERY_STRING=body.decode())
    return browser.post(form.action, body, content_type="application/x-www-form-urlencoded")


def attacks(form: Form) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The form again and again: every value in all fields at once, then the worst in each field alone, the
    others well filled in. What is attacked, and what is sent."""
    names = [name for name in form.fields if name not in KEPT]
    if not names:
        return
    for what, value in CORPUS.items():
        yield what, form.fields | {name: [value] for name in names}
    for name, what in product(names, WORST):
        yield f"{what} in {name}", form.fields | {name: [CORPUS[what]]}


KEPT = ("csrfmiddlewaretoken", "step")
"""A token has tests of its own; a step that is not known is the first one."""
WORST = ("quote and picture", "nothing")
