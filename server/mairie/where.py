"""Where each event of a procuration was written, as a town hall says it: one question for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from procuration.domain.events import Kind
from procuration.record.directory import Role
from server.dossiers.models import Procuration
from server.ledger.models import Device
from server.texts_fr import text

_BY_THE_CENTRE: Final = frozenset(
    {
        Kind.DECISION,
        Kind.TAKEN_IN,
        Kind.REFERENCE_GIVEN,
        Kind.FACT,
        Kind.RULING,
        Kind.MANDATAIRE_TOWN_HALL,
        Kind.REVOCATION_ASKED,
        Kind.FACT_WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who keeps a log.

    Attributes:
        unit: its name; empty for the centre itself.
        serves: whether the centre writes it: its own, or an officer's on line.
    """

    unit: str
    serves: bool


def writers_of(history: Iterable[Mapping[str, object]]) -> dict[str, Writer]:
    """The keeper of each log that the events of one procuration name."""
    logs = {str(entry.get("by", "")) for entry in history}
    rows = Device.objects.filter(log_id__in=logs).values_list("log_id", "unit_name", "role")
    return {log: Writer(unit, role == Role.SERVER.value) for log, unit, role in rows}


def where(entry: Mapping[str, object], one: Procuration, writers: Mapping[str, Writer]) -> str:
    """Of one event. A tablet that this centre does not know is named by the beginning of its number."""
    log, kind = str(entry.get("by", "")), int(str(entry["kind"]))
    if kind in _BY_THE_CENTRE:
        return text("event.at_centre")
    if log == one.act_log and one.officer_unit:
        return one.officer_unit
    writer = writers.get(log)
    if writer is not None and writer.unit:
        return writer.unit
    if writer is not None and writer.serves:
        return text("event.on_line")
    return text("event.at_tablet", log=log[:8])
