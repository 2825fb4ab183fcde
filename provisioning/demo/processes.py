"""Starts the programs of the demonstration, waits until they answer, and stops exactly those."""

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

STOP_SECONDS: Final = 25
POLL_SECONDS: Final = 0.1
COMMAND_SECONDS: Final = 120
ERROR_LINES: Final = 20


class DemoFailed(Exception):
    """The demonstration can not go on; the message says why, for the person who started it."""


def python(*words: object) -> list[str]:
    """A program of the project, run by the interpreter of the demonstration."""
    return [sys.executable, "-m", *(str(word) for word in words)]


@dataclass(slots=True)
class Programs:
    """Every process started here, with a log file each.

    Attributes:
        folder: working directory of the programs: the top of the source tree.
        logs: where their messages go.
    """

    folder: Path
    logs: Path
    running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def run(self, name: str, command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
        """Run a command to its end and give what it printed. Raises: DemoFailed, unless its status is 0."""
        with self._log(name) as log:
            try:
                done = subprocess.run(
                    command,
                    cwd=self.folder,
                    env={**os.environ, **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    timeout=COMMAND_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise DemoFailed(f"{name} : pas de fin après {COMMAND_SECONDS} s") from error
        if done.returncode != 0:
            raise DemoFailed(f"{name} : état {done.returncode}\n{self.last_words(name)}")
        return done.stdout

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        talks: bool = False,
    ) -> subprocess.Popen[str]:
        """Start a program that goes on running; `talks` opens its standard input and output."""
        pipe = subprocess.PIPE if talks else subprocess.DEVNULL
        with self._log(name) as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, **(env or {})},
                stdin=pipe,
                stdout=pipe if talks else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.running[name] = process
        return process

    def stop(self, name: str) -> None:
        """Ask a program to end and wait for it; end it if it does not."""
        process = self.running.pop(name)
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

    def stop_all(self) -> None:
        """Stop everything, the newest first."""
        for name in reversed(list(self.running)):
            self.stop(name)

    def check_alive(self) -> None:
        """Raises: DemoFailed, when a program ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise DemoFailed(f"{name} s’est arrêté (état {process.returncode})\n{self.last_words(name)}")

    def wait_for(self, what: str, condition: Callable[[], bool], seconds: float) -> None:
        """Wait until something is true. Raises: DemoFailed, when it is not in time or a program ended."""
        end = time.monotonic() + seconds
        while not condition():
            self.check_alive()
            if time.monotonic() > end:
                raise DemoFailed(f"attendu en vain pendant {seconds:.0f} s : {what}")
            time.sleep(POLL_SECONDS)

    def last_words(self, name: str) -> str:
        """The end of a program's messages."""
        lines = (self.logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-ERROR_LINES:])

    def _log(self, name: str) -> IO[str]:
        return (self.logs / f"{name}.log").open("a")


class Actor:
    """A program moved by one JSON command a line: a hand at a tablet, or a browser."""

    def __init__(self, programs: Programs, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._programs, self._name = programs, name
        self._process = programs.start(name, command, env, talks=True)

    def do(self, what: str, **values: object) -> dict[str, object]:
        """Give one command and wait for its answer. Raises: DemoFailed, with what the screen showed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"do": what, **values}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError as error:
            raise DemoFailed(
                f"{self._name} ne répond plus\n{self._programs.last_words(self._name)}"
            ) from error
        if not line:
            raise DemoFailed(f"{self._name} s’est arrêté\n{self._programs.last_words(self._name)}")
        answer: dict[str, object] = json.loads(line)
        if not answer.pop("ok"):
            raise DemoFailed(
                f"{self._name}, « {what} » : {answer.get('error')}\n    écran : {answer.get('words')}"
            )
        return answer

    @property
    def pid(self) -> int:
        """Of the program."""
        return self._process.pid

    def words(self) -> list[str]:
        """Everything on the screen."""
        words = self.do("read")["words"]
        assert isinstance(words, list)
        return [str(word) for word in words]

    def value_of(self, label: str) -> str:
        """What stands after a label on the screen; nothing when it is not there."""
        return next((value for name, value in itertools.pairwise(self.words()) if name == label), "")


def port_is_free(port: int) -> bool:
    """Whether nothing listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether a program of this machine takes calls on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def some_free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
