"""The rules that this software follows, each with the article it comes from: what `explain` prints and what
`docs/law.md` is made of.

Numbers and sources are those of the specification, which leaves two numbers free.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Confidence(StrEnum):
    """How the rule is known."""

    PRIMARY = "V"
    """Read in a code, a decree, an order, an official page."""
    SECONDARY = "S"
    """Read in the press, a municipal site, a parliamentary question."""
    COMPUTED = "D"
    """Computed, or inspected in data."""
    GENERAL = "G"
    """General knowledge, not read again."""
    UNCERTAIN = "U"
    """Not found, or sources conflict: a parameter, never a literal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        number: e.g. "R-38".
        article: of the Code électoral unless it says otherwise, e.g. "L. 73"; "no article read" when only
            practice or the press says so.
        title: in French, as `explain` prints it.
        sentence: in English, what is decided.
        outside: why no program decides it, for the rules that are outside the software.
    """

    number: str
    article: str
    confidence: Confidence
    title: str
    sentence: str
    outside: str | None = None


_TABLE: Final = """
R-01 | V | L. 71 | Aucun motif demandé
Nobody is asked why they vote by procuration: no motive is stored or sent.
R-02 | V | L. 71, R. 59 | Mandant inscrit
A mandant who is not on the list used for the scrutin gives nothing.
R-03 | V | L. 72 | Droits électoraux du mandataire
A mandataire without electoral rights receives nothing.
R-04 | V | L. 72 | Communes différentes admises
Since 2022, two communes are never a reason to invalidate.
R-05 | S | L. 72 (version of 2021) | Même commune en 2021
In June 2021 mandant and mandataire had to vote in one commune.
R-06 | S | L. 74, L. 62 | Vote dans le bureau du mandant
The receipt says that the mandataire votes in the mandant's station with their own title.
R-07 | V | L. 72-1 | Personnes exclues auprès d’un majeur protégé
The officer declares that no case of L. 72-1 was seen; no protection status is stored.
R-08 | G | no article read | Deux personnes différentes
Nobody is their own mandataire.
R-09 | V | L. 2, L. 11-II | Âge au jour du vote
Age counts on the polling day; a partial birth date that leaves it open goes to a person.
R-10 | S | no article read | Citoyens de l’Union européenne
EU citizens are mandants and mandataires in municipal and European ballots only.
R-11 | V | R. 72-1 I | Autorités sur formulaire
On paper: courts, designated OPJ and APJ, réservistes who are APJ, and those the cour d'appel designates.
R-12 | V | R. 72-1 II | Autorités de la télé-procédure
A request of the télé-procédure is established by police and gendarmerie only.
R-13 | V | R. 72-1 I 2° | Maires et adjoints exclus
A mayor or adjoint, although OPJ, establishes nothing.
R-14 | V | R. 72-1 I 2° and 3° | Désignation en vigueur
The designation of the officer is in force at the instant of the act.
R-15 | V | R. 72-1 V | Délégué d’un OPJ
A délégué only collects; the OPJ who chose them confirms; an APJ or réserviste has no délégué.
R-16 | V | R. 72-1 III | Lieux publics de la liste
Outside their premises, officers act in a place of the préfet's list while it is open.
R-17 | V | R. 72-1 IV, R. 73 | Déplacement à domicile
At home, a written request and an attestation sur l'honneur are held.
R-18 | V | R. 73 | Présence et identité du mandant
The mandant is present and identified; the mandataire need not be there; nothing is paid.
R-19 | V | order of 16 November 2018 | Titres d’identité
A listed title is valid, or a card or passport expired for less than five years; here by analogy.
R-20 | V | R. 72-1-1 | À l’étranger
Abroad consular authorities establish, honorary consuls on paper only.
R-21 | U | R. 72-2 | En mer
On board the captain establishes, on the form only.
R-22 | S | R. 72, décret n° 2025-1059 | Identité numérique certifiée
After a certified digital identity check no appearance is required.
R-23 | V | R. 75-II | Autorité, date et lieu enregistrés
The record names the authority with its quality, the date and the place, or is rejected.
R-24 | V | R. 75-II | Récépissé dématérialisé
The mandant gets an electronic récépissé of the establishment.
R-25 | V | R. 75-I | Récépissé et envoi du formulaire
A récépissé of the form is handed over, a mention kept, and the form sent against receipt.
! The authority hands over, notes and posts the paper form by hand.
R-26 | V | R. 75-II | Identification du mandataire
The mandataire is named by number and birth date, or by civil status and commune: one way, complete.
R-27 | V | R. 75-II | Authentification du mandant
A request without FranceConnect or NC Connect says so for ever; the unit's signed policy decides.
R-28 | V | R. 74, R. 75-I 3° | Un scrutin, ses tours
Without a period the procuration serves one scrutin: its first round, its second or both.
R-29 | V | R. 74 | Un an au plus
A period ends at most one year after the day of the establishment.
R-30 | V | R. 74 | Trois ans sur une liste consulaire
On a consular list the ceiling is three years.
R-31 | V | R. 74 | Un seul choix par jour de vote
One procuration covers all the elections of a day.
R-32 | V | R. 74 | Départementales et régionales de 2021
In June 2021 choosing one of the two ballots covered both.
R-33 | S | no article read | Un mandataire par tour
Two rounds may have two mandataires.
R-34 | V | R. 74 | Validité écrite
The validity is written on the procuration and on the receipt.
R-35 | D | no article read | Scrutins d’une période
A period covers every poll whose local day lies in it, both ends included.
R-36 | S | no article read | Jamais trop tôt ni trop tard
Before its poll closes nobody is refused for the date; they are warned.
R-37 | V | R. 41, L. 55, L. 56 | Jour et heures du territoire
Each territory has its own polling day and hours.
R-38 | V | L. 73 | Plafond du mandataire
For one scrutin a mandataire holds two procurations at most, one of them established in France.
R-39 | V | L. 73 | Ordre des établissements
The first established stand; the surplus is void, whatever arrived or was decided first.
R-40 | S | L. 73, silent | Plafond par scrutin
The ceiling counts within one scrutin.
R-41 | V | loi n° 2021-191, art. 2; L. 330-13 | Plafonds propres à un scrutin
The ceilings belong to the scrutin and not to the program.
R-42 | U | L. 73, silent | Période et plafonds différents
A period may stand for one scrutin and be void for another.
R-43 | D | no article read | Ordre incertain
When the clocks do not tell the order, a person decides.
R-44 | D | R. 77 | Arrivée tardive d’une procuration antérieure
An earlier establishment that arrives late displaces a later one, and its mandant is told.
R-45 | G | no article read | Procurations qui ne comptent pas
Ended, expired, rejected and void procurations do not count.
R-46 | V | L. 75, R. 78 | Résiliation
The mandant ends the procuration at any time before the same authorities, without motive.
R-47 | V | R. 78 | Résiliation annoncée à la mairie
A résiliation reaches the town hall or the register as an establishment does.
R-48 | V | L. 75 | Nouvelle procuration après résiliation
After a résiliation another procuration is possible.
R-49 | U | not settled by L. 71 to L. 78 | Deuxième procuration sans résiliation
A second procuration over the same scrutin is judged by a parameter, or by a person.
R-50 | V | L. 76, R. 79 | Vote en personne
The mandant votes in person as long as the mandataire has not; it is spent for that scrutin only.
R-51 | V | L. 77, R. 80 | Décès ou perte des droits du mandataire
The procuration is void, and the mandant is told.
R-52 | G | not written in L. 71 to L. 78 | Décès, radiation ou perte des droits du mandant
There is nothing to vote for: the procuration is void.
R-53 | S | no article read | Déménagement du mandant
The polling station changes; the effect on a running procuration is for a person to decide.
R-54 | V | R. 76-1 | Réception par la mairie
A procuration that the mayor has not received is worth nothing.
R-55 | S | no article read | À acheminer d’urgence
What is established and not received is listed by the time left before its poll closes.
R-56 | V | R. 76-1 | Registre public
The register open to electors shows six data and nothing else.
R-57 | V | R. 76 | Liste d’émargement
The mandataire's name stands beside the mandant's on the list of the polling station.
R-58 | V | R. 75-III | Formulaire saisi au répertoire
The mayor keys the paper into the REU.
! The mayor keys the paper into the national register, with the register's own programs.
R-59 | V | R. 77 | Plafond dépassé : le mandant averti
A mandant whose procuration exceeds the ceiling is told.
R-60 | V | no article read (practice of town halls) | Procurations refusées au registre
A refused procuration stays in the internal register with its reason.
R-61 | S | décret n° 2025-1059 | Envoi par courriel outre-mer
From and to overseas the authority may send the form by e-mail.
! The authority sends the paper form with its own mail or fax.
R-62 | V | R. 76 | Conservation du formulaire
The form is kept one year after the end of validity.
R-63 | V | R. 76 (bounds; the value S) | Conservation des données
Télé-procédure data is kept as long as the paper at least, and two years at most.
R-64 | S | order of 31 March 2021 | Demande expirée
A request that nobody established in two months is destroyed.
R-65 | V | R. 73 | Pièces du déplacement à domicile
The papers of a home visit are kept six months after the end of validity.
R-66 | U | no article read | Registre spécial de l’autorité
No text read says how long the authority keeps its special register.
R-67 | V | R. 76 (version of 2020) | Conservation avant 2022
Before 2022 a form for one scrutin was kept four months after the time for a challenge.
R-70 | V | R. 204-IV | Textes applicables en Nouvelle-Calédonie
In Nouvelle-Calédonie the articles of 2021 go on: the town hall controls.
R-71 | V | R. 213-1 3°, R. 76 | Mention sur la liste en Nouvelle-Calédonie
There, a validity of more than one scrutin is noted on the electoral list, a single one at the station.
R-72 | V | R. 213-1 3° | Deux mairies décident
There, the mandataire's town hall, when it is another, is asked about the ceiling.
R-73 | V | R. 213-1 1° | Télé-procédure écartée
A mandant enrolled elsewhere names a mandataire of Nouvelle-Calédonie on paper only.
R-74 | S | R. 213-1 | Pas de numéro d’électeur en Nouvelle-Calédonie
No elector number is asked or accepted there; the mandataire's commune is.
R-75 | S | R. 213 | Liste spéciale des provinciales
A provincial ballot has a list of its own.
R-76 | V | order adapted for NC, JORFARTI000049402029 | NC Connect
The log-in of electors there is NC Connect; a tablet cannot claim it.
R-77 | V | R. 201 | Mots de la Nouvelle-Calédonie
Whatever is shown to people names the haut-commissaire beside the préfet.
R-78 | V | R. 162, R. 164-1, R. 282 | Élections sénatoriales écartées
Senatorial electors have a paper procedure of their own: it is never offered.
R-79 | V | R. 72 | Élections de la télé-procédure
The télé-procédure serves the elections that the Code lists.
R-80 | V | L. 107, L. 111, L. 113 | Fraude
Fraud on a procuration is punished.
! Courts punish; the log is kept so that it can serve as evidence.
"""
"""Number | confidence | article | title, then the sentence, then « ! » and a reason for what is outside."""


def _read(table: str) -> Iterator[Rule]:
    lines = [*table.strip().splitlines(), ""]
    for head, sentence, after in zip(lines, lines[1:], [*lines[2:], ""], strict=False):
        if not head.startswith("R-"):
            continue
        number, confidence, article, title = head.split(" | ")
        yield Rule(
            number=number,
            article=article,
            confidence=Confidence(confidence),
            title=title,
            sentence=sentence,
            outside=after.removeprefix("! ") if after.startswith("! ") else None,
        )


RULES: Final[dict[str, Rule]] = {rule.number: rule for rule in _read(_TABLE)}
"""Every rule, by number."""
