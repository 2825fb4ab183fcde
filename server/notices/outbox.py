"""Owing a message: which change of which dossier calls for one. Written in the transaction of its cause,
never on a rebuild.

What a procuration is worth can flip at each import (R-44). What the mandant was told last is compared with
what holds now: the same is never told twice, and what waits for a person is not told at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from procuration.domain.candidates import Effect
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.ledger.rows import insert_rows
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.models import Notice
from server.notices.undone import undone_acts

COLUMNS: Final = (
    "kind",
    "cause",
    "rid",
    "created_at",
    "next_attempt_at",
    "state",
    "attempts",
    "code",
    "told",
    "against",
)
RIPENING: Final = timedelta(minutes=1)
"""How long a message that depends on the order of procurations waits: an act and its reception are two
transactions, and the second may put in doubt what the first one changed (R-43). Then nothing leaves."""
_BY_ORDER: Final = frozenset({MessageKind.M4, MessageKind.AGAIN})
_UNDECIDED: Final = frozenset({Status.ETABLIE, Status.TRANSMISE, Status.RECUE})
_IN_FORCE: Final = _UNDECIDED | {Status.VALIDEE}
_ENDED: Final = frozenset({Status.INVALIDEE, Status.NULLE_L73, Status.RESILIEE, Status.ANNULEE_L77})
_SERVED: Final = frozenset({Status.UTILISEE, Status.VOTE_PERSONNEL})
_FIRST_NEWS: Final = frozenset({None, Status.DEMANDE, Status.RECUEILLIE, Status.ETABLIE})
"""Before these, nothing about the worth of a procuration can have been told."""
_LOST: Final[Mapping[str, MessageKind]] = {
    Effect.RESILIEE: MessageKind.M7,
    Effect.ANNULEE_L77: MessageKind.M6,
    Effect.NULLE_L73: MessageKind.M4,
    Effect.DEJA_EXISTANTE: MessageKind.M3,
    Effect.ECARTEE: MessageKind.M3,
}
"""What takes a round away, and the message that says so."""
_STATE_COLUMNS: Final = ("status", "code", "rule", "effects", "decided_by", "aside", "history")
_SAID_BY_RULE: Final = frozenset({"R-49", "R-72"})
"""Rules that invalidate without the town hall of the mandant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What of a procuration concerns the mandant.

    Attributes:
        rule: of the last change.
        lost: for each round that it does not serve any more: "ballot round", and the effect.
        town_hall_decided: whether an account of the mandant's town hall decided.
        set_aside: acts that do not count, by their hashes, while no other act stands (`undone`).
    """

    status: Status
    code: str
    rule: str
    lost: tuple[tuple[str, str], ...] = ()
    town_hall_decided: bool = False
    set_aside: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Equal when there is nothing new to tell; empty for what is not decided, waits for a person or was
        used."""
        if self.status is Status.VALIDEE:
            return _digest(f"{self.status.value} {sorted(self.lost)}")
        if self.status in _ENDED and not self._of_the_mandant:
            return _digest(f"{self.status.value} {self.code}")
        if self.set_aside:
            return _digest(f"{self.status.value} {self.set_aside}")
        return ""

    @property
    def against(self) -> bool:
        """Whether it does not serve, wholly or in part."""
        return self.status in _ENDED or bool(self.lost or self.set_aside)

    @property
    def _of_the_mandant(self) -> bool:
        """The mandant is dead, without rights or struck off: nobody writes to them (R-52)."""
        return self.status is Status.ANNULEE_L77 and self.rule == "R-52"

    @property
    def kind(self) -> MessageKind:
        """The message of a state that is not valid any more, or not for every round."""
        match self.status:
            case Status.DEMANDE | Status.REFUSEE:
                return MessageKind.SET_ASIDE
            case Status.NULLE_L73:
                return MessageKind.M4
            case Status.RESILIEE:
                return MessageKind.M7
            case Status.ANNULEE_L77:
                return MessageKind.M6
            case Status.INVALIDEE:
                rejected = self.code == RefusalCode.PLAFOND_DEPASSE and not self.decided_by_town_hall
                return MessageKind.M4 if rejected else MessageKind.M3
            case _:
                effects = {effect for _, effect in self.lost}
                return next(kind for effect, kind in _LOST.items() if effect in effects)

    @property
    def decided_by_town_hall(self) -> bool:
        """Whether it is as it is because the mandant's town hall said so: it tells the mandant itself."""
        return self.town_hall_decided and self.rule not in _SAID_BY_RULE


AGAIN: Final = "again"
"""`told` of a message that says that an undecided procuration counts again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A dossier that changed. Hashes and rid are hexadecimal.

    Attributes:
        cause: hash of the event after which it changed.
        has_email: whether the mandant gave an address; without one the town hall tells what the law wants
            told.
        first: whether nothing was known of this request before: then nothing can be owed already.
        before: its status before, None when it was not known.
        was_set_aside: whether an act of it was set aside before.
    """

    rid: str
    state: State
    filed_hash: str
    act_hash: str
    cause: str
    has_email: bool
    first: bool = False
    before: Status | None = None
    was_set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the mandant was told last about the worth of a procuration."""

    digest: str
    against: bool


def state_of(row: Mapping[str, object]) -> State:
    """What concerns the mandant, from the columns of a dossier."""
    status, effects = row["status"], row["effects"]
    assert isinstance(status, int), "a column of numbers"
    assert isinstance(effects, list), "a column of rounds"
    return State(
        status=Status(status),
        code=str(row["code"]),
        rule=str(row["rule"]),
        lost=tuple(
            (f"{one['ballot']} {one['round']}", one["effect"]) for one in effects if one["effect"] in _LOST
        ),
        town_hall_decided=bool(row["decided_by"]),
        set_aside=undone_acts(row),
    )


def still_true(notice: Notice, state: State) -> bool:
    """Whether a message about the worth of a procuration still says what it is worth."""
    if notice.told == AGAIN:
        return state.status in _UNDECIDED and not state.lost
    return notice.told == state.digest


def is_still_to_say(notice: Notice, one: Procuration) -> bool:
    """Whether a message says what is so now: the récépissé while its act counts, another while the
    procuration is worth what it says. Of the first acknowledgment: while nobody has drawn anything up."""
    if notice.kind == MessageKind.M1:
        return one.status == Status.DEMANDE  # « Il reste une étape » would be false
    if notice.kind == MessageKind.M2:
        return one.established_at is not None  # its log may have two histories, or its clock have lied
    return still_true(notice, state_of({name: getattr(one, name) for name in _STATE_COLUMNS}))


def queue(news: Iterable[News], at: datetime) -> None:
    """Owe what these changes call for, in one statement; two more when something was told before. A cause
    that is owed already changes nothing."""
    every = list(news)
    told = _told_last([one.rid for one in every if not one.first and _may_have_been_told(one)])
    _owe([one for one in every if one.first], told, at, new=True)
    _owe([one for one in every if not one.first], told, at, new=False)


def _may_have_been_told(one: News) -> bool:
    return one.before not in _FIRST_NEWS or one.was_set_aside


def _told_last(rids: Sequence[str]) -> dict[str, Told]:
    """What was told last, by request; what nobody has told yet is dropped: it is true no more, or is owed
    again at once."""
    if not rids:
        return {}
    of_these = Notice.objects.filter(rid__among=rids).exclude(told="")
    untold = of_these.filter(state__in=(NoticeState.WAITING, NoticeState.TO_TELL))
    untold.update(state=NoticeState.DROPPED, code=NoticeCode.OVERTAKEN)
    told = of_these.exclude(state=NoticeState.DROPPED).order_by("created_at", "id")
    return {rid: Told(digest, against) for rid, digest, against in told.values_list("rid", "told", "against")}


def _owe(news: Iterable[News], told: Mapping[str, Told], at: datetime, *, new: bool) -> None:
    rows = [
        (kind.value, cause, one.rid, at, _ripe(kind, at), state.value, 0, "", digest, against)
        for one in news
        for kind, cause, state, digest, against in owed(one, told.get(one.rid))
    ]
    if rows:
        insert_rows(Notice, COLUMNS, rows, new=new)


def _ripe(kind: MessageKind, at: datetime) -> datetime:
    return at + RIPENING if kind in _BY_ORDER else at


Owed = tuple[MessageKind, str, NoticeState, str, bool]


def owed(one: News, last: Told | None) -> list[Owed]:
    """The messages that a change calls for; whatever comes with an act owes the récépissé too (R-24)."""
    status = one.state.status
    found: list[Owed] = []
    if status is Status.DEMANDE and one.has_email:
        found.append((MessageKind.M1, one.filed_hash, NoticeState.WAITING, "", False))
    if status is Status.DEMANDE and not one.state.set_aside:
        return found
    if one.has_email and status in _IN_FORCE | _ENDED | _SERVED:
        found.append((MessageKind.M2, one.act_hash, NoticeState.WAITING, "", False))
    kind = _kind(one.state, last)
    if kind is None:
        return found
    digest = one.state.digest or AGAIN
    against = one.state.against
    if one.has_email:
        found.append((kind, one.cause, NoticeState.WAITING, digest, against))
    elif _town_hall_tells(kind, one.state) and (kind is not MessageKind.SET_ASIDE or _is_known_there(one)):
        spoken = MessageKind.M5 if kind is MessageKind.M4 else kind
        found.append((spoken, one.cause, NoticeState.TO_TELL, digest, against))
    return found


def _is_known_there(one: News) -> bool:
    """Whether the town hall had this procuration: it is not told of a request that never reached it."""
    return one.before not in _FIRST_NEWS


def _kind(state: State, last: Told | None) -> MessageKind | None:
    """The message about the worth of a procuration; None when there is nothing new to say."""
    if state.status in _UNDECIDED:
        return MessageKind.AGAIN if last is not None and last.against and not state.lost else None
    if not state.digest or (last is not None and last.digest == state.digest):
        return None
    if state.status is not Status.VALIDEE:
        return state.kind
    if last is not None and last.against and not state.lost:
        return MessageKind.AGAIN
    return MessageKind.M3 if last is None or not state.lost else state.kind


def _town_hall_tells(kind: MessageKind, state: State) -> bool:
    """Whether the mayor tells an elector who gave no address: what the mayor did not decide (R. 77 1°,
    R. 80)."""
    if kind is MessageKind.M3:
        return state.status is Status.INVALIDEE and not state.decided_by_town_hall
    return kind is not MessageKind.M7


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:32]
