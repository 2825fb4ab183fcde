"""`make bench`: runs every benchmark and prints one JSON line each, with its limit where it has one.

Figures move by a third from run to run on a shared machine: those that decide are ratios to something
measured in the same run.
Exit status 1 when a figure misses its limit.
"""

import argparse
import importlib
import json
import pkgutil
import sys

import tests.bench


def benchmarks() -> list[str]:
    """Names of the modules of this package that measure something."""
    return [one.name for one in pkgutil.iter_modules(tests.bench.__path__) if not one.name.startswith("_")]


def misses(line: dict[str, object]) -> bool:
    """Whether a figure is over its maximum or under its minimum."""
    value, context = line["value"], line["context"]
    assert isinstance(value, int | float)
    assert isinstance(context, dict)
    over: bool = value > context.get("at_most", float("inf"))
    under: bool = value < context.get("at_least", float("-inf"))
    return over or under


def main() -> int:
    """Prints the lines; progress goes to the error output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help=f"all, or some of: {', '.join(benchmarks())}")
    only = parser.parse_args().only
    if unknown := set(only) - set(benchmarks()):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    missed = []
    for name in only or benchmarks():
        print(f"bench: {name}…", file=sys.stderr, flush=True)
        for line in importlib.import_module(f"tests.bench.{name}").measure():
            print(json.dumps(line, ensure_ascii=False), flush=True)
            if misses(line):
                missed.append(line["name"])
    if missed:
        print(f"bench: over the limit: {', '.join(map(str, missed))}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
