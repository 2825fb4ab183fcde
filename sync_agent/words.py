"""The answers of the agent in sentences."""

from datetime import datetime
from typing import Any

from sync_agent.carriers.usb import Exported, Imported
from sync_agent.status import is_delivered
from sync_agent.texts_fr import STATUS, counted


def local(text: str) -> str:
    """A time of the status as people write it, on the machine's own clock."""
    return datetime.fromisoformat(text).astimezone().strftime("%d/%m/%Y à %H:%M:%S")


def status_in_words(status: dict[str, Any]) -> list[str]:
    """The status, a sentence a line."""
    lines = [STATUS["running"] if status["running"] else STATUS["stopped"], *_waiting(status)]
    return [*lines, *_contact(status), _proof(status["last_proof"]), _directory(status["directory"])]


def _waiting(status: dict[str, Any]) -> list[str]:
    undelivered = [file for file in status["waiting"] if not is_delivered(file)]
    refused = sorted({file["refused"] for file in undelivered if file["refused"]})
    delivered = len(status["waiting"]) - len(undelivered)
    lines = [STATUS["nothing_waits"]]
    if undelivered:
        since = local(status["oldest_waiting_since"])
        lines = [counted("waits", len(undelivered), since=since)]
        if status["nearest_closing_at"]:
            lines.append(STATUS["closing"].format(at=local(status["nearest_closing_at"])))
    if refused:
        lines.append(STATUS["refused"].format(codes=", ".join(refused)))
    if delivered:
        lines.append(counted("answered", delivered))
    return lines


def _contact(status: dict[str, Any]) -> list[str]:
    contact_at = status["last_contact_at"]
    lines = [STATUS["contact"].format(at=local(contact_at)) if contact_at else STATUS["no_contact"]]
    if status["offline_since"]:
        code = status["last_error"]["code"] if status["last_error"] else "?"
        lines.append(STATUS["offline"].format(since=local(status["offline_since"]), code=code))
    return lines


def _proof(proof: dict[str, Any] | None) -> str:
    if proof is None or proof["receipt_at"] is None:
        return STATUS["no_proof"]
    return STATUS["proof"].format(at=local(proof["receipt_at"]), size=proof["tree_size"])


def _directory(directory: dict[str, Any] | None) -> str:
    if directory is None or directory["version"] is None:
        return STATUS["no_directory"]
    return STATUS["directory"].format(version=directory["version"], at=local(directory["checked_at"]))


def exported_in_words(exported: Exported) -> list[str]:
    """The outcome of an export."""
    lines = [counted("exported", exported.exported)]
    if exported.carried:
        lines.append(counted("exported_carried", exported.carried))
    if exported.tables:
        lines.append(STATUS["exported_tables"])
    return [*lines, STATUS["may_remove"]]


def imported_in_words(imported: Imported) -> list[str]:
    """The outcome of an import."""
    lines = [counted("imported", imported.answers)]
    if imported.carried:
        lines.append(counted("carried", imported.carried))
    if imported.passed_over:
        lines.append(counted("left_aside", imported.passed_over))
    if imported.too_many:
        lines.append(STATUS["too_many"])
    if imported.tables:
        lines.append(STATUS["tables_new"])
    if imported.tables_code:
        lines.append(STATUS["tables_refused"].format(code=imported.tables_code))
    return lines
