"""Which of several procurations was drawn up first, as far as anybody can say (L. 73: « dressées les
premières »; R-39, R-43).

Three kinds of evidence: the intervals of the clocks, the chain of one log, and the ruling of a person. The
last two are certain, and narrow the intervals of the first.
"""

from collections.abc import Iterable, Sequence

from procuration.domain.candidates import Candidate
from procuration.domain.facts import Ruling, RulingOutcome
from procuration.domain.identifiers import Rid
from procuration.domain.instants import Interval


class Order:
    """Candidates in an order in which whatever certainly came first stands first."""

    def __init__(self, candidates: Iterable[Candidate], rulings: Iterable[Ruling]) -> None:
        every = sorted(candidates, key=lambda one: (one.drawn_up, one.seq, one.rid))
        self._spans: dict[Rid, Interval] = {one.rid: one.drawn_up for one in every}
        self._ranks: dict[Rid, tuple[int, int]] = {}
        logs = _chains_of_logs(every)
        self._narrow(logs)
        ruled = [chain for chain in _chains_of_rulings(every, rulings) if self._may_be(chain)]
        for number, chain in enumerate(ruled):
            self._ranks |= {one.rid: (number, rank) for rank, one in enumerate(chain)}
        self._narrow(ruled)
        if ruled:
            self._narrow(logs)
        self.candidates = sorted(every, key=self._place)

    def span(self, one: Candidate) -> Interval:
        """When it was drawn up, narrowed by what is certain."""
        return self._spans[one.rid]

    def precedes(self, one: Candidate, other: Candidate) -> bool:
        """Whether the first was certainly drawn up before the second."""
        mine, its = self._ranks.get(one.rid), self._ranks.get(other.rid)
        if mine is not None and its is not None and mine[0] == its[0]:
            return mine[1] < its[1]
        if one.log_id == other.log_id:
            return one.seq < other.seq
        return self._spans[one.rid].precedes(self._spans[other.rid])

    def _may_be(self, chain: Sequence[Candidate]) -> bool:
        """Whether nothing certain contradicts an order that a person ruled: they decide doubts only."""
        return not any(
            self.precedes(later, earlier) for place, later in enumerate(chain) for earlier in chain[:place]
        )

    def _place(self, one: Candidate) -> tuple[object, ...]:
        span, rank = self._spans[one.rid], self._ranks.get(one.rid, (0, 0))
        return span.latest, span.earliest, rank[1], one.seq, one.rid

    def _narrow(self, chains: Iterable[Sequence[Candidate]]) -> None:
        """Along a chain nothing is earlier than what stands before it, nor later than what stands behind
        it."""
        for chain in chains:
            latest = None
            for one in reversed(chain):
                span = self._spans[one.rid]
                latest = span.latest if latest is None else min(latest, span.latest)
                self._spans[one.rid] = Interval(min(span.earliest, latest), latest)
            earliest = None
            for one in chain:
                span = self._spans[one.rid]
                earliest = span.earliest if earliest is None else max(earliest, span.earliest)
                self._spans[one.rid] = Interval(earliest, max(earliest, span.latest))


def _chains_of_logs(every: Iterable[Candidate]) -> list[list[Candidate]]:
    logs: dict[bytes, list[Candidate]] = {}
    for one in every:
        logs.setdefault(one.log_id, []).append(one)
    return [sorted(chain, key=lambda one: one.seq) for chain in logs.values() if len(chain) > 1]


def _chains_of_rulings(every: Sequence[Candidate], rulings: Iterable[Ruling]) -> list[list[Candidate]]:
    by_hash = {act: one for one in every for act in one.act_hashes}
    chains = []
    for ruling in rulings:
        if ruling.outcome is RulingOutcome.IN_THIS_ORDER:
            chain = [by_hash[act] for act in ruling.decided_on if act in by_hash]
            if len(chain) > 1:
                chains.append(list(dict.fromkeys(chain)))
    return chains
