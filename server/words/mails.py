"""Sentences of the messages to the mandant (DOMAIN 1.5)."""

from typing import Final

MAILS: Final[dict[str, str]] = {
    "mail.english_below": "English version below.",
    "mail.hello": "Bonjour,",
    "mail.signature": "Relais de procuration",
    "mail.automatic": "Ce message est automatique. N’y répondez pas.",
    "mail.reference": "Référence de votre demande : {reference}",
    "mail.m1.subject": "Votre demande de procuration {reference}",
    "mail.m1.lead": "Votre demande de procuration est enregistrée.",
    "mail.m1.not_yet": "Elle n’est pas encore valable. Il reste une étape.",
    "mail.m1.go": (
        "Allez dans une gendarmerie ou un commissariat avec votre pièce d’identité, avant le {deadline}."
    ),
    "mail.m1.go.today": (
        "Allez dans une gendarmerie ou un commissariat avec votre pièce d’identité, "
        "le jour même : le {deadline}."
    ),
    "mail.m1.give": "Donnez-y la référence ci-dessus ou votre reçu.",
    "mail.m1.then": "Ensuite, votre mairie contrôle. Vous recevez un message.",
    "mail.m1.then.register": "Ensuite, le répertoire électoral unique contrôle. Vous recevez un message.",
    "mail.m2.subject": "Récépissé de votre procuration {reference}",
    "mail.m2.lead": "Votre procuration a été établie.",
    "mail.m2.by": "Établie par : {authority}",
    "mail.m2.at": "Date : {when}",
    "mail.m2.where": "Lieu : {place}",
    "mail.m2.not_enough": (
        "Ce récépissé ne permet pas de voter. Votre mairie contrôle encore la procuration. Vous recevez "
        "un message."
    ),
    "mail.m2.tell": "Prévenez la personne qui votera à votre place : elle ne reçoit rien de nous.",
    "mail.m2.oppose": (
        "Vous n’avez pas fait cette démarche ? Appelez tout de suite une gendarmerie ou un commissariat."
    ),
    "mail.m3.subject.accepted": "Votre procuration {reference} est validée",
    "mail.m3.subject.refused": "Votre procuration {reference} n’est pas validée",
    "mail.m3.accepted.hall": "Votre mairie a validé votre procuration.",
    "mail.m3.accepted.how": (
        "La personne que vous avez choisie vote dans votre bureau de vote, avec sa propre pièce d’identité."
    ),
    "mail.m3.accepted.tell": "Prévenez-la : elle ne reçoit rien de nous.",
    "mail.m3.refused.hall": (
        "Votre mairie n’a pas validé votre procuration. Personne ne peut voter à votre place avec elle."
    ),
    "mail.m3.refused.why": "Raison : {reason}",
    "mail.m3.refused.what": (
        "Vous pouvez voter vous-même, ou faire une nouvelle demande. Pour toute question, appelez votre "
        "mairie."
    ),
    "mail.validity": "Pour : {validity}",
    "mail.m2.not_enough.register": (
        "Ce récépissé ne permet pas de voter. Le répertoire électoral unique contrôle encore la procuration."
    ),
    "mail.no_reference": "sans référence",
    "mail.m2.not_enough.ended": "Ce récépissé ne permet pas de voter.",
    "mail.m3.refused.law": (
        "Votre procuration n’est pas valable. Personne ne peut voter à votre place avec elle."
    ),
    "mail.m3.refused.register": (
        "Le répertoire électoral unique n’a pas accepté votre procuration. Personne ne peut voter à "
        "votre place avec elle."
    ),
    "mail.m3.accepted.register": "Le répertoire électoral unique a accepté votre procuration.",
    "mail.m4.subject": "Votre procuration {reference} n’est pas valable",
    "mail.m4.lead": "Votre demande est rejetée : la personne choisie a déjà trop de procurations.",
    "mail.m4.lead.displaced": (
        "Votre procuration n’est plus valable : une procuration plus ancienne est arrivée depuis."
    ),
    "mail.m4.law": (
        "La loi garde les procurations établies les premières (Code électoral, article L. 73). La vôtre "
        "a été établie après."
    ),
    "mail.m4.what": "Vous pouvez voter vous-même, ou donner une nouvelle procuration à une autre personne.",
    "mail.m6.subject": "Votre procuration {reference} est annulée",
    "mail.m6.lead": (
        "Votre procuration est annulée par la loi. Personne ne peut voter à votre place avec elle."
    ),
    "mail.m6.law": "Cela concerne la personne que vous aviez choisie (Code électoral, article L. 77).",
    "mail.m6.what": "Vous pouvez voter vous-même, ou donner une nouvelle procuration à une autre personne.",
    "mail.m7.subject": "Votre procuration {reference} est résiliée",
    "mail.m7.subject.replaced": "Votre procuration {reference} est remplacée",
    "mail.m7.lead": "Votre procuration est résiliée. Personne ne peut voter à votre place avec elle.",
    "mail.m7.lead.replaced": "Votre procuration est remplacée par une procuration plus récente.",
    "mail.m7.law": "Prévenez la personne que vous aviez choisie : elle ne reçoit rien de nous.",
    "mail.m7.what": (
        "Vous n’avez pas fait cette démarche ? Appelez tout de suite une gendarmerie ou un commissariat."
    ),
    "mail.part.subject": "Votre procuration {reference} ne vaut plus pour toutes les dates",
    "mail.part.lead": "Votre procuration ne vaut plus pour toutes les dates prévues.",
    "mail.part.lost": "Ne vaut pas pour : {round}, {day}. {reason}",
    "mail.part.rest": "Pour les autres dates, elle reste valable.",
    "mail.part.what": "Pour les dates ci-dessus, vous pouvez voter vous-même ou faire une nouvelle demande.",
    "mail.aside.subject": "Votre procuration {reference} n’est pas établie",
    "mail.aside.lead": "Votre procuration n’est pas établie. Personne ne peut voter à votre place avec elle.",
    "mail.aside.receipt": "Le récépissé que vous avez reçu ne compte plus.",
    "mail.aside.open": "Ce n’est pas de votre faute. Votre demande reste enregistrée.",
    "mail.aside.go": (
        "Retournez dans une gendarmerie ou un commissariat avec votre pièce d’identité, avant le {deadline}."
    ),
    "mail.again.subject": "Votre procuration {reference} est de nouveau valable",
    "mail.again.lead": "Votre procuration est de nouveau valable.",
    "mail.again.lead.undecided": "Votre procuration compte de nouveau. Elle n’est pas encore contrôlée.",
    "mail.again.forget": "Le message qui disait le contraire ne compte plus.",
    "mail.again.wait": "Vous recevez un message après le contrôle.",
}
