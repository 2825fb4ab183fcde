"""Sentences of what a procuration is worth and why, of facts and votes, of the mandataire's town hall, and of
electors to tell."""

from typing import Final

FACTS: Final[dict[str, str]] = {
    "status.4.register": "Reçue par le répertoire électoral",
    "event.4.1.register": "Procuration acceptée par le répertoire électoral",
    "event.4.2.register": "Procuration refusée par le répertoire électoral",
    "event.14.2.register": "Reçue par le répertoire électoral",
    "event.16.1": "Décès de l’électeur, le {day}",
    "event.16.2": "L’électeur a perdu ses droits électoraux, le {day}",
    "event.16.3": "L’électeur est radié de la liste, le {day}",
    "event.16.4": "Décès du mandataire, le {day}",
    "event.16.5": "Le mandataire a perdu ses droits électoraux, le {day}",
    "event.16.6": "L’électeur a voté lui-même, le {day}",
    "event.16.7": "Le mandataire a voté, le {day}",
    "event.17.1": "Après examen : cet acte garde son effet",
    "event.17.2": "Après examen : aucun acte n’a d’effet",
    "event.17.3": "Après examen : l’ordre des actes est fixé",
    "event.21": "Résiliation demandée en ligne, pas encore reçue par une autorité",
    "event.18.1": "La mairie du mandataire a répondu : dans le plafond",
    "event.18.2": "La mairie du mandataire a répondu non",
    "effect.STANDS": "En vigueur",
    "effect.NULLE_L73": "Nulle (article L. 73)",
    "effect.DEJA_EXISTANTE": "Nulle : l’électeur avait déjà donné procuration",
    "effect.RESILIEE": "Résiliée",
    "effect.ANNULEE_L77": "Annulée (décès ou perte des droits)",
    "effect.VOTE_PERSONNEL": "L’électeur a voté lui-même",
    "effect.UTILISEE": "Utilisée : le mandataire a voté",
    "effect.ECARTEE": "Écartée après examen",
    "effect.DOUBT": "En attente d’une décision humaine",
    "doubt.DEUX_DECISIONS": "Deux actes se contredisent sur cette demande.",
    "doubt.ORDRE_INCERTAIN": (
        "Les horloges ne disent pas quelle procuration de ce mandataire a été établie la première."
    ),
    "doubt.PLAFOND_LIBERE": (
        "Elle dépassait le plafond du mandataire, et une procuration plus ancienne a pris fin depuis. La "
        "loi ne dit pas si elle revit."
    ),
    "doubt.DEUX_PROCURATIONS": (
        "L’électeur a donné deux procurations pour le même vote, sans résilier la première."
    ),
    "doubt.RESILIATION_INCERTAINE": (
        "Une résiliation existe. On ne sait pas si elle concerne cette procuration, ou si elle est venue "
        "avant."
    ),
    "doubt.ACTES_SIMULTANES": (
        "Le même officier a établi deux procurations à la même seconde, en deux lieux."
    ),
    "doubt.VOTES_CONTRAIRES": "L’électeur et le mandataire sont tous deux notés comme ayant voté.",
    "mairie.why.title": "Ce que vaut cette procuration",
    "mairie.why.human": (
        "Une personne du centre décide, avec les preuves des deux côtés. En attendant, cette procuration "
        "ne sert pas."
    ),
    "mairie.why.aside": "Un acte reçu n’a pas pu être vérifié (heure, clé ou habilitation).",
    "mairie.why.rank.one": (
        "Établie après {n} autre procuration du même mandataire. La loi garde les premières établies."
    ),
    "mairie.why.rank.many": (
        "Établie après {n} autres procurations du même mandataire. La loi garde les premières établies."
    ),
    "mairie.why.displaced": (
        "Elle avait été acceptée. Une procuration plus ancienne est arrivée ensuite. Votre décision "
        "reste dans l’historique."
    ),
    "mairie.why.RESILIEE": "L’électeur l’a résiliée.",
    "mairie.why.RESILIEE.R-49": "L’électeur a donné ensuite une autre procuration, qui la remplace.",
    "mairie.why.ANNULEE_L77.R-51": "Le mandataire est décédé ou a perdu ses droits (article L. 77).",
    "mairie.why.ANNULEE_L77.R-52": "L’électeur est décédé, radié ou a perdu ses droits.",
    "mairie.why.VOTE_PERSONNEL": "L’électeur a voté lui-même. Le mandataire ne peut plus voter à sa place.",
    "mairie.why.UTILISEE": "Le mandataire a voté. L’électeur ne peut plus voter lui-même.",
    "mairie.why.DEJA_EXISTANTE": "L’électeur avait déjà donné une procuration pour le même vote.",
    "mairie.why.ECARTEE": "Une personne du centre l’a écartée après examen.",
    "mairie.why.answer": "La mairie du mandataire a répondu non : {reason}.",
    "mairie.why.rule.article": "{title} (article {article}, règle {rule} du service)",
    "mairie.why.rule.alone": "{title} (règle {rule} du service)",
    "mairie.why.rule": "Règle appliquée : {rule}",
    "mairie.why.rounds": "Tour par tour",
    "mairie.why.round": "{round}, {day}",
    "mairie.answer.awaited": "Réponse attendue de la mairie de {place} (plafond du mandataire).",
    "mairie.answer.yes": "La mairie de {place} a répondu : le mandataire peut avoir cette procuration.",
    "mairie.answer.no": "La mairie de {place} a répondu non : {reason}.",
    "mairie.answer.accepted": "Votre accord est gardé. La procuration sera valable dès cette réponse.",
    "mairie.decision.awaits": "Acceptée par vous, réponse attendue de la mairie de {place}",
    "mairie.result.awaits": "Votre accord est enregistré",
    "mairie.result.awaits.text": (
        "La procuration n’est pas encore valable. La mairie de {place} doit répondre : le mandataire est "
        "son électeur."
    ),
    "mairie.nav.mandataires": "Mandataires",
    "mairie.nav.tell": "À prévenir",
    "mairie.record.title": "Quelque chose a changé ?",
    "mairie.record.ending": "Décès ou perte de droits…",
    "mairie.record.vote": "A voté…",
    "mairie.fact.title": "Décès ou perte de droits",
    "mairie.fact.about": "Procuration donnée par {mandant} à {mandataire}.",
    "mairie.fact.what": "Qu’est-ce qui est arrivé ?",
    "mairie.fact.what.help": "Vérifiez l’acte ou la décision avant de l’enregistrer.",
    "mairie.fact.what.missing": "Choisissez ce qui est arrivé.",
    "mairie.fact.1": "L’électeur est décédé",
    "mairie.fact.2": "L’électeur a perdu ses droits électoraux",
    "mairie.fact.3": "L’électeur est radié de la liste",
    "mairie.fact.4": "Le mandataire est décédé",
    "mairie.fact.5": "Le mandataire a perdu ses droits électoraux",
    "mairie.fact.6": "L’électeur a voté lui-même",
    "mairie.fact.7": "Le mandataire a voté",
    "mairie.fact.day": "Depuis quel jour ?",
    "mairie.fact.day.help": "Le jour du décès, ou le jour où la décision a pris effet.",
    "mairie.fact.day.missing": "Saisissez le jour.",
    "mairie.fact.continue": "Continuer",
    "mairie.fact.confirm": "Enregistrer ce fait ?",
    "mairie.fact.confirm.what": "Fait",
    "mairie.fact.confirm.day": "Jour",
    "mairie.fact.confirm.effect": "Effet",
    "mairie.fact.effect.ending": (
        "Les procurations de cette personne sont annulées pour les votes qui ne sont pas clos."
    ),
    "mairie.fact.effect.6": "Le mandataire ne pourra plus voter à sa place ce jour-là.",
    "mairie.fact.effect.7": "L’électeur ne pourra plus voter lui-même ce jour-là.",
    "mairie.fact.signed": "Ce fait est signé. Il ne s’efface pas.",
    "mairie.fact.submit": "Enregistrer",
    "mairie.fact.change": "Modifier",
    "mairie.fact.kept": "Le fait est signé et gardé par le centre.",
    "mairie.vote.title": "Noter un vote",
    "mairie.vote.who": "Qui a voté ?",
    "mairie.vote.who.help": "L’électeur peut voter lui-même tant que le mandataire n’a pas voté.",
    "mairie.vote.who.missing": "Choisissez qui a voté.",
    "mairie.vote.day": "Quel jour de vote ?",
    "mairie.vote.day.missing": "Choisissez le jour du vote.",
    "mairie.vote.not_open": "Le vote n’a pas encore commencé. Rien n’est à enregistrer.",
    "mairie.refused.SANS_EFFET": "Cette procuration n’a plus d’effet. Rien n’a été enregistré.",
    "mairie.refused.SANS_EFFET_CE_JOUR": (
        "Cette procuration n’a pas d’effet ce jour-là. Rien n’a été enregistré."
    ),
    "mairie.refused.FAIT_DATE": (
        "Ce jour n’est pas possible : il est à venir, ou trop ancien. Rien n’a été enregistré."
    ),
    "mairie.refused.JOUR_SANS_VOTE": "Cette procuration ne sert pas ce jour-là. Rien n’a été enregistré.",
    "mairie.refused.VOTE_PAS_OUVERT": "Le vote n’a pas encore commencé. Rien n’a été enregistré.",
    "mairie.refused.DEJA_VOTE": (
        "Un vote est déjà noté pour cet électeur ce jour-là. Personne ne vote deux fois. Rien n’a été "
        "enregistré."
    ),
    "mairie.refused.PAS_VALIDEE": (
        "Cette procuration n’est pas validée : le mandataire ne peut pas voter avec elle. Rien n’a été "
        "enregistré."
    ),
    "mairie.refused.record.title": "Le fait n’est pas enregistré",
    "mairie.asked.title": "Mandataires de la commune",
    "mairie.asked.intro": (
        "Ces personnes sont vos électeurs. Elles voteront pour un électeur d’une autre commune. Vous "
        "contrôlez leur plafond (article L. 73)."
    ),
    "mairie.asked.waiting": "Réponses attendues",
    "mairie.asked.given": "Réponses données",
    "mairie.asked.empty.title": "Aucune réponse n’est attendue",
    "mairie.asked.empty.text": (
        "Une question arrive quand un électeur d’une autre commune choisit un mandataire de la vôtre."
    ),
    "mairie.asked.caption": "Questions posées à votre mairie, la plus urgente d’abord",
    "mairie.asked.given.caption": "Réponses de votre mairie, la plus récente d’abord",
    "mairie.asked.column.mandataire": "Votre électeur (mandataire)",
    "mairie.asked.column.mandant": "Voterait pour (mandant)",
    "mairie.asked.column.answer": "Votre réponse",
    "mairie.asked.open": "Répondre",
    "mairie.asked.open_label": "Répondre pour {name}",
    "mairie.asked.change": "Changer",
    "mairie.asked.change_label": "Changer la réponse pour {name}",
    "mairie.asked.one.title": "Réponse pour le mandataire {name}",
    "mairie.asked.one.people": "La procuration",
    "mairie.asked.one.others": "Toutes ses procurations pour ce vote",
    "mairie.asked.one.others.text": "Dans l’ordre où elles ont été établies. La loi garde les premières.",
    "mairie.asked.one.others.caption": (
        "Procurations du même mandataire, de la première établie à la dernière"
    ),
    "mairie.asked.one.column.rank": "Rang",
    "mairie.asked.one.column.established": "Établie",
    "mairie.asked.one.column.mandant": "Électeur",
    "mairie.asked.one.column.worth": "État",
    "mairie.asked.one.this": "La procuration examinée",
    "mairie.asked.one.paper": (
        "Ajoutez celles que votre mairie connaît sur papier : le centre ne les voit pas."
    ),
    "mairie.asked.one.mandant": "Électeur (mandant)",
    "mairie.asked.one.vote_place": "Il vote à",
    "mairie.asked.one.question": "Votre électeur peut-il avoir cette procuration ?",
    "mairie.asked.one.question.help": (
        "L’électeur qui donne procuration lira la phrase écrite sous la raison choisie."
    ),
    "mairie.asked.one.missing": "Choisissez une réponse.",
    "mairie.asked.yes": "Oui, il est dans le plafond",
    "mairie.asked.confirm": "Répondre à la mairie de {place} ?",
    "mairie.asked.confirm.answer": "Votre réponse",
    "mairie.asked.confirm.signed": (
        "Votre réponse est signée. Vous pourrez la changer : l’ancienne reste dans l’historique."
    ),
    "mairie.asked.submit": "Envoyer la réponse",
    "mairie.asked.kept": "Votre réponse est signée et gardée par le centre.",
    "mairie.asked.refused.title": "La réponse n’est pas enregistrée",
    "mairie.tell.title": "Électeurs à prévenir",
    "mairie.tell.intro": (
        "Ces électeurs n’ont pas d’adresse électronique, ou elle ne marche pas. La mairie les prévient "
        "(articles R. 77 et R. 80)."
    ),
    "mairie.tell.caption": "Électeurs à prévenir, le plus ancien d’abord",
    "mairie.tell.column.what": "À dire",
    "mairie.tell.column.since": "Depuis le",
    "mairie.tell.done": "L’électeur est prévenu",
    "mairie.tell.done_label": "L’électeur est prévenu : {name}",
    "mairie.tell.kept": "C’est noté.",
    "mairie.tell.again": "Sa procuration compte de nouveau.",
    "mairie.tell.again.valid": "Sa procuration est de nouveau valable.",
    "mairie.tell.part": "Sa procuration ne vaut plus pour toutes les dates prévues.",
    "mairie.tell.ended": "Sa procuration n’est pas valable : « {reason} »",
    "mairie.tell.mark": "Électeur à prévenir",
    "mairie.tell.empty.title": "Aucun électeur à prévenir",
    "mairie.tell.empty.text": "Les autres reçoivent un message du centre.",
}
