"""The real nginx with the documented file, on a free port, before a real centre."""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "provisioning" / "server" / "nginx" / "procuration.conf"
START_SECONDS = 20


def certificate(folder: Path) -> tuple[Path, Path]:
    """A throw-away certificate of localhost, and its key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "fullchain.pem", folder / "privkey.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


def site(folder: Path, centre: int, http: int, https: int) -> str:
    """The documented file with this test's ports, names and certificate, and nothing else changed."""
    public, private = certificate(folder)
    text = SITE.read_text("utf-8")
    for old, new in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{centre};"),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{https} ssl"),
        ("procuration.exemple.fr", "localhost"),
        ("/etc/ssl/procuration/fullchain.pem", str(public)),
        ("/etc/ssl/procuration/privkey.pem", str(private)),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return re.sub(r"    listen \[::\].*\n", "", text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def nginx(folder: Path, centre: int, http: int, https: int) -> Iterator[ssl.SSLContext]:
    """nginx in the foreground with folders of its own. Yields: what trusts its certificate."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    documented = site(folder, centre, http, https)
    main = (
        f"daemon off;\npid {folder}/pid;\nerror_log stderr error;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n{temporary}{documented}\n}}\n"
    )
    (folder / "nginx.conf").write_text(main)
    words = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(words)
    try:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", https), timeout=1):
                break
            time.sleep(0.02)
        yield ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    finally:
        process.terminate()
        process.wait(20)
