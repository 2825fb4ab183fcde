"""Sentences of the pages that the law asks for: accessibility, legal notice, personal data.

A key is `legal.PAGE.SECTION`, then `.title`, a number for a paragraph, or `item.` and a number for a line of
its list, in their order (`server/pages/legal.py`).
"""

from typing import Final

LEGAL: Final[dict[str, str]] = {
    # --- every page
    "legal.nav": "Informations légales",
    "legal.missing": "À compléter par l’exploitant du service (réglage « {setting} »).",
    # --- accessibility
    "legal.accessibility.nav": "Accessibilité : non conforme",
    "legal.accessibility.title": "Déclaration d’accessibilité",
    "legal.accessibility.commitment.title": "Notre engagement",
    "legal.accessibility.commitment.1": (
        "L’éditeur de ce service s’engage à le rendre accessible. L’article 47 de la loi n° 2005-102 "
        "du 11 février 2005 le demande."
    ),
    "legal.accessibility.commitment.2": (
        "Cette déclaration porte sur les pages web du relais de procuration. Elle a été établie le 27 "
        "novembre 2026."
    ),
    "legal.accessibility.state.title": "État de conformité",
    "legal.accessibility.state.1": (
        "Le relais de procuration est non conforme au référentiel général d’amélioration de "
        "l’accessibilité (RGAA 4)."
    ),
    "legal.accessibility.state.2": (
        "La raison : il n’a pas été audité par un tiers. Sans audit, aucun taux de conformité ne peut "
        "être annoncé."
    ),
    "legal.accessibility.checked.title": "Ce qui est vérifié",
    "legal.accessibility.checked.1": (
        "Des essais automatiques parcourent chaque page, dans chacun de ses états. Ils sont refaits à "
        "chaque changement."
    ),
    "legal.accessibility.checked.item.1": (
        "Les règles automatiques des WCAG 2.2, niveaux A et AA, sont respectées (outil axe-core)."
    ),
    "legal.accessibility.checked.item.2": (
        "Une page agrandie quatre fois se lit sans défilement horizontal."
    ),
    "legal.accessibility.checked.item.3": "Tout se fait au clavier. L’élément actif est toujours visible.",
    "legal.accessibility.checked.item.4": (
        "Chaque page a une langue, un titre et un seul titre principal. Chaque champ a une étiquette."
    ),
    "legal.accessibility.checked.item.5": "Les pages fonctionnent sans JavaScript et sans cookie tiers.",
    "legal.accessibility.checked.item.6": "Les registres en PDF sont balisés, avec un titre et une langue.",
    "legal.accessibility.gaps.title": "Ce qui manque",
    "legal.accessibility.gaps.item.1": "Aucune personne handicapée n’a encore essayé ces pages.",
    "legal.accessibility.gaps.item.2": "Aucun essai n’a été fait avec un lecteur d’écran sur ces pages.",
    "legal.accessibility.gaps.item.3": "Les textes n’ont pas de version en langue des signes française.",
    "legal.accessibility.gaps.item.4": "Ces pages n’ont pas de version facile à lire et à comprendre.",
    "legal.accessibility.tools.title": "Technologies et outils",
    "legal.accessibility.tools.1": (
        "Les pages utilisent HTML et CSS. Les essais utilisent le navigateur Chromium et l’outil axe-core."
    ),
    "legal.accessibility.contact.title": "Signaler une difficulté",
    "legal.accessibility.contact.1": (
        "Vous n’arrivez pas à utiliser une page ? Écrivez : nous vous proposerons un autre moyen."
    ),
    "legal.accessibility.contact.2": "Contact : {accessibility_contact}",
    "legal.accessibility.contact.3": "La voie papier reste ouverte à tous.",
    "legal.accessibility.remedies.title": "Voies de recours",
    "legal.accessibility.remedies.1": (
        "Vous avez signalé une difficulté et la réponse ne convient pas ? Vous pouvez saisir le "
        "Défenseur des droits."
    ),
    "legal.accessibility.remedies.item.1": "Par son formulaire, sur defenseurdesdroits.fr.",
    "legal.accessibility.remedies.item.2": "Auprès de son délégué dans votre région ou votre collectivité.",
    "legal.accessibility.remedies.item.3": (
        "Par courrier, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07."
    ),
    # --- legal notice
    "legal.notice.nav": "Mentions légales",
    "legal.notice.title": "Mentions légales",
    "legal.notice.publisher.title": "Éditeur",
    "legal.notice.publisher.1": "{publisher}",
    "legal.notice.publisher.2": "Responsable de la publication : {publication_director}",
    "legal.notice.publisher.3": "Contact : {legal_contact}",
    "legal.notice.host.title": "Hébergement",
    "legal.notice.host.1": "{hosting}",
    "legal.notice.service.title": "Le service",
    "legal.notice.service.1": (
        "Ce service transmet des procurations de vote et aide à les suivre. Le code électoral fixe la "
        "procédure (articles L. 71 à L. 78 et R. 72 à R. 80)."
    ),
    "legal.notice.service.2": (
        "Une procuration s’établit toujours devant une autorité habilitée. Ce service ne la remplace pas."
    ),
    "legal.notice.service.3": "La voie papier reste ouverte à tous.",
    "legal.notice.software.title": "Logiciel",
    "legal.notice.software.1": (
        "Le logiciel est libre, sous licence publique de l’Union européenne (EUPL-1.2)."
    ),
    "legal.notice.software.2": (
        "La police de caractères Noto Sans est diffusée sous licence SIL Open Font 1.1."
    ),
    # --- personal data
    "legal.data.nav": "Données personnelles",
    "legal.data.title": "Données personnelles",
    "legal.data.controller.title": "Qui en est responsable",
    "legal.data.controller.1": "Responsable du traitement : {data_controller}",
    "legal.data.controller.2": "Délégué à la protection des données : {data_contact}",
    "legal.data.purpose.title": "Pourquoi",
    "legal.data.purpose.1": (
        "Les données servent à établir, à transmettre et à contrôler les procurations de vote. Elles "
        "ne servent à rien d’autre."
    ),
    "legal.data.purpose.2": (
        "Base légale : une mission d’intérêt public (RGPD, article 6, paragraphe 1, e). Les articles "
        "R. 72 à R. 80 du code électoral la décrivent."
    ),
    "legal.data.kept.title": "Quelles données",
    "legal.data.kept.item.1": (
        "Pour l’électeur et pour la personne qui votera : nom, prénoms, sexe, date de naissance, "
        "commune et numéro d’électeur."
    ),
    "legal.data.kept.item.5": (
        "En ligne, l’identité vient d’un service d’identification. Elle est effacée à la fin de la session."
    ),
    "legal.data.kept.item.2": (
        "Le scrutin ou la durée, et l’adresse électronique de l’électeur s’il en donne une."
    ),
    "legal.data.kept.item.3": "Pour l’autorité : nom, prénoms, qualité, date et lieu.",
    "legal.data.kept.item.4": (
        "Pour les comptes des mairies et des administrateurs : le nom du compte et ses actions."
    ),
    "legal.data.never.title": "Ce qui n’est jamais gardé",
    "legal.data.never.1": (
        "Le motif de l’absence, une copie de la pièce d’identité, son numéro, la nationalité."
    ),
    "legal.data.recipients.title": "Qui les reçoit",
    "legal.data.recipients.1": "Les données ne sont ni vendues, ni données à d’autres que :",
    "legal.data.recipients.item.1": "L’autorité qui établit la procuration, et ses délégués.",
    "legal.data.recipients.item.2": "La mairie, pour ses propres électeurs seulement.",
    "legal.data.recipients.item.3": "Les informaticiens habilités, un par un. Chaque lecture est notée.",
    "legal.data.recipients.item.4": (
        "Tout électeur, pour le registre des procurations en mairie : noms, prénoms, autorité, date, "
        "lieu et durée (R. 76-1)."
    ),
    "legal.data.terms.title": "Combien de temps",
    "legal.data.terms.item.1": (
        "Une demande que personne n’a établie : {request_months} mois après la demande."
    ),
    "legal.data.terms.item.2": (
        "Une procuration établie : {body_months} mois après la fin de sa validité (R. 76)."
    ),
    "legal.data.terms.item.3": (
        "Le formulaire papier, en mairie : {paper_months} mois après la fin de sa validité (R. 76)."
    ),
    "legal.data.terms.item.4": (
        "Sur la tablette où la demande est faite : {kiosk_hours} heures après sa réception par le centre."
    ),
    "legal.data.terms.item.5": "La trace de qui a lu un dossier : {traces_months} mois.",
    "legal.data.terms.1": (
        "La suppression est automatique, chaque nuit. Les sauvegardes sont gardées 35 jours."
    ),
    "legal.data.rights.title": "Vos droits",
    "legal.data.rights.1": (
        "Vous pouvez demander à lire vos données, à les corriger ou à limiter leur usage. Écrivez au "
        "délégué à la protection des données."
    ),
    "legal.data.rights.2": (
        "Une procuration se résilie devant une autorité habilitée. Elle ne s’efface pas avant la fin "
        "de sa durée : la loi impose de la garder."
    ),
    "legal.data.rights.3": (
        "La réponse ne convient pas ? Vous pouvez écrire à la CNIL : 3 place de Fontenoy, TSA 80715, "
        "75334 Paris CEDEX 07, ou sur cnil.fr."
    ),
    "legal.data.cookies.title": "Cookies",
    "legal.data.cookies.1": "Aucune mesure d’audience, aucun cookie d’un autre site.",
    "legal.data.cookies.2": "Quelques cookies seulement, tous nécessaires au service :",
    "legal.data.cookies.item.1": "Celui qui tient votre session.",
    "legal.data.cookies.item.2": "Celui qui protège les formulaires.",
    "legal.data.cookies.item.3": "Celui qui garde la langue choisie.",
    "legal.data.cookies.item.5": "Celui qui porte une phrase jusqu’à la page suivante, sans aucun nom.",
    "legal.data.cookies.item.4": "Celui du retour d’un service d’identification, quelques minutes.",
}
