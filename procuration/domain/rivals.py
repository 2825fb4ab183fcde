"""Which of several procurations stand, round by round: the ceiling of the mandataire (L. 73; R-38 to R-45), a
second procuration of the mandant (R-49), and what ended meanwhile (R-46 to R-52).

One sweep in the order of établissement judges each against those before it. Where clocks overlap, each is
judged with its doubtful rivals and without them: a result that differs goes to a person (R-43), whose ruling
is then read here like any other event.
"""

from collections.abc import Iterable, Iterator, Sequence

from procuration.domain.candidates import (
    Alive,
    Candidate,
    CeilingRevival,
    Effect,
    Ending,
    Later,
    RoundOutcome,
    SecondProcuration,
)
from procuration.domain.facts import FactCode, Ruled, Ruling, RulingOutcome
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.instants import Interval
from procuration.domain.mandataire_limit import first_without_room, has_room
from procuration.domain.order import Order
from procuration.domain.scrutin import RoundKey
from procuration.domain.status import RULE_OF_DOUBT, Doubt, last_rulings

_IN_FORCE = frozenset({Effect.STANDS, Effect.DOUBT})
LOST = {
    Doubt.ORDRE_INCERTAIN: Effect.NULLE_L73,
    Doubt.PLAFOND_LIBERE: Effect.NULLE_L73,
    Doubt.DEUX_PROCURATIONS: Effect.DEJA_EXISTANTE,
    Doubt.RESILIATION_INCERTAINE: Effect.RESILIEE,
}
"""What a procuration becomes when a ruling does not keep it; otherwise it is put aside."""


def judge_rivals(
    candidates: Iterable[Candidate], rulings: Iterable[Ruled]
) -> dict[Rid, dict[RoundKey, RoundOutcome]]:
    """What each procuration is worth for each round that it serves.

    Args:
        candidates: every rival of each of them must be there; those of other people change nothing.
        rulings: about them.
    """
    every = list(candidates)
    ruled = _Ruled(last_rulings(rulings).values())
    by_round: dict[RoundKey, list[Candidate]] = {}
    for one in every:
        for served in one.rounds:
            by_round.setdefault(served.key, []).append(one)
    found: dict[Rid, dict[RoundKey, RoundOutcome]] = {one.rid: {} for one in every}
    for key, mine in by_round.items():
        for related in _related(mine):
            for rid, outcome in _judge_related(key, related, ruled.about(related)).items():
                found[rid][key] = outcome
    return found


class _Ruled:
    """The rulings in force, found by the acts that they are about."""

    def __init__(self, rulings: Iterable[Ruling]) -> None:
        self._rulings = list(rulings)
        self._by_act: dict[EventHash, list[int]] = {}
        for number, ruling in enumerate(self._rulings):
            for act in ruling.decided_on:
                self._by_act.setdefault(act, []).append(number)

    def about(self, candidates: Iterable[Candidate]) -> list[Ruling]:
        """Those about these procurations, the last one given at the end."""
        if not self._by_act:
            return []
        numbers = {
            number for one in candidates for act in one.act_hashes for number in self._by_act.get(act, ())
        }
        return [self._rulings[number] for number in sorted(numbers)]


def _related(candidates: Sequence[Candidate]) -> Iterable[list[Candidate]]:
    """The candidates in groups that share no person: what one group is worth, no other changes. Judged apart,
    a department takes no longer than the sum of its families, and a part of it says what the whole would."""
    group_of: dict[str, list[Candidate]] = {}
    for one in candidates:
        mandant, mandataire = f"mandant {one.mandant}", f"mandataire {one.mandataire}"
        mine = group_of.setdefault(mandant, [])
        theirs = group_of.setdefault(mandataire, mine)
        if mine is not theirs:
            small, large = sorted((mine, theirs), key=len)
            for moved in small:
                group_of[f"mandant {moved.mandant}"] = large
                group_of[f"mandataire {moved.mandataire}"] = large
            group_of[mandant] = group_of[mandataire] = large
            large += small
            mine = large
        mine.append(one)
    return {id(group): group for group in group_of.values()}.values()


def _judge_related(
    key: RoundKey, candidates: Sequence[Candidate], rulings: Sequence[Ruling]
) -> dict[Rid, RoundOutcome]:
    """One group in one round. A second procuration can put in doubt, or replace, one that was judged before
    it: the sweep runs again with what is in doubt and what ended, until nothing new is (each run adds at
    least one)."""
    order = Order(candidates, rulings)
    later = Later()
    while True:
        sweep = _Sweep(key, order, rulings, later)
        sweep.run()
        known, later = later, later.with_more(sweep.learned)
        if later == known:
            return sweep.outcomes


class _Sweep:
    """One walk over the candidates of one round, in the order in which they were drawn up."""

    def __init__(self, key: RoundKey, order: Order, rulings: Sequence[Ruling], later: Later) -> None:
        self.key, self.order, self.later = key, order, later
        self.outcomes: dict[Rid, RoundOutcome] = {}
        self.in_doubt_since: dict[Rid, frozenset[Rid]] = {}
        self.replaced: dict[Rid, Candidate] = {}
        self._ruling_of: dict[EventHash, Ruling] = {
            event: ruling for ruling in rulings for event in ruling.decided_on
        }
        self._by_rid: dict[Rid, Candidate] = {one.rid: one for one in order.candidates}
        self._beaten_by: dict[EventHash, set[EventHash]] = {}
        for ruling in rulings:
            first = ruling.decided_on[0]
            if _keeps(ruling, (first,)) and _keeps(self._ruling_of[first], (first,)):
                self._beaten_by.setdefault(first, set()).update(ruling.decided_on)
        self._group: dict[str, list[Candidate]] = {}
        self._index: dict[Rid, int] = {}
        for one in order.candidates:
            group = self._group.setdefault(one.mandataire, [])
            self._index[one.rid] = len(group)
            group.append(one)
        self._standing: dict[str, list[Candidate]] = {}
        self._doubtful: dict[str, list[Candidate]] = {}
        self._of_mandant: dict[str, list[Candidate]] = {}
        self._taken_away: dict[Ruling, Doubt] = {}

    def run(self) -> None:
        """Judge each, then say what ended or served since."""
        for one in self.order.candidates:
            outcome = self._judged(one)
            self.outcomes[one.rid] = outcome
            if outcome.effect in _IN_FORCE:
                kept = self._standing if outcome.effect is Effect.STANDS else self._doubtful
                kept.setdefault(one.mandataire, []).append(one)
                self._of_mandant.setdefault(one.mandant, []).append(one)
        for one in self.order.candidates:
            self.outcomes[one.rid] = self._ended(one, self.outcomes[one.rid])

    @property
    def learned(self) -> Later:
        """What this walk learned of those that it had judged already."""
        replaced = {rid: frozenset({by.rid}) for rid, by in self.replaced.items()}
        return Later(in_doubt_since=self.in_doubt_since, replaced=replaced)

    def _judged(self, one: Candidate) -> RoundOutcome:
        """The questions one after the other, each with what a person ruled about it: an answer to one is no
        answer to the next."""
        outcome = self._ruled(one, self._under_ceiling(one))
        for question in (self._beside_its_own, self._doubted_since, self._doubted_itself):
            if outcome.effect not in _IN_FORCE:
                return outcome
            asked = question(one, outcome)
            if asked is None:
                continue
            found = self._ruled(one, asked)
            if found.effect not in _IN_FORCE or outcome.effect is Effect.STANDS:
                outcome = found
        return outcome

    def _doubted_since(self, one: Candidate, _: RoundOutcome) -> RoundOutcome | None:
        rivals = self.later.in_doubt_since.get(one.rid)
        return None if rivals is None else _doubt(Doubt.DEUX_PROCURATIONS, tuple(sorted(rivals)))

    def _doubted_itself(self, one: Candidate, _: RoundOutcome) -> RoundOutcome | None:
        return _doubt(one.doubts[0], ()) if one.doubts else None

    # the ceiling of the mandataire

    def _under_ceiling(self, one: Candidate) -> RoundOutcome:
        served = one.serving(self.key)
        sure = self._surely_before(one)
        revived = False
        if not has_room(served, one.in_france, sure):
            kept = [
                rival for rival in sure if not rival.endings_of(self.key) and rival.rid not in self.replaced
            ]
            may_revive = len(kept) < len(sure) and has_room(served, one.in_france, kept)
            if not may_revive or one.revival is CeilingRevival.STRICT:
                return RoundOutcome(effect=Effect.NULLE_L73, rule="R-39", because=_rids(sure))
            if one.revival is CeilingRevival.HUMAN:
                return _doubt(Doubt.PLAFOND_LIBERE, _rids(sure))
            sure, revived = kept, True
        doubted = first_without_room(served, one.in_france, sure, self._possibly_before(one, sure))
        if doubted:
            return _doubt(Doubt.ORDRE_INCERTAIN, _rids(doubted))
        return RoundOutcome(effect=Effect.STANDS, rule="R-39" if revived else "R-38")

    def _surely_before(self, one: Candidate) -> list[Candidate]:
        return [
            rival
            for rival in self._standing.get(one.mandataire, ())
            if self.order.precedes(rival, one) and self._life(rival, one) is Alive.YES
        ]

    def _possibly_before(self, one: Candidate, sure: Sequence[Candidate]) -> Iterator[Candidate]:
        """Rivals that may have been drawn up before it and may have been in force then.

        All that was judged before it counts here, whatever contradictory evidence says of their order: each
        is judged with every one that stands already, and no more than the ceiling ever stand (I-9).
        """
        counted = {rival.rid for rival in sure}
        counted |= self._ruled_behind(one)
        for kept in (self._standing, self._doubtful):
            for rival in kept.get(one.mandataire, ()):
                if rival.rid not in counted and self._life(rival, one) is not Alive.NO:
                    yield rival
        for rival in self._group[one.mandataire][self._index[one.rid] + 1 :]:
            known = rival.rid in counted or self.order.precedes(one, rival)
            if not known and has_room(rival.serving(self.key), rival.in_france, self._surely_before(rival)):
                yield rival

    def _ruled_behind(self, one: Candidate) -> set[Rid]:
        """Rivals over which a person chose this one: no longer any that may have come before it."""
        beaten = {event for act in one.act_hashes for event in self._beaten_by.get(act, ())}
        if not beaten:
            return set()
        group = self._group[one.mandataire]
        return {
            rival.rid for rival in group if rival.rid != one.rid and not beaten.isdisjoint(rival.act_hashes)
        }

    def _life(self, rival: Candidate, one: Candidate) -> Alive:
        """Whether the rival was in force when the other one was drawn up (R-45)."""
        span = self.order.span(one)
        lives = [_life_until(ending, one, span) for ending in rival.endings_of(self.key)]
        if rival.rid in self.replaced:
            known = self.order.precedes(self.replaced[rival.rid], one)
            lives.append(Alive.NO if known else Alive.MAYBE)
        for rid in self.later.replaced.get(rival.rid, frozenset()) - {one.rid}:
            if not self.order.precedes(one, self._by_rid[rid]):
                lives.append(Alive.MAYBE)
        if Alive.NO in lives:
            return Alive.NO
        return Alive.MAYBE if Alive.MAYBE in lives else Alive.YES

    # another procuration of the same mandant

    def _beside_its_own(self, one: Candidate, so_far: RoundOutcome) -> RoundOutcome | None:
        """What the mandant's earlier procurations leave of this one; None when nothing stands in its way
        (R-48)."""
        beside: list[tuple[Candidate, Alive]] = []
        replaced: list[Candidate] = []
        span = self.order.span(one)
        sure = so_far.effect is Effect.STANDS and one.rid not in self.later.in_doubt_since
        sure &= Doubt.ACTES_SIMULTANES not in one.doubts
        for other in self._of_mandant.get(one.mandant, ()):
            life = self._life(other, one)
            if life is Alive.NO or other.is_somebody_else(one):
                continue
            in_doubt = self.outcomes[other.rid].effect is Effect.DOUBT or life is Alive.MAYBE
            if not in_doubt and self.order.precedes(other, one):
                if one.second is SecondProcuration.LAST_WINS:
                    if sure:
                        replaced.append(other)
                        continue
                elif other.transmitted_at is not None and other.transmitted_at < span.earliest:
                    return RoundOutcome(effect=Effect.DEJA_EXISTANTE, rule="R-49", because=(other.rid,))
            beside.append((other, life))
        if not beside:
            for other in replaced:
                self._replace(other, one)
            return None
        beside += [(other, Alive.YES) for other in replaced]  # whoever may fall replaces nobody
        for other, life in beside:
            if life is Alive.YES or one.second is SecondProcuration.LAST_WINS:
                known = self.in_doubt_since.get(other.rid, frozenset())
                self.in_doubt_since[other.rid] = known | {one.rid}
        return _doubt(Doubt.DEUX_PROCURATIONS, _rids(other for other, _ in beside))

    def _replace(self, other: Candidate, one: Candidate) -> None:
        self.replaced[other.rid] = one
        self.outcomes[other.rid] = RoundOutcome(effect=Effect.RESILIEE, rule="R-49", because=(one.rid,))
        self._of_mandant[one.mandant].remove(other)

    # what a person ruled, and what happened since

    def _ruled(self, one: Candidate, outcome: RoundOutcome) -> RoundOutcome:
        """The outcome once a person decided it: nothing but a doubt is theirs to decide.

        Of several that a ruling takes away, the last would stand for want of a rival: the doubt that the
        others were in is its own too.
        """
        ruling = next((self._ruling_of[act] for act in one.act_hashes if act in self._ruling_of), None)
        if ruling is None or ruling.outcome is RulingOutcome.IN_THIS_ORDER or outcome.effect not in _IN_FORCE:
            return outcome
        kept, doubt = _keeps(ruling, one.act_hashes), outcome.doubt
        if doubt is not None and not self._speaks_of(ruling, one, outcome, kept):
            return outcome
        if not kept:
            doubt = doubt or self._taken_away.get(ruling)
            if doubt is None:
                return outcome
            self._taken_away[ruling] = doubt
            effect = LOST.get(doubt, Effect.ECARTEE)
            return RoundOutcome(effect=effect, rule=RULE_OF_DOUBT[doubt], because=outcome.because)
        standing = [
            rival
            for rival in self._standing.get(one.mandataire, ())
            if not rival.endings_of(self.key) and rival.rid not in self.replaced
        ]
        if not has_room(one.serving(self.key), one.in_france, standing):  # I-9 holds whatever is ruled
            return RoundOutcome(effect=Effect.NULLE_L73, rule="R-38", because=_rids(standing))
        own = [other for other in self._of_mandant.get(one.mandant, ()) if self._still_stands(other, one)]
        if doubt is Doubt.DEUX_PROCURATIONS and own:  # nobody votes twice, whatever is ruled
            return RoundOutcome(effect=Effect.DEJA_EXISTANTE, rule="R-49", because=_rids(own))
        return outcome if doubt is None else RoundOutcome(effect=Effect.STANDS, rule=RULE_OF_DOUBT[doubt])

    def _speaks_of(self, ruling: Ruling, one: Candidate, outcome: RoundOutcome, kept: bool) -> bool:
        """Whether a ruling was given about this doubt: who ruled had not seen a rival or a résiliation that
        came later, and it opens the case again. One that names a single act speaks of it alone."""
        if len(ruling.decided_on) == 1:
            return True
        names = set(ruling.decided_on)
        if kept:
            names |= self._beaten_by.get(ruling.decided_on[0], set())
        if outcome.because:
            named = [not names.isdisjoint(self._by_rid[rid].act_hashes) for rid in outcome.because]
            return all(named) if kept else any(named)
        return names >= one.doubted_by if kept else not names.isdisjoint(one.doubted_by)

    def _still_stands(self, other: Candidate, one: Candidate) -> bool:
        """Whether another procuration of the same person stands and nothing ended it since."""
        return (
            self.outcomes[other.rid].effect is Effect.STANDS
            and not other.is_somebody_else(one)
            and not other.endings_of(self.key)
        )

    def _ended(self, one: Candidate, outcome: RoundOutcome) -> RoundOutcome:
        """What a résiliation, a death or a vote made of it."""
        if outcome.effect not in _IN_FORCE:
            return outcome
        endings = sorted(one.endings_of(self.key), key=lambda ending: (ending.when, ending.cause))
        if endings:
            return RoundOutcome(effect=endings[0].effect, rule=endings[0].rule)
        day = one.serving(self.key).day
        return self._voted(one, {code for code, voted_on in one.votes if voted_on == day}, outcome)

    def _voted(self, one: Candidate, votes: set[FactCode], outcome: RoundOutcome) -> RoundOutcome:
        """R-50: the mandant may vote while the mandataire has not; the procuration is spent for that round
        only, also when a doubt about it came up since: no decision takes a vote back."""
        if len(votes) > 1:
            return self._ruled_vote(one)
        if FactCode.MANDANT_VOTED in votes:
            return RoundOutcome(effect=Effect.VOTE_PERSONNEL, rule="R-50")
        if FactCode.MANDATAIRE_VOTED in votes:
            return RoundOutcome(effect=Effect.UTILISEE, rule="R-50")
        return outcome

    def _ruled_vote(self, one: Candidate) -> RoundOutcome:
        """Both are said to have voted: a person rules that the procuration served (it stands) or did not."""
        ruling = next((self._ruling_of[act] for act in one.act_hashes if act in self._ruling_of), None)
        acts = {act for other in self.order.candidates for act in other.act_hashes}
        of_votes = ruling is not None and (len(ruling.decided_on) == 1 or not acts >= set(ruling.decided_on))
        if ruling is None or not of_votes or ruling.outcome is RulingOutcome.IN_THIS_ORDER:
            return _doubt(Doubt.VOTES_CONTRAIRES, ())
        kept = _keeps(ruling, one.act_hashes)
        return RoundOutcome(effect=Effect.UTILISEE if kept else Effect.VOTE_PERSONNEL, rule="R-50")


def _life_until(ending: Ending, one: Candidate, span: Interval) -> Alive:
    """Whether what ends a rival left it in force when another one was drawn up."""
    if ending.log_id == one.log_id:
        return Alive.NO if ending.seq < one.seq else Alive.YES
    if ending.when.precedes(span):
        return Alive.NO
    return Alive.YES if span.precedes(ending.when) else Alive.MAYBE


def _keeps(ruling: Ruling, acts: Sequence[EventHash]) -> bool:
    return ruling.outcome is RulingOutcome.FIRST_STANDS and ruling.decided_on[0] in acts


def _doubt(doubt: Doubt, because: tuple[Rid, ...]) -> RoundOutcome:
    return RoundOutcome(effect=Effect.DOUBT, rule=RULE_OF_DOUBT[doubt], doubt=doubt, because=because)


def _rids(candidates: Iterable[Candidate]) -> tuple[Rid, ...]:
    return tuple(sorted({one.rid for one in candidates}))
