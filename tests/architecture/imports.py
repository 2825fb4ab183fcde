"""Who may import whom, read from the source with `ast`: nothing is imported to be checked.

A new arrow between packages needs a note in docs/decisions first, then a line in `RULES`.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

OURS = frozenset({"procuration", "kiosk_app", "sync_agent", "server", "provisioning", "tests"})

# What reaches a file, the network, a clock, chance, another process or the log.
REACHES_OUTSIDE = frozenset(
    """
    asyncio builtins concurrent ctypes fcntl ftplib getpass glob http importlib locale logging mmap
    multiprocessing os pathlib platform pty queue random resource sched secrets select selectors shelve shutil
    signal smtplib socket socketserver sqlite3 ssl subprocess syslog sys tempfile threading time tkinter
    urllib uuid warnings
    """.split()
)
RECORD_LIBRARIES = frozenset({"cbor2", "cryptography", "base45", "segno"})
ADAPTER_LIBRARIES = RECORD_LIBRARIES | {"tuf", "securesystemslib", "pkcs11", "tpm2_pytss"}
# Pure code asks nobody for the time, a file or a line of text: it is given values.
AMBIENT_CALLS = frozenset({"open", "print", "input", "eval", "exec", "__import__"})
CLOCK_CALLS = frozenset({"now", "utcnow", "today"})
KIVY_HOMES = ("kiosk_app.screens", "kiosk_app.devices", "kiosk_app.__main__")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one package may import: our own packages, foreign ones, and whether the standard library's I/O."""

    package: str
    ours: tuple[str, ...]
    foreign: frozenset[str]
    pure: bool = False


# The first rule whose package contains the module holds; packages not named here are refused.
RULES = (
    Rule(package="procuration.errors", ours=(), foreign=frozenset(), pure=True),
    Rule(
        package="procuration.ports",
        ours=("procuration.errors", "procuration.domain"),
        foreign=frozenset(),
        pure=True,
    ),
    Rule(
        package="procuration.domain",
        ours=("procuration.errors", "procuration.domain"),
        foreign=frozenset(),
        pure=True,
    ),
    Rule(
        package="procuration.record",
        ours=("procuration.errors", "procuration.ports", "procuration.domain", "procuration.record"),
        foreign=RECORD_LIBRARIES,
        pure=True,
    ),
    Rule(package="procuration.adapters", ours=("procuration",), foreign=ADAPTER_LIBRARIES),
    Rule(package="procuration", ours=("procuration",), foreign=frozenset(), pure=True),
    Rule(
        package="kiosk_app",
        ours=("procuration", "kiosk_app"),
        foreign=RECORD_LIBRARIES
        | {"kivy", "sqlcipher3", "PIL", "zxingcpp", "serial", "av", "accesskit", "escpos", "usb"},
    ),
    Rule(
        package="sync_agent",
        ours=("procuration", "sync_agent"),
        foreign=frozenset({"requests", "urllib3", "apscheduler", "tuf"}),
    ),
    Rule(
        package="server",
        ours=("procuration", "server"),
        foreign=RECORD_LIBRARIES
        | {
            "django",
            "sqlcipher3",
            "dsfr",
            "widget_tweaks",
            "psycopg",
            "gunicorn",
            "whitenoise",
            "apscheduler",
            "tuf",
            "weasyprint",
            "authlib",
            "joserfc",
            "requests",
            "django_otp",
            "webauthn",
            "prometheus_client",
        },
    ),
    Rule(
        package="provisioning",
        ours=("procuration", "provisioning"),
        foreign=ADAPTER_LIBRARIES,
    ),
)


@dataclass(frozen=True, slots=True)
class Import:
    """One name a module asks for, and the line where it does."""

    name: str
    line: int


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def rule_for(module: str) -> Rule | None:
    return next((rule for rule in RULES if inside(module, rule.package)), None)


def imports_of(tree: ast.AST) -> Iterator[Import]:
    """Every module asked for, at whatever depth, also by `importlib.import_module("...")`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(level=0, module=str(module), names=names):
                yield from (Import(f"{module}.{alias.name}", node.lineno) for alias in names)
            case ast.ImportFrom(level=level) if level > 0:
                yield Import("." * level, node.lineno)
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]) if called_name(
                function
            ) in (
                "import_module",
                "__import__",
            ):
                yield Import(name, node.lineno)


def called_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""


def violations(module: str, source: str) -> list[str]:
    """What this module imports or calls against the table, one sentence each."""
    tree = ast.parse(source)
    rule = rule_for(module)
    if rule is None:
        return [f"{module}: no rule says what this package may import"]
    found = [
        f"{module}:{imported.line} {reason}"
        for imported in imports_of(tree)
        if (reason := why_refused(module, rule, imported.name))
    ]
    once = list(dict.fromkeys(found))  # several names of one module, on one line, are one fault
    return once + (list(ambient_calls(module, tree)) if rule.pure else [])


def why_refused(module: str, rule: Rule, name: str) -> str | None:
    top = name.split(".", 1)[0]
    if top == "":
        return "imports by a relative path: write the whole name"
    if top in OURS:
        return None if any(inside(name, ours) for ours in rule.ours) else f"must not import {name}"
    if top == "unittest":
        return "imports unittest: tests live in tests/"
    if top == "kivy" and not any(inside(module, home) for home in KIVY_HOMES):
        return "imports Kivy outside screens, devices and __main__"
    if top in sys.stdlib_module_names:
        return f"reaches outside through {top}" if rule.pure and top in REACHES_OUTSIDE else None
    return None if top in rule.foreign else f"must not import {top}"


def ambient_calls(module: str, tree: ast.AST) -> Iterator[str]:
    """Questions to the world: `open(...)`, `datetime.now()`; not `clock.now()`, of a Clock it was given."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in AMBIENT_CALLS:
                yield f"{module}:{node.lineno} calls {name}(): pure code is given values"
            case ast.Call(func=ast.Attribute(attr=name, value=receiver)) if name in CLOCK_CALLS:
                if called_name(receiver) in ("date", "datetime"):
                    yield f"{module}:{node.lineno} asks the machine for the time: pure code is given values"
