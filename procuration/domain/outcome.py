"""What each procuration is worth once all of them are known: from its own standing and its rivals to one
status, and to its worth for each round (DESIGN 5).

Pure, and a function of the *set* of events: tablet and centre say the same in whatever order the facts came
(I-2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from procuration.domain.acts import Act
from procuration.domain.candidates import (
    Candidate,
    CeilingRevival,
    Effect,
    Ending,
    RoundOutcome,
    SecondProcuration,
)
from procuration.domain.competence import Where
from procuration.domain.establishment import where_of
from procuration.domain.events import PaperForm, RecordedEvent
from procuration.domain.facts import (
    ENDS_WITH_THE_MANDANT,
    ENDS_WITH_THE_MANDATAIRE,
    VOTES,
    FactCode,
    Revocation,
    Ruling,
    RulingOutcome,
)
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.instants import Interval, local_day
from procuration.domain.law import ControlRegime, Law
from procuration.domain.paper_form import log_of_a_form, officer_of_a_form
from procuration.domain.people import Place, civil_key, fold_name, mandant_key
from procuration.domain.refusal import RefusalCode
from procuration.domain.rivals import LOST, judge_rivals
from procuration.domain.scrutin import RoundKey, ServedRound
from procuration.domain.status import (
    ESTABLISHED,
    RULE_OF_DOUBT,
    Doubt,
    Standing,
    Status,
    last_rulings,
)
from procuration.domain.validity import Ballots, Validity
from procuration.errors import RuleViolated

_STATUS: Final = {
    Effect.NULLE_L73: (Status.NULLE_L73, RefusalCode.PLAFOND_DEPASSE),
    Effect.DEJA_EXISTANTE: (Status.INVALIDEE, RefusalCode.PROCURATION_DEJA_EXISTANTE),
    Effect.RESILIEE: (Status.RESILIEE, RefusalCode.RESILIEE),
    Effect.ANNULEE_L77: (Status.ANNULEE_L77, RefusalCode.DECES_OU_DROITS),
    Effect.VOTE_PERSONNEL: (Status.VOTE_PERSONNEL, None),
    Effect.UTILISEE: (Status.UTILISEE, None),
    Effect.ECARTEE: (Status.INVALIDEE, RefusalCode.MANDANT_ABSENT),
}
"""Effects that end a procuration, as the status and the code that the mandant is told (I-10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A résiliation as the comparison reads it (R-46).

    Attributes:
        rid: the only procuration concerned, when it was at hand.
        mandant: key of the person, otherwise.
        validity: the scrutin or period concerned, None for all.
    """

    hash: EventHash
    log_id: LogId
    seq: int
    when: Interval
    rid: Rid | None
    mandant: str = field(repr=False)
    vote_place: Place
    validity: Validity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One established procuration with what its own events say, ready to be compared.

    Attributes:
        facts: about its two persons: code, day, event.
    """

    candidate: Candidate
    facts: tuple[tuple[FactCode, date, EventHash], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One procuration once everything known is taken into account.

    Attributes:
        rounds: what it is worth for each round that it serves, by closing.
    """

    status: Status
    code: RefusalCode | None
    doubt: Doubt | None
    rule: str
    rounds: tuple[tuple[ServedRound, RoundOutcome], ...] = ()


def withdrawal_of(event: RecordedEvent) -> Withdrawal:
    """The résiliation of a verified event of kind 3."""
    assert isinstance(event.content, Revocation), "the caller sorts them"
    subject = event.content.subject
    return Withdrawal(
        hash=event.hash,
        log_id=event.envelope.log_id,
        seq=event.envelope.seq,
        when=event.interval,
        rid=subject.rid,
        mandant=mandant_key(subject.mandant, subject.vote_place),
        vote_place=subject.vote_place,
        validity=subject.validity,
    )


def rival_of(rid: Rid, standing: Standing, law: Law, ballots: Ballots) -> Rival | None:
    """A procuration as its rivals see it; None when it does not count: not established, refused, invalidated,
    or in doubt by itself (R-45)."""
    event, filed = standing.established, standing.filed
    if event is None or event.act is None or filed is None:
        return None
    if standing.status not in ESTABLISHED or standing.status is Status.INVALIDEE:
        return None
    place, day = filed.vote_place, event.claimed_at.date()
    form = isinstance(event.content, PaperForm)
    candidate = Candidate(
        rid=rid,
        act_hashes=standing.act_hashes,
        log_id=log_of_a_form(rid) if form else event.envelope.log_id,
        seq=event.envelope.seq,
        drawn_up=event.interval,
        claimed_at=event.claimed_at,
        officer=officer_of_a_form(rid) if form else officer_key(event.act),
        in_france=drawn_up_in_france(event.act),
        mandant=mandant_key(filed.mandant, filed.vote_place),
        mandataire=civil_key(filed.mandataire),
        marks=(filed.mandant.sex.name if filed.mandant.sex else "", filed.mandant.elector_number or ""),
        transmitted_at=standing.transmitted_at,
        rounds=ballots.served(filed.validity, filed.vote_place),
        votes=tuple((fact.code, fact.day) for fact, _ in standing.facts if fact.code in VOTES),
        second=law.settled("second_procuration", place, day, SecondProcuration.REQUIRE_RESILIATION),
        revival=law.settled("ceiling_revival", place, day, CeilingRevival.HUMAN),
    )
    facts = tuple((fact.code, fact.day, hash_) for fact, hash_ in standing.facts if fact.code not in VOTES)
    return Rival(candidate=candidate, facts=facts)


def officer_key(act: Act) -> str:
    """Who signed, across tablets: an officer has one key on each."""
    authority = act.authority
    return "|".join(fold_name(part) for part in (authority.nom, authority.prenoms, authority.qualite))


def drawn_up_in_france(act: Act) -> bool:
    """Whether the act was drawn up on the national territory, overseas included (L. 73)."""
    return where_of(act.place) is not Where.ABROAD


def needs_answer(standing: Standing, law: Law, ballots: Ballots) -> bool:
    """Whether two town halls decide together: each controls its own elector, and they are not the same one
    (R. 213-1 3°; R-72)."""
    filed = standing.filed
    if filed is None or standing.established is None or filed.mandataire.enrolment is None:
        return False
    theirs = filed.mandataire.enrolment
    if (theirs.code, theirs.type) == (filed.vote_place.code, filed.vote_place.type):
        return False
    rounds = ballots.served(filed.validity, filed.vote_place)
    day = rounds[0].day if rounds else standing.established.claimed_at.date()
    try:
        places = (filed.vote_place, theirs)
        return all(law.control_regime(place, day) is ControlRegime.MAIRIE for place in places) and bool(
            law.number("mandataire_town_hall_answers", filed.vote_place, day)
        )
    except RuleViolated:
        return False  # the table of that day says nothing: the mandant's town hall decides alone


def settle(
    standings: Mapping[Rid, Standing],
    rivals: Mapping[Rid, Rival],
    withdrawals: Iterable[Withdrawal],
    ballots: Ballots,
) -> dict[Rid, Settled]:
    """The status of each procuration.

    Args:
        rivals: of these and of every procuration that shares a mandant or a mandataire with one of them.
        withdrawals: of their mandants.
    """
    candidates = with_context(rivals.values(), withdrawals, ballots)
    rulings = [ruling for standing in standings.values() for ruling in standing.rulings]
    outcomes = judge_rivals(candidates.values(), rulings)
    ruling_of = {act: ruling for ruling in last_rulings(rulings).values() for act in ruling.decided_on}
    return {
        rid: settled_of(standing, candidates.get(rid), outcomes.get(rid, {}), ruling_of)
        for rid, standing in standings.items()
    }


def with_context(
    rivals: Iterable[Rival], withdrawals: Iterable[Withdrawal], ballots: Ballots
) -> dict[Rid, Candidate]:
    """The candidates with what other events say of them: résiliations, deaths, acts at one second in two
    places."""
    every = list(rivals)
    endings = _endings_of_people(every)
    withdrawn = _Withdrawals(every, withdrawals, ballots)
    simultaneous = _simultaneous(one.candidate for one in every)
    found = {}
    for one in every:
        candidate = one.candidate
        ended, doubted_by = withdrawn.of(one)
        doubts = [Doubt.RESILIATION_INCERTAINE] if doubted_by else []
        if candidate.rid in simultaneous:
            doubts.append(Doubt.ACTES_SIMULTANES)
            doubted_by = doubted_by or simultaneous[candidate.rid]
        ended += endings.get(candidate.mandant, []) + endings.get(candidate.mandataire, [])
        if ended or doubts:
            candidate = replace(
                candidate, endings=tuple(ended), doubts=tuple(doubts), doubted_by=frozenset(doubted_by)
            )
        found[candidate.rid] = candidate
    return found


def _endings_of_people(rivals: Iterable[Rival]) -> dict[str, list[Ending]]:
    """Deaths and losses of rights, by person: void by law whoever recorded them (L. 77; R-51, R-52)."""
    found: dict[str, list[Ending]] = {}
    for one in rivals:
        for code, day, cause in one.facts:
            person, rule = None, ""
            if code in ENDS_WITH_THE_MANDANT:
                person, rule = one.candidate.mandant, "R-52"
            elif code in ENDS_WITH_THE_MANDATAIRE:
                person, rule = one.candidate.mandataire, "R-51"
            if person is not None:
                ending = Ending(
                    effect=Effect.ANNULEE_L77, when=local_day(day), rounds=None, cause=cause, rule=rule
                )
                found.setdefault(person, []).append(ending)
    return found


def _simultaneous(candidates: Iterable[Candidate]) -> dict[Rid, set[EventHash]]:
    """Procurations that one officer drew up at one second on two tablets, each with the acts of the others:
    one person cannot be in two places (R-18)."""
    by_moment: dict[tuple[str, object], list[Candidate]] = {}
    for one in candidates:
        by_moment.setdefault((one.officer, one.claimed_at), []).append(one)
    return {
        one.rid: {act for other in together if other.rid != one.rid for act in other.act_hashes[:1]}
        for together in by_moment.values()
        if len({one.log_id for one in together}) > 1
        for one in together
    }


class _Withdrawals:
    """The résiliations, found by request or by mandant."""

    def __init__(self, rivals: Sequence[Rival], withdrawals: Iterable[Withdrawal], ballots: Ballots) -> None:
        self._ballots = ballots
        self._by_rid: dict[Rid, list[Withdrawal]] = {}
        self._by_mandant: dict[str, list[Withdrawal]] = {}
        for one in {one.hash: one for one in withdrawals}.values():
            if one.rid is not None:
                self._by_rid.setdefault(one.rid, []).append(one)
            else:
                self._by_mandant.setdefault(one.mandant, []).append(one)
        self._namesakes: dict[str, list[Candidate]] = {}
        if self._by_mandant:
            for rival in rivals:
                self._namesakes.setdefault(rival.candidate.mandant, []).append(rival.candidate)

    def of(self, rival: Rival) -> tuple[list[Ending], set[EventHash]]:
        """What ends this procuration, and the résiliations of which a person must say so (R-46)."""
        candidate = rival.candidate
        several = any(
            candidate.is_somebody_else(other) for other in self._namesakes.get(candidate.mandant, ())
        )
        named = self._by_rid.get(candidate.rid, [])
        by_person = self._by_mandant.get(candidate.mandant, [])
        endings: list[Ending] = []
        doubtful: set[EventHash] = set()
        for one in (*named, *by_person):
            rounds = self._rounds(one, candidate)
            if rounds is not None and not rounds:
                continue
            if (several and one.rid is None) or (
                one.log_id != candidate.log_id and one.when.overlaps(candidate.drawn_up)
            ):
                doubtful.add(one.hash)
            elif self._came_after(one, candidate):
                endings.append(
                    Ending(
                        effect=Effect.RESILIEE,
                        when=one.when,
                        rounds=rounds,
                        cause=one.hash,
                        rule="R-46",
                        log_id=one.log_id,
                        seq=one.seq,
                    )
                )
        return endings, doubtful

    def _came_after(self, one: Withdrawal, candidate: Candidate) -> bool:
        if one.log_id == candidate.log_id:
            return one.seq > candidate.seq
        return candidate.drawn_up.precedes(one.when)

    def _rounds(self, one: Withdrawal, candidate: Candidate) -> frozenset[RoundKey] | None:
        """The rounds of the procuration that the résiliation ends; None for all of them."""
        if one.validity is None:
            return None
        ended = {served.key for served in self._ballots.served(one.validity, one.vote_place)}
        return frozenset(served.key for served in candidate.rounds if served.key in ended)


def settled_of(
    standing: Standing,
    candidate: Candidate | None,
    outcomes: Mapping[RoundKey, RoundOutcome],
    ruling_of: Mapping[EventHash, Ruling],
) -> Settled:
    """One status from the worth for each round: a procuration that still serves one round keeps its own.

    Args:
        ruling_of: what persons ruled last about each act; `outcomes` has it already.
    """
    own = Settled(status=standing.status, code=standing.code, doubt=standing.doubt, rule=standing.rule)
    if candidate is None:
        return own
    if not candidate.rounds:
        return _without_rounds(own, candidate, ruling_of)
    rounds = tuple((served, outcomes[served.key]) for served in candidate.rounds)
    own = replace(own, rounds=rounds)
    doubtful = next((outcome for _, outcome in rounds if outcome.effect is Effect.DOUBT), None)
    if doubtful is not None:
        return replace(
            own, status=Status.EN_ATTENTE_HUMAINE, code=None, doubt=doubtful.doubt, rule=doubtful.rule
        )
    if any(outcome.effect is Effect.STANDS for _, outcome in rounds):
        return own
    last = rounds[-1][1]
    status, code = _STATUS[last.effect]
    displaced = last.effect is Effect.NULLE_L73 and standing.status is Status.VALIDEE
    return replace(own, status=status, code=code, rule="R-44" if displaced else last.rule)


def _without_rounds(own: Settled, candidate: Candidate, ruling_of: Mapping[EventHash, Ruling]) -> Settled:
    """A period for which the calendar has no ballot yet: only what ends it whole counts."""
    if candidate.doubts:
        doubt, rule = candidate.doubts[0], RULE_OF_DOUBT[candidate.doubts[0]]
        ruling = next((ruling_of[act] for act in candidate.act_hashes if act in ruling_of), None)
        if (
            ruling is not None
            and len(ruling.decided_on) > 1
            and not candidate.doubted_by <= set(ruling.decided_on)
        ):
            ruling = None  # it was given before this doubt arose
        if ruling is None or ruling.outcome is RulingOutcome.IN_THIS_ORDER:
            return replace(own, status=Status.EN_ATTENTE_HUMAINE, code=None, doubt=doubt, rule=rule)
        if ruling.outcome is RulingOutcome.NONE_STANDS or ruling.decided_on[0] not in candidate.act_hashes:
            status, code = _STATUS[LOST.get(doubt, Effect.ECARTEE)]
            return replace(own, status=status, code=code, rule=rule)
    ended = min(
        (ending for ending in candidate.endings if ending.rounds is None),
        key=lambda ending: (ending.when, ending.cause),
        default=None,
    )
    if ended is None:
        return own
    status, code = _STATUS[ended.effect]
    return replace(own, status=status, code=code, rule=ended.rule)
