"""The words of a check: its name, and a sentence that says what to do when something is to be done."""

from server.health.state import Check, Level
from server.texts_fr import TEXTS, text


def name_of(check: Check) -> str:
    """What was looked at."""
    about = f"health.{check.name}.about.{check.about}"
    kind = (
        check.name.removesuffix("_absent")
        .removesuffix("_ended")
        .removesuffix("_unset")
        .removesuffix("_late")
        .removesuffix("_failing")
    )
    shared = f"health.{kind}.about.{check.about}"
    for key in (about, shared, f"health.{kind}.name"):
        if key in TEXTS:
            return text(key)
    return check.about or check.name


def sentence_of(check: Check) -> str:
    """What holds, and what to do."""
    if check.name == "durable":
        return text(f"console.durable.{check.about}")
    key = f"health.{check.name}.{check.level.name.lower()}"
    if key not in TEXTS:
        key = f"health.{check.name}.{Level.OK.name.lower()}"
    return text(key, **check.figures)
