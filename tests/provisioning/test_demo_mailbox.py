"""The mailbox page of the demonstration: it shows what came, whatever is in it, and only reads."""

import mailbox
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest

from provisioning.demo.mailbox import Server, mails_of, pages, write_pages


def put(folder: Path, subject: str, text: str = "Bonjour", html: str = "<p>Bonjour</p>") -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "angela@example.org", subject
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    mailbox.Maildir(folder).add(mail)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "mail", "Votre demande")
    return tmp_path / "mail"


@pytest.fixture
def site(folder: Path) -> Iterator[str]:
    with Server(0, folder) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_each_mail_is_listed_and_has_a_page(site: str, folder: Path):
    put(folder, "Votre récépissé")
    index = urllib.request.urlopen(site).read().decode()
    assert "Votre demande" in index
    assert "Votre récépissé" in index
    page = urllib.request.urlopen(f"{site}1.html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<pre>Bonjour" in page.read().decode()


def test_what_a_mail_says_is_shown_and_never_obeyed(folder: Path):
    bad = '"><script>alert(1)</script>'
    put(folder, bad, bad, f"<p>{bad}</p>")
    for page in pages(mails_of(folder)).values():
        assert "<script" not in page
    assert "<iframe sandbox " in pages(mails_of(folder))["2.html"]


@pytest.mark.parametrize("path", ["9.html", "../etc/passwd", "mail/new", "index", "%2e%2e/"])
def test_another_address_does_not_exist(site: str, path: str):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(site + path)


def test_it_only_reads(site: str):
    with pytest.raises(urllib.error.HTTPError, match="501"):
        urllib.request.urlopen(urllib.request.Request(site, method="POST", data=b""))


def test_an_empty_mailbox_says_so_and_pages_can_be_kept(tmp_path: Path, folder: Path):
    assert "Aucun message pour le moment" in pages(mails_of(tmp_path / "none"))["index.html"]
    assert write_pages(folder, tmp_path / "kept").read_text("utf-8").count("<li>") == 1
