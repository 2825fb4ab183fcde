"""The elector's mailbox of the demonstration, to look at: a page that lists the mails that came, and one for
each, laid out and as plain text. It only reads, and only this machine can ask.

`python -m provisioning.demo.mailbox PORT MAILDIR`
"""

import email
import email.policy
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

MAILS_MAX: Final = 500
MAIL_BYTES_MAX: Final = 1 << 20
INDEX: Final = "index.html"
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = """
body{margin:0;padding:24px 16px;background:#f7f8fc;color:#161616;font:17px/1.5 'Noto Sans',Arial,sans-serif}
main{max-width:62rem;margin:0 auto}
h1{margin:0 0 8px;font-size:28px}
p{margin:0 0 16px}
ul{list-style:none;margin:0;padding:0;background:#fff;border:1px solid #d4d8e8;border-radius:10px}
li{padding:14px 18px;border-bottom:1px solid #d4d8e8;overflow-wrap:anywhere}
li:last-child{border-bottom:0}
li a{font-weight:bold}
a{color:#22307a}
span{display:block;color:#4a4a4a;font-size:15px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0 0 20px}
dt{color:#4a4a4a}
dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:1500px;border:1px solid #d4d8e8;border-radius:10px;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#fff;border:1px solid #d4d8e8;border-radius:10px;
padding:18px 20px;font:inherit}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as the mailbox shows it."""

    at: datetime
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def mails_of(maildir: Path) -> list[Mail]:
    """The mails of a mailbox, the oldest first."""
    found = (path for folder in ("new", "cur") for path in (maildir / folder).glob("*"))
    paths = sorted(found, key=lambda path: path.stat().st_mtime_ns)[:MAILS_MAX]
    return [_mail(path) for path in paths]


def _mail(path: Path) -> Mail:
    with path.open("rb") as file:
        message = email.message_from_bytes(file.read(MAIL_BYTES_MAX), policy=email.policy.default)
    return Mail(
        at=datetime.fromtimestamp(path.stat().st_mtime).astimezone(),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def pages(mails: Sequence[Mail]) -> dict[str, str]:
    """Every page, by the name of its file."""
    each = {f"{number}.html": _page(mail.subject, _one(mail)) for number, mail in enumerate(mails, 1)}
    return {INDEX: _page("Boîte de réception", _list(mails)), **each}


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _list(mails: Sequence[Mail]) -> str:
    rows = "".join(
        f'<li><a href="{number}.html">{escape(mail.subject)}</a>'
        f"<span>{mail.at:%H:%M:%S} · à {escape(mail.to)}</span></li>"
        for number, mail in reversed(list(enumerate(mails, 1)))
    )
    what = (
        f"<ul>{rows}</ul>" if mails else "<p>Aucun message pour le moment. Rechargez la page plus tard.</p>"
    )
    return (
        "<h1>Boîte de réception</h1>"
        f"<p>La boîte de l’électrice de la démonstration. Rien ne quitte cette machine.</p>{what}"
    )


def _one(mail: Mail) -> str:
    return (
        f'<p><a href="{INDEX}">Tous les messages</a></p><h1>{escape(mail.subject)}</h1>'
        f"<dl><dt>Reçu à</dt><dd>{mail.at:%H:%M:%S}</dd><dt>Pour</dt><dd>{escape(mail.to)}</dd></dl>"
        "<h2>Mise en page</h2>"
        f'<iframe sandbox title="Le message mis en page" srcdoc="{escape(mail.html)}"></iframe>'
        f"<h2>Texte seul</h2><pre>{escape(mail.text)}</pre>"
    )


def write_pages(maildir: Path, folder: Path) -> Path:
    """Keep the mailbox as files, to look at once the demonstration is over. Returns: its first page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages(mails_of(maildir)).items():
        (folder / name).write_text(page, encoding="utf-8")
    return folder / INDEX


class Server(ThreadingHTTPServer):
    """The mailbox on this machine."""

    def __init__(self, port: int, maildir: Path) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        self.maildir = maildir


class _Answer(BaseHTTPRequestHandler):
    """Reads the mailbox anew for each page."""

    server: Server

    def do_GET(self) -> None:
        page = pages(mails_of(self.server.maildir)).get(self.path.removeprefix("/") or INDEX)
        body = (page or _page("Introuvable", "<h1>Cette page n’existe pas</h1>")).encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the log of the demonstration is for what goes wrong."""


def main(port: int, maildir: Path) -> None:
    """Answer until the program is stopped."""
    with Server(port, maildir) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
