"""Acts that the mandant took for good and that do not count: what they are told of them (I-10).

At the desk they were given a récépissé. Then the act is set aside as it arrives (R-12 to R-17), judged again
after a revocation (R-14), or a person decides against it. Whoever was not told would stay away from the poll
and believe that somebody votes for them.
"""

from collections.abc import Mapping
from typing import Final

from procuration.domain.acts import ActDecision
from procuration.domain.events import Kind
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.ledger.enums import REVOKED, UNSURE_TIME, Aside

_BY_CODE: Final[Mapping[Aside, RefusalCode]] = {
    **dict.fromkeys(
        (
            *REVOKED,
            Aside.OFFICER_UNKNOWN,
            Aside.AUTHORITY,
            Aside.HABILITATION_AUTRE_POSTE,
            Aside.HABILITATION_FUTURE,
            Aside.HABILITATION_TERMINEE,
        ),
        RefusalCode.HABILITATION_INVALIDE,
    ),
    **dict.fromkeys(
        (
            Aside.AUTORITE_INCOMPLETE,
            Aside.AUTORITE_INCOMPETENTE,
            Aside.DELEGUE_RECUEILLE_SEULEMENT,
            Aside.CONFIRMATION_IMPOSSIBLE,
            Aside.CONFIRMATION_AUTRE_OPJ,
        ),
        RefusalCode.AUTORITE_INCOMPETENTE,
    ),
    Aside.LIEU_NON_AUTORISE: RefusalCode.LIEU_NON_AUTORISE,
    **dict.fromkeys(
        (Aside.DECLARATIONS, Aside.DECLARATION_MANQUANTE, Aside.PIECE_MANQUANTE, Aside.PIECE_NON_LISTEE),
        RefusalCode.IDENTITE_NON_CONFORME,
    ),
    Aside.DUREE_EXCESSIVE: RefusalCode.DUREE_EXCESSIVE,
    Aside.DEMANDE_EXPIREE: RefusalCode.DEMANDE_EXPIREE,
    Aside.TELEPROCEDURE_NON_APPLICABLE: RefusalCode.TELEPROCEDURE_NON_APPLICABLE,
    **dict.fromkeys((Aside.SCRUTIN_PASSE, Aside.PERIODE_PASSEE), RefusalCode.SCRUTIN_PASSE),
}
"""Why an act that an officer signed does not count, in the words of a refusal. Codes of bytes that nobody can
read, of signatures and of forks are not here: they prove no act, and whoever holds a stolen tablet could
write to electors with them."""
_ANOTHER_ACT: Final = frozenset(
    {
        RefusalCode.HABILITATION_INVALIDE,
        RefusalCode.AUTORITE_INCOMPETENTE,
        RefusalCode.LIEU_NON_AUTORISE,
        RefusalCode.IDENTITE_NON_CONFORME,
    }
)
"""Reasons that say nothing against the request: another act makes it good."""


def undone_acts(row: Mapping[str, object]) -> tuple[str, ...]:
    """Hashes of the acts that do not count although the mandant may believe it, from the columns of a
    dossier; none while a person is to decide."""
    history, status = row["history"], row["status"]
    assert isinstance(history, list), "a column of events"
    if status not in (Status.DEMANDE, Status.REFUSEE):
        return ()
    established = {str(one["hash"]) for one in history if _established(one)}
    apart = set_aside_acts(row) if status == Status.DEMANDE else ()
    return tuple(sorted(established.union(apart)))


def set_aside_acts(row: Mapping[str, object]) -> tuple[str, ...]:
    """Those among them that were set aside, whatever became of the request: a change of these is news by
    itself, one of the others comes with a change of the status."""
    aside = row["aside"]
    assert isinstance(aside, list), "a column of codes"
    told = _BY_CODE.keys() | UNSURE_TIME
    return tuple(sorted(hash_ for code, hash_ in aside if code in told))


def reason_of(one: Procuration) -> RefusalCode | None:
    """Why, when there is a sentence for it: the reason of the refusal that stands, or the first of the codes
    under which acts were set aside."""
    if one.status == Status.REFUSEE:
        return RefusalCode(one.code) if one.code in RefusalCode.__members__ else None
    codes = (Aside(code) for code, _ in one.aside if code in tuple(Aside))
    return next((_BY_CODE[code] for code in codes if code in _BY_CODE), None)


def asks_for_another_act(one: Procuration) -> bool:
    """Whether the request stays good, and the mandant has only to appear again."""
    reason = reason_of(one)
    return one.status == Status.DEMANDE and (reason is None or reason in _ANOTHER_ACT)


def _established(entry: Mapping[str, object]) -> bool:
    return entry["kind"] == Kind.ACT and entry.get("decision") == ActDecision.ESTABLISHED
