"""Why a procuration is not accepted, for staff and for the mandant; and the names of the elections of the
calendar."""

from typing import Final

from procuration.domain.candidates import Effect
from procuration.domain.refusal import RefusalCode

REASON: Final[dict[RefusalCode, tuple[str, str]]] = {
    RefusalCode.MANDANT_NON_INSCRIT: (
        "L’électeur n’est pas inscrit",
        "Vous n’êtes pas inscrit sur la liste électorale de cette commune pour ce vote.",
    ),
    RefusalCode.MANDATAIRE_INTROUVABLE: (
        "Le mandataire est introuvable",
        "La personne que vous avez choisie n’a pas été trouvée sur une liste électorale. Vérifiez son "
        "nom, ses prénoms, sa date de naissance et sa commune.",
    ),
    RefusalCode.MANDATAIRE_SANS_DROITS: (
        "Le mandataire ne peut pas voter",
        "La personne que vous avez choisie ne peut pas voter à votre place. Choisissez une autre personne.",
    ),
    RefusalCode.PLAFOND_DEPASSE: (
        "Le mandataire a déjà trop de procurations",
        "La personne que vous avez choisie a déjà le nombre de procurations permis par la loi. "
        "Choisissez une autre personne.",
    ),
    RefusalCode.COMMUNES_DIFFERENTES: (
        "Les deux personnes ne votent pas dans la même commune",
        "Pour ce vote, vous et la personne choisie devez voter dans la même commune.",
    ),
    RefusalCode.AUTORITE_INCOMPETENTE: (
        "L’autorité n’était pas compétente",
        "L’autorité qui a reçu votre demande ne pouvait pas établir cette procuration. Allez dans une "
        "gendarmerie ou un commissariat.",
    ),
    RefusalCode.HABILITATION_INVALIDE: (
        "L’autorité n’était pas habilitée ce jour-là",
        "L’agent qui a établi votre procuration n’était pas habilité ce jour-là. Refaites la démarche "
        "dans une gendarmerie ou un commissariat.",
    ),
    RefusalCode.LIEU_NON_AUTORISE: (
        "Le lieu n’était pas autorisé",
        "Votre procuration a été établie dans un lieu qui n’est pas sur la liste autorisée. Allez dans "
        "une gendarmerie ou un commissariat.",
    ),
    RefusalCode.IDENTITE_NON_CONFORME: (
        "L’identité ne correspond pas",
        "Votre identité n’a pas pu être vérifiée avec la pièce présentée. Revenez avec une pièce "
        "d’identité acceptée.",
    ),
    RefusalCode.DUREE_EXCESSIVE: (
        "La période est trop longue",
        "La période demandée dépasse la durée permise par la loi. Faites une nouvelle demande, plus courte.",
    ),
    RefusalCode.SCRUTIN_PASSE: ("Le vote est passé", "Le vote concerné est terminé."),
    RefusalCode.PROCURATION_DEJA_EXISTANTE: (
        "Une procuration existe déjà",
        "Vous avez déjà donné une procuration pour ce vote. Résiliez-la avant d’en donner une autre.",
    ),
    RefusalCode.TELEPROCEDURE_NON_APPLICABLE: (
        "La démarche numérique n’est pas ouverte",
        "Votre situation demande un formulaire papier. Demandez-le à la gendarmerie ou au commissariat.",
    ),
    RefusalCode.DEMANDE_EXPIREE: (
        "La demande a expiré",
        "Votre demande date de plus de deux mois. Faites une nouvelle demande.",
    ),
    RefusalCode.MANDATAIRE_EXCLU_L72_1: (
        "Cas de l’article L. 72‑1",
        "La loi ne permet pas à cette personne de recevoir votre procuration. Choisissez une autre personne.",
    ),
    RefusalCode.RESILIEE: ("La procuration a été résiliée", "Vous avez résilié cette procuration."),
    RefusalCode.DECES_OU_DROITS: (
        "Décès ou perte des droits",
        "La procuration est annulée par la loi, pour cause de décès ou de perte des droits civiques.",
    ),
    RefusalCode.MANDANT_ABSENT: (
        "L’électeur n’était pas présent",
        "Vous devez venir vous-même devant l’autorité.",
    ),
    RefusalCode.CONSENTEMENT_DOUTEUX: (
        "Le choix ne semblait pas libre",
        "L’autorité n’a pas pu s’assurer que vous demandiez librement cette procuration.",
    ),
    RefusalCode.ERREUR_DE_SAISIE: (
        "Erreur de saisie",
        "La demande contenait une erreur. Seule une nouvelle demande compte.",
    ),
    RefusalCode.REPRISE_AU_POSTE: (
        "Demande reprise au poste",
        "Votre demande a été refaite devant l’autorité. La nouvelle demande la remplace.",
    ),
    RefusalCode.ABANDON: ("L’électeur renonce", "Vous avez renoncé à cette procuration."),
}
"""For each code: how staff name it, and the sentence that the mandant reads (I-10)."""

CODE_OF_EFFECT: Final[dict[str, RefusalCode]] = {
    Effect.NULLE_L73: RefusalCode.PLAFOND_DEPASSE,
    Effect.DEJA_EXISTANTE: RefusalCode.PROCURATION_DEJA_EXISTANTE,
    Effect.RESILIEE: RefusalCode.RESILIEE,
    Effect.ANNULEE_L77: RefusalCode.DECES_OU_DROITS,
    Effect.ECARTEE: RefusalCode.MANDANT_ABSENT,
}
"""The reason why a procuration does not serve one round."""

ELECTIONS: Final[dict[str, str]] = {
    "departementales": "élections départementales",
    "arrondissements": "élections d’arrondissement",
    "metropolitaines": "élections métropolitaines",
    "regionales": "élections régionales",
    "legislatives": "élections législatives",
    "municipales": "élections municipales",
    "presidentielle": "élection présidentielle",
    "europeennes": "élections européennes",
    "provinciales": "élections provinciales",
    "territoriales": "élections territoriales",
}
