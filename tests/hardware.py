"""Real TPMs and tokens in software: `swtpm` on a socket, SoftHSM 2 in a folder of its own.

Each fails, with the package to install, on a machine that lacks it. SoftHSM does not lock after wrong PINs.
"""

import hashlib
import os
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from procuration.adapters.token_secret import TokenSecret
from procuration.adapters.tpm_secret import TpmSecret

START_SECONDS = 20
SO_PIN = "99887766"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: install the Debian package {package}")
    return found


class SoftTpm:
    """One TPM 2.0, a child process; its state is its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._program = _program("swtpm", "swtpm")
        self._process: subprocess.Popen[bytes] | None = None
        self.reached = f"swtpm:path={folder / 's'}"
        self.keeper = TpmSecret(self.reached)

    def starts(self) -> "SoftTpm":
        """Switched on: its registers are as after a measured start of nothing."""
        words = [
            self._program, "socket", "--tpm2", "--tpmstate", f"dir={self.folder}", "--flags",
            "not-need-init,startup-clear", "--server", f"type=unixio,path={self.folder / 's'}", "--ctrl",
            f"type=unixio,path={self.folder / 's.ctrl'}",
        ]  # fmt: skip
        self._process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not all(_answers(self.folder / name) for name in ("s.ctrl", "s")):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("swtpm did not start")
            time.sleep(0.01)
        return self

    def stops(self) -> None:
        """Switched off."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
        for name in ("s", "s.ctrl"):
            (self.folder / name).unlink(missing_ok=True)

    def starts_again(self) -> None:
        self.stops()
        self.starts()

    def is_cleared(self) -> None:
        """Another TPM in its place, as after a new motherboard."""
        self.stops()
        for path in self.folder.iterdir():
            path.unlink()
        self.starts()

    def measures_other_firmware(self) -> None:
        """PCR 7 is what another boot key makes of it."""
        from tpm2_pytss import ESYS_TR, TPM2_ALG, TPML_DIGEST_VALUES, TPMT_HA, TPMU_HA

        digest = TPMU_HA(sha256=hashlib.sha256(b"other boot keys").digest())
        with self._tpm() as tpm:
            tpm.pcr_extend(
                ESYS_TR.PCR7, TPML_DIGEST_VALUES([TPMT_HA(hashAlg=TPM2_ALG.SHA256, digest=digest)])
            )

    def forgets_wrong_codes(self) -> None:
        """What only the holder of the lock-out authorisation may do."""
        from tpm2_pytss import ESYS_TR

        with self._tpm() as tpm:
            tpm.dictionary_attack_lock_reset(ESYS_TR.LOCKOUT)

    def gets_lockout_password(self) -> None:
        from tpm2_pytss import ESYS_TR

        with self._tpm() as tpm:
            tpm.hierarchy_change_auth(ESYS_TR.LOCKOUT, "kept by the administrator")

    def wrong_codes(self) -> int:
        """How many it remembers."""
        from tpm2_pytss import TPM2_CAP, TPM2_PT

        with self._tpm() as tpm:
            _, data = tpm.get_capability(TPM2_CAP.TPM_PROPERTIES, TPM2_PT.LOCKOUT_COUNTER, 1)
            return int(data.data.tpmProperties[0].value)

    @contextmanager
    def _tpm(self) -> Iterator[Any]:
        from tpm2_pytss import ESAPI, TCTILdr

        with TCTILdr("swtpm", self.reached.removeprefix("swtpm:")) as transport, ESAPI(transport) as tpm:
            yield tpm


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as tried:
        try:
            tried.connect(str(path))
        except OSError:
            return False
    return True


@contextmanager
def soft_tpm() -> Iterator[SoftTpm]:
    """A TPM for one test. Its folder has a short name: a socket's path has 107 characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="tpm-"))
    made = SoftTpm(folder)
    try:
        yield made.starts()
    finally:
        made.stops()
        shutil.rmtree(folder)


@contextmanager
def overheard(tpm: SoftTpm, seen: list[bytes]) -> Iterator[str]:
    """A wire to the TPM with an ear on it: where to reach the TPM through it; `seen` gets what went by."""
    folder = Path(tempfile.mkdtemp(prefix="ear-"))
    ears = [_Ear(tpm.folder / name, folder / name, seen) for name in ("s", "s.ctrl")]
    try:
        yield f"swtpm:path={folder / 's'}"
    finally:
        for ear in ears:
            ear.closes()
        shutil.rmtree(folder)


class _Ear:
    """Hands every connection on, one after another, and keeps the bytes of both directions."""

    def __init__(self, real: Path, own: Path, seen: list[bytes]) -> None:
        self._real, self._seen = real, seen
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(own))
        self._listening.listen()
        self._thread = threading.Thread(target=self._hands_on)
        self._thread.start()

    def closes(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _hands_on(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:  # closed
                return
            with caller, socket.socket(socket.AF_UNIX) as tpm:
                tpm.connect(str(self._real))
                self._both_ways(caller, tpm)

    def _both_ways(self, caller: socket.socket, tpm: socket.socket) -> None:
        other = {caller: tpm, tpm: caller}
        while True:
            for heard in select.select([caller, tpm], [], [])[0]:
                data = heard.recv(65536)
                if not data:
                    return
                self._seen.append(data)
                other[heard].sendall(data)


class SoftTokens:
    """A reader with tokens in it; a token that is taken out is a folder elsewhere."""

    def __init__(self, folder: Path) -> None:
        self._tokens, self._out = folder / "tokens", folder / "out"
        self._program = _program("softhsm2-util", "softhsm2")
        self.module = next(Path(name) for name in MODULES if Path(name).exists())
        for made in (self._tokens, self._out):
            made.mkdir()
        self.settings = folder / "softhsm2.conf"
        self.settings.write_text(f"directories.tokendir = {self._tokens}\nlog.level = ERROR\n")

    def gets(self, label: str, pin: str) -> TokenSecret:
        """A new token with this PIN."""
        subprocess.run(
            [self._program, "--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", pin],
            check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOFTHSM2_CONF": str(self.settings)},
        )  # fmt: skip
        return TokenSecret(self.module, label)

    def loses_all(self) -> None:
        """Nothing in the reader."""
        for token in self._tokens.iterdir():
            token.rename(self._out / token.name)

    def has_back(self) -> None:
        for token in self._out.iterdir():
            token.rename(self._tokens / token.name)


@contextmanager
def soft_tokens(folder: Path) -> Iterator[SoftTokens]:
    """SoftHSM reads where its tokens are from the environment, each time that it is initialised."""
    before = os.environ.get("SOFTHSM2_CONF")
    made = SoftTokens(folder)
    os.environ["SOFTHSM2_CONF"] = str(made.settings)
    try:
        yield made
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before
