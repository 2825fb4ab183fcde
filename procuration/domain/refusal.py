"""Why a procuration is refused or invalidated: one code, one rule, for one kind of decider (DOMAIN 2.9)."""

from enum import StrEnum
from typing import Final


class RefusalCode(StrEnum):
    """A reason. The value is what records carry; the catalogues have the sentence for the person (I-10)."""

    MANDANT_NON_INSCRIT = "MANDANT_NON_INSCRIT"
    MANDATAIRE_INTROUVABLE = "MANDATAIRE_INTROUVABLE"
    MANDATAIRE_SANS_DROITS = "MANDATAIRE_SANS_DROITS"
    PLAFOND_DEPASSE = "PLAFOND_DEPASSE"
    COMMUNES_DIFFERENTES = "COMMUNES_DIFFERENTES"
    AUTORITE_INCOMPETENTE = "AUTORITE_INCOMPETENTE"
    HABILITATION_INVALIDE = "HABILITATION_INVALIDE"
    LIEU_NON_AUTORISE = "LIEU_NON_AUTORISE"
    IDENTITE_NON_CONFORME = "IDENTITE_NON_CONFORME"
    DUREE_EXCESSIVE = "DUREE_EXCESSIVE"
    SCRUTIN_PASSE = "SCRUTIN_PASSE"
    PROCURATION_DEJA_EXISTANTE = "PROCURATION_DEJA_EXISTANTE"
    TELEPROCEDURE_NON_APPLICABLE = "TELEPROCEDURE_NON_APPLICABLE"
    DEMANDE_EXPIREE = "DEMANDE_EXPIREE"
    MANDATAIRE_EXCLU_L72_1 = "MANDATAIRE_EXCLU_L72_1"
    RESILIEE = "RESILIEE"
    DECES_OU_DROITS = "DECES_OU_DROITS"
    MANDANT_ABSENT = "MANDANT_ABSENT"
    CONSENTEMENT_DOUTEUX = "CONSENTEMENT_DOUTEUX"
    ERREUR_DE_SAISIE = "ERREUR_DE_SAISIE"
    REPRISE_AU_POSTE = "REPRISE_AU_POSTE"
    ABANDON = "ABANDON"


RULE: Final[dict[RefusalCode, str]] = {
    RefusalCode.MANDANT_NON_INSCRIT: "R-02",
    RefusalCode.MANDATAIRE_INTROUVABLE: "R-26",
    RefusalCode.MANDATAIRE_SANS_DROITS: "R-03",
    RefusalCode.PLAFOND_DEPASSE: "R-38",
    RefusalCode.COMMUNES_DIFFERENTES: "R-05",
    RefusalCode.AUTORITE_INCOMPETENTE: "R-12",
    RefusalCode.HABILITATION_INVALIDE: "R-14",
    RefusalCode.LIEU_NON_AUTORISE: "R-16",
    RefusalCode.IDENTITE_NON_CONFORME: "R-18",
    RefusalCode.DUREE_EXCESSIVE: "R-29",
    RefusalCode.SCRUTIN_PASSE: "R-36",
    RefusalCode.PROCURATION_DEJA_EXISTANTE: "R-49",
    RefusalCode.TELEPROCEDURE_NON_APPLICABLE: "R-73",
    RefusalCode.DEMANDE_EXPIREE: "R-64",
    RefusalCode.MANDATAIRE_EXCLU_L72_1: "R-07",
    RefusalCode.RESILIEE: "R-46",
    RefusalCode.DECES_OU_DROITS: "R-51",
    RefusalCode.MANDANT_ABSENT: "R-18",
}
"""The rule behind each code; the last four codes have none of their own (DOMAIN 1.4, 2.9)."""

OFFICER_CODES: Final = (
    RefusalCode.MANDANT_ABSENT,
    RefusalCode.IDENTITE_NON_CONFORME,
    RefusalCode.CONSENTEMENT_DOUTEUX,
    RefusalCode.MANDATAIRE_EXCLU_L72_1,
    RefusalCode.DUREE_EXCESSIVE,
    RefusalCode.SCRUTIN_PASSE,
    RefusalCode.DEMANDE_EXPIREE,
    RefusalCode.TELEPROCEDURE_NON_APPLICABLE,
    RefusalCode.LIEU_NON_AUTORISE,
    RefusalCode.AUTORITE_INCOMPETENTE,
    RefusalCode.ERREUR_DE_SAISIE,
    RefusalCode.ABANDON,
)
"""What an officer may answer at the counter, most usual first."""

CORRECTION_CODES: Final = (
    RefusalCode.ERREUR_DE_SAISIE,
    RefusalCode.IDENTITE_NON_CONFORME,
    RefusalCode.CONSENTEMENT_DOUTEUX,
    RefusalCode.MANDATAIRE_EXCLU_L72_1,
    RefusalCode.MANDANT_ABSENT,
)
"""Why an officer takes back what they established the same day (decision 27)."""

TOWN_HALL_CODES: Final = (
    RefusalCode.MANDANT_NON_INSCRIT,
    RefusalCode.MANDATAIRE_INTROUVABLE,
    RefusalCode.MANDATAIRE_SANS_DROITS,
    RefusalCode.PLAFOND_DEPASSE,
    RefusalCode.COMMUNES_DIFFERENTES,
    RefusalCode.PROCURATION_DEJA_EXISTANTE,
    RefusalCode.DUREE_EXCESSIVE,
    RefusalCode.SCRUTIN_PASSE,
    RefusalCode.DECES_OU_DROITS,
    RefusalCode.HABILITATION_INVALIDE,
)
"""What a town hall may answer when it controls (regimes A and C)."""
