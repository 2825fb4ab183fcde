"""How long things may be, what they may be called, and which errors may not be swallowed."""

import ast
from collections.abc import Iterator
from pathlib import PurePath

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
SHAPELESS_NAMES = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"})
BROAD = frozenset({"Exception", "BaseException"})

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


def too_long(path: PurePath, source: str) -> Iterator[str]:
    """Modules and functions over the limit.

    Of migrations, which Django writes, and of catalogues of sentences (texts_fr.py), as long as they must be,
    only the functions count.
    """
    lines = len(source.splitlines())
    free = "migrations" in path.parts or path.name.startswith("texts_")
    if lines > MODULE_LINES_MAX and not free:
        yield f"{path}: {lines} lines, at most {MODULE_LINES_MAX}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, type_of_function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield f"{path}:{node.lineno} {node.name}: {length} lines, at most {FUNCTION_LINES_MAX}"


def shapeless_name(path: PurePath) -> str | None:
    """A module or folder named after nothing it decides."""
    for part in (*path.parts[:-1], path.stem):
        if part.strip("_").lower() in SHAPELESS_NAMES:
            return f"{path}: « {part} » says nothing of what is in it"
    return None


def swallowed_errors(path: PurePath, source: str) -> Iterator[str]:
    """Bare `except`, and a broad one that neither raises nor does anything with the error."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ExceptHandler(type=None):
                yield f"{path}:{node.lineno} bare except"
            case ast.ExceptHandler(type=caught, body=body) if is_broad(caught) and does_nothing(body):
                yield f"{path}:{node.lineno} swallows every error"
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=args):
                if any(is_broad(argument) for argument in args):
                    yield f"{path}:{node.lineno} suppresses every error"


def is_broad(caught: ast.expr | None) -> bool:
    match caught:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in BROAD
        case ast.Tuple(elts=elements):
            return any(is_broad(element) for element in elements)
    return False


def does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(statement, (ast.Pass, ast.Continue, ast.Break))
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Return) and isinstance(statement.value, ast.Constant | None))
        for statement in body
    )
