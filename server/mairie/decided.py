"""What a procuration's decision was, for an agent who comes second: by whom (a role, no name), when, why."""

from datetime import datetime

from procuration.domain.events import Kind
from server.config.centre import Tables
from server.dossiers.models import Procuration
from server.dossiers.selectors import zone_of
from server.mairie import worth
from server.mairie.sheet import reason_of
from server.pages.french import inside, moment
from server.texts_fr import text


def decided_words(one: Procuration, tables: Tables, pseudonym: str) -> list[str]:
    """Sentences about the decision in force; about the law, when it decided; none while there is none.

    Args:
        pseudonym: of the account that reads: its own decisions are told apart from a colleague's.
    """
    entry = _decision(one)
    if entry is None:
        return worth.why(one)
    who = "register" if entry.get("register") else "you" if one.decided_by == pseudonym else "other"
    when = moment(datetime.fromisoformat(str(entry["at"])), zone_of(one, tables))
    sentences = [text(f"mairie.decided.{who}.{entry['decision']}", when=when)]
    reason = reason_of(str(entry.get("code") or ""))
    if reason is not None:
        sentences.append(text("mairie.decided.reason", reason=inside(reason[0])))
        sentences.append(text("mairie.decided.reads", sentence=reason[1]))
    return sentences


def _decision(one: Procuration) -> dict[str, object] | None:
    """The event of the decision in force: the last one."""
    if one.decided_at is None:
        return None
    found: list[dict[str, object]] = [entry for entry in one.history if entry["kind"] == Kind.DECISION]
    return found[-1] if found else None
