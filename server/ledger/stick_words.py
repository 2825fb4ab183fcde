"""What a visit of a stick is told in: one JSON line, or sentences; and how its failures end a command."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import OutputWrapper

from procuration.errors import CarrierUnavailable, RuleViolated
from server.ledger.stick import Taken
from server.texts_fr import TEXTS, counted, text

REFUSED, UNREACHABLE = 1, 3


def as_json(taken: Taken) -> str:
    """For scripts."""
    return json.dumps(
        {
            "enrolments": taken.enrolments,
            "bundles": taken.bundles,
            "answers": taken.answers,
            "passed_over": taken.passed_over,
            "refused": dict(taken.refused),
            "too_many": taken.too_many,
            "tables": taken.tables,
            "contested": taken.contested,
        }
    )


def in_words(taken: Taken, *, imported: bool) -> list[str]:
    """For people.

    Args:
        imported: whether files were taken in, and not only written.
    """
    lines = []
    if imported:
        lines += [counted("stick.enrolments", taken.enrolments)] if taken.enrolments else []
        lines.append(counted("stick.bundles", taken.bundles))
        lines += [counted("stick.passed_over", taken.passed_over)] if taken.passed_over else []
        lines += [counted("stick.refused", n, code=code) for code, n in sorted(taken.refused.items())]
    lines.append(counted("stick.answers", taken.answers))
    lines += [counted("stick.contested", taken.contested)] if taken.contested else []
    lines += [text("stick.too_many")] if taken.too_many else []
    lines += [text("stick.tables")] if taken.tables else []
    return [*lines, text("stick.may_remove")]


@contextmanager
def told_in_words(stderr: OutputWrapper) -> Iterator[None]:
    """A stick that is missing, full or gone: a sentence with the next step, and an exit status. Raises:
    SystemExit.
    """
    try:
        yield
    except (RuleViolated, CarrierUnavailable) as error:
        if f"stick.{error.code}" not in TEXTS:
            raise
        stderr.write(text(f"stick.{error.code}"))
        sys.exit(UNREACHABLE if isinstance(error, CarrierUnavailable) else REFUSED)
