"""Sentences of the messages to the mandant in English, by the keys of `mails`: what the French ones say, no
more and no less."""

from typing import Final

from procuration.domain.refusal import RefusalCode

MAILS_EN: Final[dict[str, str]] = {
    "mail.heading": "English version",
    "mail.hello": "Hello,",
    "mail.signature": "Relais de procuration",
    "mail.automatic": "This message is automatic. Do not reply to it. The French version is the official "
    "one.",
    "mail.reference": "Reference of your request: {reference}",
    "mail.no_reference": "without a reference",
    "mail.validity": "For: {validity}",
    "mail.m1.subject": "Your proxy vote request {reference}",
    "mail.m1.lead": "Your proxy vote request is recorded.",
    "mail.m1.not_yet": "It is not valid yet. One step is left.",
    "mail.m1.go": (
        "Go to a gendarmerie or a police station (commissariat) with your identity document, before "
        "{deadline}."
    ),
    "mail.m1.go.today": (
        "Go to a gendarmerie or a police station (commissariat) with your identity document, the same day: "
        "{deadline}."
    ),
    "mail.m1.give": "Give the reference above there, or your receipt.",
    "mail.m1.then": "Then your town hall checks it. You will receive a message.",
    "mail.m1.then.register": (
        "Then the national electoral register (répertoire électoral unique) checks it. You will receive a "
        "message."
    ),
    "mail.m2.subject": "Receipt for your proxy vote {reference}",
    "mail.m2.lead": "Your proxy vote has been drawn up.",
    "mail.m2.by": "Drawn up by: {authority}",
    "mail.m2.at": "Date: {when}",
    "mail.m2.where": "Place: {place}",
    "mail.m2.not_enough": (
        "Nobody can vote with this receipt. Your town hall still has to check. You will receive a message."
    ),
    "mail.m2.not_enough.register": (
        "Nobody can vote with this receipt. The national electoral register still has to check."
    ),
    "mail.m2.not_enough.ended": "Nobody can vote with this receipt.",
    "mail.m2.tell": "Tell the person who will vote for you: they receive nothing from us.",
    "mail.m2.oppose": "You did not do this? Call a gendarmerie or a police station at once.",
    "mail.m3.subject.accepted": "Your proxy vote {reference} is accepted",
    "mail.m3.subject.refused": "Your proxy vote {reference} is not accepted",
    "mail.m3.accepted.hall": "Your town hall has accepted your proxy vote.",
    "mail.m3.accepted.register": "The national electoral register has accepted your proxy vote.",
    "mail.m3.accepted.how": (
        "The person you chose votes at your polling station, with their own identity document."
    ),
    "mail.m3.accepted.tell": "Tell them: they receive nothing from us.",
    "mail.m3.refused.hall": (
        "Your town hall has not accepted your proxy vote. Nobody can vote for you with it."
    ),
    "mail.m3.refused.register": (
        "The national electoral register has not accepted your proxy vote. Nobody can vote for you with it."
    ),
    "mail.m3.refused.law": "Your proxy vote is not valid. Nobody can vote for you with it.",
    "mail.m3.refused.why": "Reason: {reason}",
    "mail.m3.refused.what": (
        "You can vote in person, or make a new request. If you have a question, call your town hall."
    ),
    "mail.m4.subject": "Your proxy vote {reference} is not valid",
    "mail.m4.lead": "Your request is rejected: the person you chose already has too many proxy votes.",
    "mail.m4.lead.displaced": "Your proxy vote is no longer valid: an older one has arrived since.",
    "mail.m4.law": (
        "The law keeps the proxy votes that were drawn up first (Code électoral, article L. 73). Yours was "
        "drawn "
        "up later."
    ),
    "mail.m4.what": "You can vote in person, or ask another person to vote for you with a new request.",
    "mail.m6.subject": "Your proxy vote {reference} is cancelled",
    "mail.m6.lead": "Your proxy vote is cancelled by law. Nobody can vote for you with it.",
    "mail.m6.law": "This is about the person you chose (Code électoral, article L. 77).",
    "mail.m6.what": "You can vote in person, or ask another person to vote for you with a new request.",
    "mail.m7.subject": "Your proxy vote {reference} is withdrawn",
    "mail.m7.subject.replaced": "Your proxy vote {reference} is replaced",
    "mail.m7.lead": "Your proxy vote is withdrawn. Nobody can vote for you with it.",
    "mail.m7.lead.replaced": "Your proxy vote is replaced by a more recent one.",
    "mail.m7.law": "Tell the person you chose: they receive nothing from us.",
    "mail.m7.what": "You did not do this? Call a gendarmerie or a police station at once.",
    "mail.part.subject": "Your proxy vote {reference} is no longer valid for every date",
    "mail.part.lead": "Your proxy vote is no longer valid for all the dates.",
    "mail.part.lost": "Not valid for: {round}, {day}. {reason}",
    "mail.part.rest": "For the other dates it stays valid.",
    "mail.part.what": "For the dates above, you can vote in person or make a new request.",
    "mail.aside.subject": "Your proxy vote {reference} is not drawn up",
    "mail.aside.lead": "Your proxy vote is not drawn up. Nobody can vote for you with it.",
    "mail.aside.receipt": "The receipt that you were given no longer counts.",
    "mail.aside.open": "This is not your fault. Your request is still recorded.",
    "mail.aside.go": (
        "Go back to a gendarmerie or a police station (commissariat) with your identity document, before "
        "{deadline}."
    ),
    "mail.again.subject": "Your proxy vote {reference} is valid again",
    "mail.again.lead": "Your proxy vote is valid again.",
    "mail.again.lead.undecided": "Your proxy vote counts again. It has not been checked yet.",
    "mail.again.forget": "The message that said the opposite no longer counts.",
    "mail.again.wait": "You will receive a message after the check.",
    "validity.rounds.1": "first round",
    "validity.rounds.2": "second round",
    "validity.rounds.3": "both rounds",
    "validity.scrutin": "{scrutin}, {rounds} ({days})",
    "validity.period": "from {first} to {last}",
    "place.1": "at the unit",
    "place.2": "at the elector’s home",
    "place.3": "in an authorised place",
}

REASON_EN: Final[dict[RefusalCode, str]] = {
    RefusalCode.MANDANT_NON_INSCRIT: "You are not on the electoral roll of this commune for this vote.",
    RefusalCode.MANDATAIRE_INTROUVABLE: (
        "The person you chose was not found on an electoral roll. Check their name, first names, date of "
        "birth "
        "and commune."
    ),
    RefusalCode.MANDATAIRE_SANS_DROITS: "The person you chose cannot vote for you. Choose another person.",
    RefusalCode.PLAFOND_DEPASSE: (
        "The person you chose already has the number of proxy votes that the law allows. Choose another "
        "person."
    ),
    RefusalCode.COMMUNES_DIFFERENTES: (
        "For this vote, you and the person you chose must vote in the same commune."
    ),
    RefusalCode.AUTORITE_INCOMPETENTE: (
        "The authority that received your request could not draw up this proxy vote. Go to a gendarmerie "
        "or a "
        "police station."
    ),
    RefusalCode.HABILITATION_INVALIDE: (
        "The officer who drew up your proxy vote was not entitled to on that day. Do it again at a "
        "gendarmerie "
        "or a police station."
    ),
    RefusalCode.LIEU_NON_AUTORISE: (
        "Your proxy vote was drawn up in a place that is not on the authorised list. Go to a gendarmerie "
        "or a "
        "police station."
    ),
    RefusalCode.IDENTITE_NON_CONFORME: (
        "Your identity could not be checked with the document you showed. Come back with an accepted "
        "identity "
        "document."
    ),
    RefusalCode.DUREE_EXCESSIVE: (
        "The period you asked for is longer than the law allows. Make a new request for a shorter one."
    ),
    RefusalCode.SCRUTIN_PASSE: "This vote is over.",
    RefusalCode.PROCURATION_DEJA_EXISTANTE: (
        "You have already given a proxy vote for this ballot. Withdraw it before you give another one."
    ),
    RefusalCode.TELEPROCEDURE_NON_APPLICABLE: (
        "Your situation needs a paper form. Ask for it at the gendarmerie or the police station."
    ),
    RefusalCode.DEMANDE_EXPIREE: "Your request is more than two months old. Make a new request.",
    RefusalCode.MANDATAIRE_EXCLU_L72_1: (
        "The law does not allow this person to receive your proxy vote. Choose another person."
    ),
    RefusalCode.RESILIEE: "You withdrew this proxy vote.",
    RefusalCode.DECES_OU_DROITS: (
        "The proxy vote is cancelled by law, because of a death or a loss of civic rights."
    ),
    RefusalCode.MANDANT_ABSENT: "You must come in person before the authority.",
    RefusalCode.CONSENTEMENT_DOUTEUX: (
        "The authority could not make sure that you were asking for this proxy vote freely."
    ),
    RefusalCode.ERREUR_DE_SAISIE: "The request contained a mistake. Only a new request counts.",
    RefusalCode.REPRISE_AU_POSTE: (
        "Your request was made again before the authority. The new request replaces it."
    ),
    RefusalCode.ABANDON: "You gave up this proxy vote.",
}
"""For each code, the sentence that the mandant reads (I-10)."""

ELECTIONS_EN: Final[dict[str, str]] = {
    "departementales": "departmental elections",
    "arrondissements": "arrondissement elections",
    "metropolitaines": "metropolitan elections",
    "regionales": "regional elections",
    "legislatives": "parliamentary elections",
    "municipales": "municipal elections",
    "presidentielle": "presidential election",
    "europeennes": "European elections",
    "provinciales": "provincial elections",
    "territoriales": "territorial elections",
}
MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
