"""What the papers of an officer's act say: the récépissé of an établissement, of a refusal, of a résiliation,
and the slip that the mandant hands to who votes for them.

Names, commune and validity appear, and who acted, when and where, as the law has it (R. 75; R-23, R-24). A
birth date, an address or a contact never does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk_app.leaflet import Fact, Leaflet
from kiosk_app.receipt import NBSP, day_in_words, full_name, reference_shown
from procuration.domain.acts import Act, ActPlaceKind
from procuration.domain.events import Filed
from procuration.domain.facts import RevocationSubject
from procuration.domain.law import ControlRegime
from procuration.domain.refusal import RULE, RefusalCode
from procuration.domain.rules import RULES

_OVER: Final = "Voter par procuration"
_OPPOSE: Final = (
    "Vous n’avez pas fait cette démarche\u202f? Appelez tout de suite une gendarmerie ou un commissariat."
)
_TELL: Final = "Prévenez la personne que vous aviez choisie. Elle ne reçoit aucun message."
NOT_RECEIVED: Final = "Si la mairie n’a pas reçu la procuration, le mandataire ne peut pas voter."
"""The plain sentence of R. 76-1 (R-54)."""
REASONS: Final[Mapping[RefusalCode, tuple[str, str]]] = {
    RefusalCode.MANDANT_ABSENT: (
        "Le mandant n’était pas présent.",
        "Venez vous-même, avec votre pièce d’identité.",
    ),
    RefusalCode.IDENTITE_NON_CONFORME: (
        "L’identité ne correspond pas à la pièce, ou la pièce n’est pas acceptée.",
        "Revenez avec une pièce d’identité acceptée, à votre nom.",
    ),
    RefusalCode.CONSENTEMENT_DOUTEUX: (
        "Le choix du mandant ne semblait pas libre.",
        "Revenez quand vous voulez, et seul si vous le souhaitez.",
    ),
    RefusalCode.MANDATAIRE_EXCLU_L72_1: (
        "La loi interdit ce mandataire à un majeur protégé.",
        "Choisissez une autre personne, et faites une nouvelle demande.",
    ),
    RefusalCode.DUREE_EXCESSIVE: (
        "La durée demandée est trop longue.",
        "Faites une nouvelle demande, pour une durée plus courte.",
    ),
    RefusalCode.SCRUTIN_PASSE: (
        "L’élection est passée.",
        "Faites une nouvelle demande pour une autre élection.",
    ),
    RefusalCode.DEMANDE_EXPIREE: (
        "La demande a plus de deux mois.",
        "Faites une nouvelle demande, ici ou dans un point d’accueil.",
    ),
    RefusalCode.TELEPROCEDURE_NON_APPLICABLE: (
        "Cette procuration doit se faire sur papier.",
        "Demandez le formulaire ici. Il peut être rempli aujourd’hui.",
    ),
    RefusalCode.LIEU_NON_AUTORISE: (
        "Ce lieu n’est pas autorisé.",
        "Allez dans une gendarmerie ou un commissariat.",
    ),
    RefusalCode.AUTORITE_INCOMPETENTE: (
        "L’agent n’est pas compétent pour cet acte.",
        "Allez dans une autre gendarmerie ou un autre commissariat.",
    ),
    RefusalCode.ERREUR_DE_SAISIE: (
        "La demande contient une erreur.",
        "Faites une nouvelle demande, ici ou dans un point d’accueil.",
    ),
    RefusalCode.ABANDON: (
        "Le mandant renonce à sa demande.",
        "Vous pouvez faire une autre demande quand vous voulez.",
    ),
}
"""Of each code that an officer may give: why in plain words, and what remains possible (I-10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the paper needs beside the act.

    Attributes:
        at: when it was drawn up, at the place of the tablet.
        place: where, in words: the unit, a home or a listed place, and its commune.
        commune: where the mandant votes, as the signed table names it.
        validity: written expressly (R-34); empty for every procuration.
        regime: who controls it next.
    """

    at: datetime
    place: str
    commune: str
    validity: tuple[str, ...]
    regime: ControlRegime = ControlRegime.MAIRIE


def established(act: Act, filed: Filed, around: Circumstances) -> Leaflet:
    """The récépissé of R. 75-II: who, when, where, for which vote; it lets nobody vote by itself (R-06, R-23,
    R-24, R-34, R-54)."""
    control = (
        "Votre mairie contrôle la procuration."
        if around.regime is ControlRegime.MAIRIE
        else "Votre inscription est contrôlée."
    )
    answer = "Vous recevez un message." if filed.email else "Demandez la réponse à votre mairie."
    return Leaflet(
        kind="recepisse",
        over=_OVER,
        title="Récépissé de procuration",
        warning="Ce récépissé ne permet pas de voter.",
        facts=(
            *_reference(filed),
            Fact(label="Mandant", lines=(full_name(filed.mandant),)),
            Fact(label="Le mandant vote à", lines=(around.commune,)),
            Fact(label="Mandataire", lines=(full_name(filed.mandataire),)),
            Fact(label="Procuration valable pour", lines=around.validity),
            *_authority("Procuration établie par", act, around),
        ),
        notes=(
            f"{control} {answer}",
            f"{NOT_RECEIVED} Montrer ce récépissé ne suffit pas.",
            "Le mandataire vote dans le bureau du mandant avec sa propre pièce d’identité.",
            "Prévenez cette personne. Elle ne reçoit aucun message. Donnez-lui sa fiche.",
            "Vous pouvez voter vous-même, tant que le mandataire n’a pas voté.",
            "Vous pouvez résilier cette procuration, sans dire pourquoi.",
            _OPPOSE,
        ),
        foot=_place_in_register(act),
    )


def refused(act: Act, filed: Filed, around: Circumstances) -> Leaflet:
    """Why, by which rule, and what remains possible: never a refusal without the three (I-10)."""
    assert act.refusal_code is not None, "a refusal has its code"
    reason, next_step = REASONS[act.refusal_code]
    rule = RULE.get(act.refusal_code)
    article = RULES[rule].article if rule else ""
    return Leaflet(
        kind="refus",
        over=_OVER,
        title="Demande refusée",
        warning="Personne ne peut voter avec cette demande.",
        facts=(
            *_reference(filed),
            Fact(label="Mandant", lines=(full_name(filed.mandant),)),
            Fact(label="Pourquoi", lines=(reason,)),
            *((Fact(label="Règle", lines=(f"Code électoral, {article}",)),) if article else ()),
            *_authority("Décision prise par", act, around),
        ),
        steps=(next_step,),
        notes=(_OPPOSE,),
        foot=_place_in_register(act),
    )


def revoked(
    act: Act, subject: RevocationSubject, around: Circumstances, filed: Filed | None = None
) -> Leaflet:
    """The récépissé of a résiliation. No motive is asked or printed (R-46); a new procuration is possible
    (R-48)."""
    one = subject.rid is not None
    everything = "Cette procuration" if one else "Toutes les procurations du mandant"
    return Leaflet(
        kind="resiliation",
        over=_OVER,
        title="Récépissé de résiliation",
        warning="Cette procuration cesse." if one else "Les procurations nommées ici cessent.",
        facts=(
            *(_reference(filed) if filed else ()),
            Fact(label="Mandant", lines=(full_name(subject.mandant),)),
            Fact(label="Le mandant vote à", lines=(around.commune,)),
            *((Fact(label="Mandataire", lines=(full_name(filed.mandataire),)),) if filed else ()),
            Fact(label="Ce qui est résilié", lines=around.validity or (everything,)),
            *_authority("Résiliation reçue par", act, around),
        ),
        notes=(
            "La résiliation vaut pour ce qui a été donné avant elle.",
            "La mairie doit la recevoir avant le vote.",
            _TELL,
            "Vous pouvez donner une nouvelle procuration à la personne de votre choix.",
            _OPPOSE,
        ),
        foot=_place_in_register(act),
    )


def for_mandataire(filed: Filed, around: Circumstances) -> Leaflet:
    """What who votes must know: they receive nothing from anybody else (R-06; DOMAIN 9.19)."""
    return Leaflet(
        kind="mandataire",
        over="À donner à la personne qui vote",
        title="Vous votez pour un autre électeur",
        warning="Vous n’avez aucun papier à apporter, sauf votre pièce d’identité.",
        facts=(
            Fact(label="Vous votez à la place de", lines=(full_name(filed.mandant),)),
            Fact(label="Dans la commune de", lines=(around.commune,)),
            Fact(label="Dans son bureau de vote. Demandez-lui lequel.", blank=True),
            Fact(label="Pour", lines=around.validity),
        ),
        steps=(
            "Allez au bureau de vote de cette personne, pas au vôtre.",
            "Présentez votre propre pièce d’identité.",
            "Dites pour qui vous votez par procuration.",
            "Votez, puis signez la liste à côté de son nom.",
        ),
        notes=(
            NOT_RECEIVED,
            f"Vous avez une autre procuration\u202f? Dites-le à la personne{NBSP}: leur nombre est limité.",
            "Cette personne peut voter elle-même ou résilier. Alors vous ne votez pas pour elle.",
            "Vous votez aussi pour vous-même, dans votre propre bureau.",
        ),
    )


def _reference(filed: Filed) -> tuple[Fact, ...]:
    shown = reference_shown(filed.reference)
    return (Fact(label="Référence", lines=(shown,)),) if shown else ()


def _authority(label: str, act: Act, around: Circumstances) -> tuple[Fact, ...]:
    """Nom, prénom, qualité, unit, date and place (R. 75-II; R-23)."""
    by, at = act.authority, around.at
    moment = f"{day_in_words(at.date())} à {at.hour}{NBSP}h{NBSP}{at.minute:02d}"
    return (
        Fact(label=label, lines=(f"{by.prenoms} {by.nom.upper()}", by.qualite, by.unit_name)),
        Fact(label="Date et lieu", lines=(moment, around.place)),
    )


def place_in_words(act: Act, listed: str | None, commune: str) -> str:
    """« Au poste, à Dumbéa », « au domicile du mandant… »."""
    match act.place.kind:
        case ActPlaceKind.UNIT:
            return f"Au poste, {commune}"
        case ActPlaceKind.HOME:
            return f"Au domicile du mandant, {commune}"
        case ActPlaceKind.LISTED_PUBLIC_PLACE:
            return f"{listed or 'Lieu autorisé'}, {commune}"


def _place_in_register(act: Act) -> str:
    """The number by which the authority's register finds the act; no name (R-25)."""
    return f"Acte n°{NBSP}{act.seq} du registre {act.log_id.hex()[:8]}"
