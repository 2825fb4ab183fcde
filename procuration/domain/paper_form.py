"""A procuration drawn up on paper by an authority that has no tablet here, keyed in by the town hall that
received the form (R-11, R-25, R-58).

The form was established on the day, and at the hour if it says one, that the authority wrote on it: that is
what ranks it (L. 73; R-39), never the hour at which it was keyed in. Without an hour its interval is the
whole day, and whatever overlaps it and matters goes to a person (R-43). A magistrate or a clerk of court has
no key here: the town hall vouches for what it reads, and its name stands beside it.
"""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from procuration.domain.acts import Act, ActDecision, Declarations
from procuration.domain.competence import Form
from procuration.domain.establishment import Tables, check_authority_of, check_people, check_validity
from procuration.domain.events import Filed, PaperForm, RecordedEvent
from procuration.domain.identifiers import LogId, Rid
from procuration.domain.instants import Interval
from procuration.errors import RuleViolated

WIDEST_DAY: Final = timedelta(days=1, hours=28)
"""A local day whose time zone is not known (`instants.local_day`)."""
_CLOCKS_BACK: Final = timedelta(hours=1)
"""How much longer than another the day may be on which clocks go back."""


def read_as_drawn_up(event: RecordedEvent) -> RecordedEvent:
    """The event of a form as the fold reads it: with the act that the paper is, and the interval in which it
    was drawn up. It was never drawn up after it was keyed in."""
    form, envelope = event.content, event.envelope
    assert isinstance(form, PaperForm), "the caller sorts them"
    assert envelope.rid is not None, "its reader has looked"
    latest = max(form.earliest, min(form.latest, envelope.wall))
    act = _act(form, envelope.rid, envelope.directory_version, envelope.log_id, envelope.seq)
    return replace(event, act=act, when=Interval(form.earliest, latest))


def log_of_a_form(rid: Rid) -> LogId:
    """What stands in the place of a log where forms are compared: the order in which a town hall keys forms
    in says nothing of the order in which they were drawn up, so that each is alone."""
    return LogId(rid[:8])


def officer_of_a_form(rid: Rid) -> str:
    """What stands in the place of who signed: a form names no second at which anybody could be in two
    places."""
    return f"form|{rid.hex()}"


def check_form(filed: Filed, form: PaperForm, now: datetime, zone: tzinfo, tables: Tables) -> None:
    """The law allows what the form says, on the day that it says.

    Args:
        zone: of the mandant's commune; only local days are taken from it.
    Raises: RuleViolated FORMULAIRE_FUTUR, or a code of `establishment`: the authority (R-11, R-13, R-23), the
        persons (R-08, R-26), the validity (R-28, R-29).
    """
    if form.earliest > now:
        raise RuleViolated("FORMULAIRE_FUTUR")
    act = _act(form, Rid(bytes(16)), 0, LogId(bytes(8)), 0)
    check_authority_of(act, Form.PAPER)
    check_people(filed, act, zone, tables.law)
    check_validity(filed, act, zone, tables)


def _day_named(form: PaperForm) -> datetime:
    """An instant of the day, or the minute, that the form names: where no zone is known, of the day by
    UTC."""
    wider = form.latest - form.earliest - timedelta(days=1)
    return form.earliest + max(timedelta(0), wider // 2) if wider > _CLOCKS_BACK else form.earliest


def _act(form: PaperForm, rid: Rid, directory_version: int, log_id: LogId, seq: int) -> Act:
    """The paper as an act: nothing is declared of it, and no title is named."""
    return Act(
        rid=rid,
        filed_hash=form.filed_hash,
        decision=ActDecision.ESTABLISHED,
        refusal_code=None,
        identity_document=None,
        wall=_day_named(form),
        directory_version=directory_version,
        log_id=log_id,
        seq=seq,
        place=form.place,
        declarations=Declarations(0),
        authority=form.authority,
    )
