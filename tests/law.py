"""The table rule, article, code, test: what proves each rule of the law (docs/law.md).

    python -m tests.law            write docs/law.md (make law)

A rule's code is every module, class, function and constant whose docstring cites it, as R-38 or in a range,
R-38 to R-45. A rule's tests are those whose name begins with its number: test_r_38_..., test_r_31_r_32_... .
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from procuration.domain.rules import RULES, Rule

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "law.md"
PROGRAMS = ("procuration", "kiosk_app", "sync_agent", "server", "provisioning")
CITED = re.compile(r"R-(\d\d)(?:\s+to\s+R-(\d\d))?")
NUMBERED = re.compile(r"test_r_?\d")
TEST_NAME = re.compile(r"test_((?:r_\d\d_)+)([a-z].*)")
HEADER = """# The law, rule by rule

Each rule with the article it comes from, the code that cites it and the tests that prove it. Written by
`make law` from `procuration/domain/rules.py`, the docstrings and the names of the tests. The tests fail when
it is out of date, when a rule has neither a test nor a reason to be outside the software, and when a test
names a rule that does not exist.

Confidence: **V** read in a primary source, **S** in a secondary one, **D** computed or inspected in data,
**G** general knowledge, **U** not found or conflicting: a parameter of the law table (reference-data.md, 2),
never a literal. Articles are those of the Code électoral unless another text is named.

| Rule | Article | | What it decides | Code | Tests |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, order=True)
class Cited:
    """A docstring that cites rules: where, and of what."""

    path: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """A test that names rules: where, and the sentence that it is."""

    path: str
    sentence: str


def cited_in(text: str) -> Iterator[str]:
    """The rules that a docstring cites, ranges in full."""
    for first, last in CITED.findall(text):
        yield from (f"R-{number:02}" for number in range(int(first), int(last or first) + 1))


def docstrings(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    """Names and docstrings of a module, its classes, functions and constants, at any depth."""
    body = getattr(node, "body", [])
    for before, statement in zip([None, *body], body, strict=False):
        match statement:
            case ast.Expr(value=ast.Constant(value=str(text))):
                said = name_assigned(before)
                yield (f"{name}.{said}" if said else name), text
            case ast.ClassDef(name=inner) | ast.FunctionDef(name=inner) | ast.AsyncFunctionDef(name=inner):
                yield from docstrings(statement, f"{name}.{inner}")


def name_assigned(statement: ast.stmt | None) -> str | None:
    """The name that a statement gives a value to."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None


def code_by_rule() -> dict[str, list[Cited]]:
    """Which docstrings cite each rule."""
    found: dict[str, set[Cited]] = defaultdict(set)
    for path in sorted(path for program in PROGRAMS for path in (ROOT / program).rglob("*.py")):
        module = path.parent.name if path.stem == "__init__" else path.stem
        for name, text in docstrings(ast.parse(path.read_text(encoding="utf-8")), module):
            for number in cited_in(text):
                found[number].add(Cited(str(path.relative_to(ROOT)), name))
    return {number: sorted(cited) for number, cited in found.items()}


def test_functions() -> Iterator[tuple[Path, str]]:
    """Every test of the folder, with its file."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield path, node.name


def rules_named(test: str) -> tuple[str, ...]:
    """The rules that the name of a test begins with."""
    named = TEST_NAME.fullmatch(test)
    return tuple(f"R-{number}" for number in re.findall(r"\d\d", named[1])) if named else ()


def tests_by_rule() -> dict[str, list[Proof]]:
    """Which tests name each rule."""
    found: dict[str, set[Proof]] = defaultdict(set)
    for path, name in test_functions():
        named = TEST_NAME.fullmatch(name)
        for number in rules_named(name):
            assert named is not None
            sentence = named[2].replace("_", " ")
            found[number].add(Proof(str(path.relative_to(ROOT)), sentence))
    return {number: sorted(proofs) for number, proofs in found.items()}


def misnamed_tests() -> list[str]:
    """Tests that mean to name a rule and name none that exists."""
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path, name in test_functions()
        if NUMBERED.match(name) and not (rules_named(name) and set(rules_named(name)) <= set(RULES))
    ]


def unproved() -> set[str]:
    """Rules with neither a test nor a reason to be outside the software."""
    proved = tests_by_rule()
    return {rule.number for rule in RULES.values() if rule.number not in proved and rule.outside is None}


def row(rule: Rule, code: Sequence[Cited], proofs: Sequence[Proof]) -> str:
    """One line of the table."""
    cited = "<br>".join(f"[`{one.name}`](../{one.path})" for one in code)
    proved = "<br>".join(f"[{one.sentence}](../{one.path})" for one in proofs)
    outside = f"outside the software: {rule.outside}" if rule.outside else ""
    tests = "<br>".join(part for part in (proved, outside) if part)
    decides = f"**{rule.title}.** {rule.sentence}"
    columns = (rule.number, rule.article, rule.confidence.value, decides, cited or "–", tests or "–")
    return "| " + " | ".join(columns) + " |\n"


def table() -> str:
    """The whole page."""
    code, proofs = code_by_rule(), tests_by_rule()
    rows = (row(rule, code.get(rule.number, ()), proofs.get(rule.number, ())) for rule in RULES.values())
    return HEADER + "".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.law", description="Write docs/law.md.")
    parser.add_argument("--output", type=Path, default=TABLE)
    options = parser.parse_args(arguments)
    options.output.write_text(table(), encoding="utf-8")
    missing = sorted(unproved())
    print(f"{options.output}: {len(RULES)} rules; without a test: {', '.join(missing) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
