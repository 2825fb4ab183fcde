"""Sentences of the human queue: why a case waits, what may be decided, what waits for something else."""

from typing import Final

QUEUE: Final[dict[str, str]] = {
    "console.nav.queue": "À trancher",
    "console.nav.waiting": "Sans suite connue",
    "console.overview.queue.one": "Procuration à trancher",
    "console.overview.queue.many": "Procurations à trancher",
    # --- the list
    "queue.list.title": "À trancher",
    "queue.list.count.one": "{n} procuration attend la décision d’une personne.",
    "queue.list.count.many": "{n} procurations attendent la décision d’une personne.",
    "queue.list.order": "Celle dont le vote se clôt d’abord est en haut.",
    "queue.list.caption": "Cas à trancher, le plus urgent d’abord",
    "queue.list.ruled": "Voir les cas déjà tranchés",
    "queue.list.empty.title": "Rien n’est à trancher",
    "queue.list.empty.text": "Aucune procuration n’attend la décision d’une personne.",
    "queue.list.column.time": "Temps restant",
    "queue.list.column.what": "Ce qui est en jeu",
    "queue.list.column.rule": "Règle",
    "queue.list.column.where": "Commune de vote",
    "queue.list.column.open": "Action",
    "queue.list.open": "Examiner",
    "queue.list.open_label": "Examiner le cas {rid}",
    "queue.list.rows.one": "{n} procuration · demande {rid}",
    "queue.list.rows.many": "{n} procurations · demande {rid}",
    "queue.rule": "{rule}, article {article}",
    "queue.rule.alone": "{rule}",
    "queue.ruled.title": "Cas déjà tranchés",
    "queue.ruled.intro": "Une décision ne s’efface pas. Seule une nouvelle décision la remplace.",
    "queue.ruled.caption": "Décisions, la plus récente d’abord",
    "queue.ruled.empty.title": "Aucune décision pour l’instant",
    "queue.ruled.empty.text": "Les cas tranchés seront ici.",
    "queue.ruled.column.when": "Décidé le",
    "queue.ruled.column.rid": "Demande",
    "queue.ruled.column.state": "Situation aujourd’hui",
    "queue.ruled.open": "Voir",
    "queue.ruled.open_label": "Voir le cas {rid}",
    # --- one case
    "queue.case.title": "Cas à trancher : {name}",
    "queue.case.ruled_title": "Cas tranché : {name}",
    "queue.case.waits": "Attend une décision",
    "queue.case.decided": "Tranché",
    "queue.case.law": "Ce que dit la loi",
    "queue.case.sides": "Les éléments, côte à côte",
    "queue.case.caption": "Ce qui est connu de chaque élément, une colonne par élément",
    "queue.case.fact": "Élément",
    "queue.case.left_out.one": (
        "{n} autre procuration est dans le même cas. Elle reviendra ici après cette décision."
    ),
    "queue.case.left_out.many": (
        "{n} autres procurations sont dans le même cas. Elles reviendront ici après cette décision."
    ),
    "queue.case.decide": "Votre décision",
    "queue.case.decide.help": (
        "Lisez les deux côtés avant de choisir. Votre nom et votre raison sont gardés."
    ),
    "queue.case.choice": "Que décidez-vous ?",
    "queue.case.choice.missing": "Choisissez une décision.",
    "queue.case.rank": "Rang de {letter}",
    "queue.case.rank.help": "Le rang 1 est la procuration dressée la première.",
    "queue.case.rank.missing": "Donnez à chaque procuration un rang différent.",
    "queue.case.reason": "Raison de la décision",
    "queue.case.reason.help": "De 1 à 500 signes. Elle est signée avec la décision. N’y écrivez aucun nom.",
    "queue.case.continue": "Continuer",
    "queue.case.nothing": "Rien n’est à décider ici.",
    "queue.case.again": "Rendre une nouvelle décision",
    "queue.case.again.help": (
        "La nouvelle décision remplacera la dernière. Les deux restent dans l’histoire."
    ),
    "queue.case.history": "Décisions déjà rendues",
    "queue.case.history.caption": "Décisions rendues sur ce cas, de la plus ancienne à la plus récente",
    "queue.case.history.when": "Quand",
    "queue.case.history.who": "Qui",
    "queue.case.history.what": "Décision",
    "queue.case.history.why": "Raison",
    "queue.case.former": "Compte {pseudonym}",
    "queue.confirm.title": "Confirmer la décision ?",
    "queue.confirm.decision": "Décision",
    "queue.confirm.reason": "Raison",
    "queue.confirm.who": "Décidée par",
    "queue.confirm.signed": (
        "Votre décision est signée. Elle ne s’efface pas : seule une nouvelle décision la remplace."
    ),
    "queue.confirm.submit": "Signer la décision",
    "queue.confirm.change": "Revenir au cas",
    "queue.result.title": "Décision enregistrée",
    "queue.result.intro": "Voici la situation de chaque procuration après votre décision.",
    "queue.result.still": "Ce cas attend encore une décision : lisez ce qui reste à trancher.",
    "queue.result.next": "Revenir aux cas à trancher",
    "queue.result.see": "Voir le cas",
    "queue.refused.title": "La décision n’est pas enregistrée",
    "queue.refused.PAS_ADMINISTRATEUR": "Ce compte ne peut pas trancher. Rien n’a été enregistré.",
    "queue.refused.MOTIF_VIDE": "Écrivez la raison de la décision.",
    "queue.refused.MOTIF_TROP_LONG": "La raison est trop longue. Écrivez 500 signes au plus.",
    "queue.refused.MOTIF_ILLISIBLE": (
        "La raison contient un signe qui ne se lit pas. Écrivez-la avec des lettres et des chiffres."
    ),
    "queue.refused.CAS_INCONNU": "Ce cas n’existe pas, ou n’existe plus. Rien n’a été enregistré.",
    "queue.refused.CAS_SANS_DECISION": (
        "Une décision ne peut pas régler ce cas. La page du cas dit quoi faire. Rien n’a été enregistré."
    ),
    "queue.refused.DEJA_TRANCHE": (
        "Une autre décision a été rendue sur ce cas depuis que vous l’avez ouvert. Lisez-la d’abord. "
        "Rien n’a été enregistré."
    ),
    "queue.refused.CAS_CHANGE": (
        "Le cas a changé depuis que vous l’avez ouvert. Lisez-le de nouveau. Rien n’a été enregistré."
    ),
    "queue.refused.ORDRE_IMPOSSIBLE": (
        "Cet ordre contredit ce qui est prouvé : le journal d’un poste, ou des heures certaines. Rien "
        "n’a été enregistré."
    ),
    "queue.refused.CHOIX_INCONNU": (
        "Cette décision n’est pas possible pour ce cas. Rien n’a été enregistré."
    ),
    # --- sides
    "queue.side.procuration": "Procuration {letter}",
    "queue.side.act": "Acte {letter}",
    "queue.side.beside": "Procuration antérieure",
    "queue.side.beside.act": "Acte",
    "queue.side.withdrawal": "Résiliation",
    "queue.side.vote": "Vote signalé",
    "queue.fact.mandant": "Électeur (mandant)",
    "queue.fact.mandataire": "Vote à sa place (mandataire)",
    "queue.fact.born": "né(e) le {day}",
    "queue.fact.number": "électeur n° {number}",
    "queue.fact.reference": "Référence",
    "queue.fact.act": "Acte",
    "queue.fact.officer": "Autorité",
    "queue.fact.place": "Lieu",
    "queue.fact.claimed": "Heure déclarée",
    "queue.fact.proved": "Heure prouvée",
    "queue.fact.between": "entre le {first}",
    "queue.fact.and": "et le {last}",
    "queue.fact.exact": "le {when}",
    "queue.fact.tablet": "Poste",
    "queue.fact.log": "Journal {log}",
    "queue.fact.received": "Reçu par le centre",
    "queue.fact.proof": "Preuve",
    "queue.fact.leaf": "Feuille {leaf} de l’arbre de {size} feuilles",
    "queue.fact.no_leaf": "Pas encore dans l’arbre signé",
    "queue.fact.hash": "Événement {hash}",
    "queue.fact.authentication": "Authentification",
    "queue.fact.channel": "Demande déposée",
    "queue.fact.decisions": "Décisions prises",
    "queue.fact.no_decision": "Aucune",
    "queue.fact.serves": "Pour",
    "queue.fact.rounds": "Tour par tour",
    "queue.fact.round": "{day} : {effect}",
    "queue.fact.state": "Situation aujourd’hui",
    "queue.fact.withdrawn": "Ce qui est résilié",
    "queue.fact.withdrawn.request": "La demande {rid}",
    "queue.fact.withdrawn.all": "Toutes les procurations de l’électeur",
    "queue.fact.withdrawn.some": "{what}",
    "queue.fact.vote": "Qui a voté",
    "queue.fact.vote.6": "L’électeur (mandant)",
    "queue.fact.vote.7": "Le mandataire",
    "queue.fact.vote_day": "Jour du vote",
    "queue.fact.reported_by": "Signalé par",
    "queue.fact.register": "Le registre",
    "queue.effect.STANDS": "vaut",
    "queue.effect.NULLE_L73": "nulle (plafond)",
    "queue.effect.DEJA_EXISTANTE": "écartée (autre procuration)",
    "queue.effect.RESILIEE": "résiliée",
    "queue.effect.ANNULEE_L77": "annulée",
    "queue.effect.VOTE_PERSONNEL": "l’électeur a voté lui-même",
    "queue.effect.UTILISEE": "utilisée",
    "queue.effect.ECARTEE": "écartée",
    "queue.effect.DOUBT": "à trancher",
    "queue.time.second": "{moment} min {seconds} s",
    # --- why it waits: name, what is at stake, the law
    "queue.ORDRE_INCERTAIN.name": "Ordre incertain",
    "queue.ORDRE_INCERTAIN.stake": (
        "Le mandataire a trop de procurations, et les horloges ne disent pas laquelle fut dressée la "
        "première."
    ),
    "queue.ORDRE_INCERTAIN.law": (
        "Au-delà du plafond, seules les procurations dressées les premières sont valables ; les autres "
        "sont nulles. Aucun texte ne départage deux actes dont l’ordre est inconnu."
    ),
    "queue.ORDRE_INCERTAIN.order": (
        "{order} : elles ont été dressées dans cet ordre. La règle s’applique ensuite."
    ),
    "queue.ORDRE_INCERTAIN.ranks": "Je connais l’ordre : je donne un rang à chacune.",
    "queue.ORDRE_INCERTAIN.keep": "Seule la procuration {a} compte. Les autres sont nulles.",
    "queue.ORDRE_INCERTAIN.none": "Aucune ne compte : toutes sont nulles.",
    "queue.PLAFOND_LIBERE.name": "Plafond libéré",
    "queue.PLAFOND_LIBERE.stake": (
        "Elle était nulle à cause du plafond, et la procuration qui la précédait a pris fin depuis."
    ),
    "queue.PLAFOND_LIBERE.law": (
        "Une procuration au-delà du plafond est nulle de plein droit. Aucun article ne dit si elle "
        "reprend effet quand une autre prend fin."
    ),
    "queue.PLAFOND_LIBERE.keep": "La procuration {a} reprend effet.",
    "queue.PLAFOND_LIBERE.none": "La procuration {a} reste nulle.",
    "queue.DEUX_PROCURATIONS.name": "Deux procurations d’un même électeur",
    "queue.DEUX_PROCURATIONS.stake": (
        "Un même électeur a donné plusieurs procurations pour un même vote, sans résiliation entre elles."
    ),
    "queue.DEUX_PROCURATIONS.law": (
        "L’électeur peut résilier, puis donner une autre procuration. Aucun article ne dit laquelle "
        "compte quand il ne résilie pas."
    ),
    "queue.DEUX_PROCURATIONS.order": (
        "{order} : elles ont été dressées dans cet ordre. La règle s’applique ensuite."
    ),
    "queue.DEUX_PROCURATIONS.ranks": "Je connais l’ordre : je donne un rang à chacune.",
    "queue.DEUX_PROCURATIONS.keep": "Seule la procuration {a} compte. Les autres sont écartées.",
    "queue.DEUX_PROCURATIONS.none": "Aucune ne compte : toutes sont écartées.",
    "queue.RESILIATION_INCERTAINE.name": "Résiliation incertaine",
    "queue.RESILIATION_INCERTAINE.stake": (
        "Une résiliation est peut-être antérieure à la procuration, ou vise peut-être une autre personne."
    ),
    "queue.RESILIATION_INCERTAINE.law": (
        "La résiliation met fin à la procuration au moment où l’autorité la reçoit. Elle ne touche pas "
        "une procuration donnée ensuite, ni celle d’un homonyme."
    ),
    "queue.RESILIATION_INCERTAINE.keep": "La procuration {a} vaut : la résiliation ne la concerne pas.",
    "queue.RESILIATION_INCERTAINE.none": "La procuration {a} est résiliée.",
    "queue.ACTES_SIMULTANES.name": "Actes simultanés",
    "queue.ACTES_SIMULTANES.stake": (
        "Un même agent a dressé plusieurs procurations à la même seconde, en plusieurs lieux."
    ),
    "queue.ACTES_SIMULTANES.law": (
        "L’autorité constate en personne que l’électeur est présent. Un agent n’est pas en deux lieux à "
        "la fois."
    ),
    "queue.ACTES_SIMULTANES.keep": "Seule la procuration {a} compte. Les autres sont écartées.",
    "queue.ACTES_SIMULTANES.all": "Toutes comptent : des agents différents portent le même nom.",
    "queue.ACTES_SIMULTANES.none": "Aucune ne compte : toutes sont écartées.",
    "queue.VOTES_CONTRAIRES.name": "Votes contraires",
    "queue.VOTES_CONTRAIRES.stake": (
        "L’électeur et son mandataire sont tous deux signalés comme ayant voté."
    ),
    "queue.VOTES_CONTRAIRES.law": (
        "L’électeur peut voter lui-même tant que son mandataire n’a pas voté. Un seul des deux votes est "
        "possible."
    ),
    "queue.VOTES_CONTRAIRES.keep": "Le mandataire a voté : la procuration {a} a servi.",
    "queue.VOTES_CONTRAIRES.none": "L’électeur a voté lui-même : la procuration {a} n’a pas servi.",
    "queue.DEUX_DECISIONS.name": "Deux décisions sur une demande",
    "queue.DEUX_DECISIONS.stake": (
        "Des agents ont décidé différemment d’une même demande, ou n’ont pas vu la même demande."
    ),
    "queue.DEUX_DECISIONS.law": (
        "L’autorité établit la procuration quand l’électeur est présent et prouve son identité. Aucun "
        "texte ne départage deux autorités."
    ),
    "queue.DEUX_DECISIONS.keep": "Seul l’acte {a} compte : {what}.",
    "queue.DEUX_DECISIONS.none": "Aucun acte ne compte : la demande attend de nouveau un agent.",
    "queue.HORLOGE_DOUTEUSE.name": "Horloge douteuse",
    "queue.HORLOGE_DOUTEUSE.stake": "L’heure déclarée par le poste ne peut pas être vraie.",
    "queue.HORLOGE_DOUTEUSE.law": (
        "Les procurations se classent selon l’heure où elles furent dressées. Aucun texte ne dit que "
        "faire d’une horloge fausse."
    ),
    "queue.HORLOGE_DOUTEUSE.keep": "L’élément {a} compte malgré son heure.",
    "queue.HORLOGE_DOUTEUSE.drop": "L’élément {a} ne compte pas.",
    "queue.RETRAIT_INCERTAIN.name": "Avant ou après un retrait",
    "queue.RETRAIT_INCERTAIN.stake": (
        "Un poste, un agent ou un responsable a été retiré. Rien ne prouve si l’acte est plus ancien."
    ),
    "queue.RETRAIT_INCERTAIN.law": (
        "Un acte compte si son auteur était habilité ce jour-là (Code électoral, R. 72-1). L’heure "
        "déclarée ne suffit pas."
    ),
    "queue.RETRAIT_INCERTAIN.keep": "L’élément {a} est plus ancien que le retrait et compte.",
    "queue.RETRAIT_INCERTAIN.drop": "L’élément {a} ne compte pas.",
    "queue.JOURNAL_BIFURQUE.name": "Journal à deux histoires",
    "queue.JOURNAL_BIFURQUE.stake": (
        "Le journal du poste montre deux histoires différentes : ses actes ne sont plus sûrs."
    ),
    "queue.JOURNAL_BIFURQUE.law": (
        "Une décision ne rend pas sûr un journal à deux histoires. Appelez l’unité, puis enrôlez le "
        "poste de nouveau. L’électeur refait la démarche."
    ),
    "queue.LOI_INCONNUE.name": "Loi inconnue pour ce jour",
    "queue.LOI_INCONNUE.stake": "La table de la loi ne dit rien de ce jour ou de ce lieu.",
    "queue.LOI_INCONNUE.law": (
        "Une décision ne remplace pas la règle. Publiez la table de la loi de ce jour : le centre juge "
        "ensuite de lui-même."
    ),
    "queue.outcome.1": "{first} compte, et non {others}.",
    "queue.outcome.2": "Ne comptent pas : {all}.",
    "queue.outcome.3": "Dressées dans cet ordre : {all}.",
    "queue.outcome.elsewhere": "un élément qui n’est plus dans ce cas",
    "queue.order.then": "{first}, puis {then}",
    # --- what waits for something else
    "waiting.title": "Sans suite connue",
    "waiting.intro": (
        "Ces événements attendent une demande ou une procuration qui n’est pas encore arrivée. Rien "
        "n’est perdu."
    ),
    "waiting.requests": "Demandes inconnues",
    "waiting.requests.intro": "Des événements parlent d’une demande que personne n’a encore déposée ici.",
    "waiting.requests.caption": "Événements sans demande connue, le plus récent d’abord",
    "waiting.requests.empty": "Aucun événement n’attend sa demande.",
    "waiting.requests.code": "DEMANDE_INCONNUE",
    "waiting.withdrawals": "Résiliations sans objet",
    "waiting.withdrawals.intro": (
        "Ces résiliations ne mettent fin à aucune procuration connue. Elles s’appliqueront d’elles-mêmes "
        "si elle arrive (R-46)."
    ),
    "waiting.withdrawals.caption": "Résiliations sans procuration connue, la plus récente d’abord",
    "waiting.withdrawals.empty": "Aucune résiliation n’est sans objet.",
    "waiting.withdrawals.code": "RESILIATION_SANS_OBJET",
    "waiting.column.when": "Reçu le",
    "waiting.column.drawn_up": "Résiliée le",
    "waiting.column.kind": "Nature",
    "waiting.column.rid": "Demande",
    "waiting.column.device": "Poste",
    "waiting.column.place": "Commune de vote",
    "waiting.column.code": "Code",
    "waiting.more": "Les {n} plus récents sont montrés, sur {total}.",
    "console.kind.3": "Résiliation",
    "console.kind.16": "Fait signalé",
    "console.kind.17": "Décision après examen",
    "console.kind.18": "Réponse de la mairie du mandataire",
}

ARTICLE: Final[dict[str, str]] = {
    "R-18": "R. 73",
    "R-39": "L. 73",
    "R-43": "L. 73",
    "R-46": "L. 75",
    "R-49": "L. 75",
    "R-50": "L. 76",
}
"""The article of the Code électoral behind each rule of the queue."""
