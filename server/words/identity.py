"""Sentences of sign-in by a provider, of second factors, and of everything that can stop them."""

from typing import Final

IDENTITY: Final[dict[str, str]] = {
    # --- electors: choice
    "identity.title": "S’identifier",
    "identity.intro": (
        "Votre identité vient d’un service de l’administration. Aucun mot de passe n’est créé ici."
    ),
    "identity.with": "S’identifier avec {label}",
    "identity.hint.franceconnect": "Pour tous les électeurs, sauf ceux de Nouvelle-Calédonie.",
    "identity.hint.franceconnect_plus": "Avec une identité numérique vérifiée.",
    "identity.hint.nc_connect": "Pour les électeurs inscrits en Nouvelle-Calédonie.",
    "identity.after": (
        "{label} vous demande de prouver qui vous êtes. Ensuite, vous revenez ici. Nous recevons vos noms, "
        "votre sexe, votre date de naissance et votre courriel."
    ),
    "identity.after_any": "Le service choisi",
    "identity.none.title": "L’identification en ligne n’est pas ouverte ici",
    "identity.none.text": (
        "Vous pouvez déposer votre demande sur une tablette d’accueil, ou remplir le formulaire en papier. "
        "Une brigade ou un commissariat le reçoit."
    ),
    "identity.already": "Vous êtes déjà identifié : {name}.",
    "identity.continue": "Continuer",
    "identity.arrived": "Vous êtes identifié",
    "identity.arrived_text": "La page suivante s’ouvre d’elle-même. Sinon, choisissez « Continuer ».",
    "identity.nameless": "sans nom",
    # --- log-out
    "identity.out": "Se déconnecter",
    "identity.leaving": "Déconnexion en cours",
    "identity.leaving_text": (
        "Votre session est terminée ici. {label} termine maintenant la sienne. Si rien ne se passe, "
        "choisissez « Continuer »."
    ),
    "identity.ended": "Vous êtes déconnecté",
    "identity.ended_both": "Votre session est terminée ici et chez {label}.",
    "identity.ended_here": (
        "Votre session est terminée ici. {label} n’a pas confirmé la fin de la sienne : fermez toutes les "
        "fenêtres du navigateur."
    ),
    "identity.shared": "Sur un ordinateur partagé, fermez aussi la fenêtre du navigateur.",
    "identity.again": "S’identifier de nouveau",
    # --- agents
    "identity.agents.title": "Avec votre compte professionnel",
    "identity.agents.intro": (
        "Votre employeur doit être relié au service. Votre commune est reconnue par son SIRET."
    ),
    "identity.agents.local": "Avec un compte de ce service",
    "identity.agents.sign_in": "Revenir à la connexion",
    "identity.agents.siret": "Numéro SIRET reçu : {siret}",
    "identity.agents.leave": "Se déconnecter de {label}",
    # --- second factor
    "factor.title": "Saisir le code de l’application",
    "factor.intro": "Ce second code protège les données des électeurs, même si un mot de passe est connu.",
    "factor.code": "Code à six chiffres",
    "factor.code_help": "L’application d’authentification en montre un nouveau toutes les 30 secondes.",
    "factor.code_missing": "Saisissez le code à six chiffres.",
    "factor.code_shape": "Le code a six chiffres. Recopiez-le depuis l’application.",
    "factor.submit": "Valider le code",
    "factor.wrong": "Ce code ne convient pas. Attendez le code suivant, puis saisissez-le.",
    "factor.wait.one": "Trop d’essais. Attendez {n} seconde, puis recommencez.",
    "factor.wait.many": "Trop d’essais. Attendez {n} secondes, puis recommencez.",
    "factor.lost": "Je n’ai pas mon téléphone",
    "factor.recovery_title": "Saisir un code de secours",
    "factor.recovery_intro": (
        "Prenez l’un des dix codes reçus à l’activation. Chaque code sert une seule fois. Si vous n’en "
        "avez plus, appelez l’administrateur du service."
    ),
    "factor.recovery": "Code de secours",
    "factor.recovery_help": "Seize lettres et chiffres, par exemple AB2C-3DE4-FG5H-6JK7.",
    "factor.recovery_missing": "Saisissez un code de secours.",
    "factor.recovery_shape": "Un code de secours a seize lettres et chiffres.",
    "factor.recovery_back": "Revenir au code de l’application",
    "factor.left.one": "Il vous reste {n} code de secours. Demandez-en d’autres à l’administrateur.",
    "factor.left.many": "Il vous reste {n} codes de secours.",
    "factor.enrol_title": "Activer la double authentification",
    "factor.enrol_intro": (
        "À chaque connexion, un code de votre téléphone s’ajoute au mot de passe. Préparez-le maintenant : "
        "cela prend deux minutes."
    ),
    "factor.step1": "Ouvrez une application d’authentification",
    "factor.step1_text": "Par exemple FreeOTP ou Aegis. Toute application de codes à six chiffres convient.",
    "factor.step2": "Ajoutez ce compte",
    "factor.step2_text": "Visez ce carré avec l’application. Sans appareil photo, tapez la clé.",
    "factor.qr": "Code QR qui contient la même clé que le texte ci-dessous",
    "factor.secret": "Clé à taper",
    "factor.step3": "Saisissez le premier code",
    "factor.activate": "Activer",
    "factor.codes_title": "Gardez ces dix codes de secours",
    "factor.codes_intro": (
        "Ils servent si votre téléphone est perdu. Chaque code sert une seule fois. Imprimez cette page ou "
        "recopiez-la : elle ne sera plus montrée."
    ),
    "factor.codes_list": "Codes de secours",
    "factor.codes_where": "Rangez-les loin de l’ordinateur, comme une clé.",
    "factor.codes_done": "J’ai gardé les codes, continuer",
    # --- what can stop a sign-in
    "identity.choose": "Choisir comment s’identifier",
    "identity.paper": "Vous pouvez aussi faire votre procuration sur place ou en papier.",
    "identity.problem.ETAT_INCONNU.title": "Cette connexion ne peut pas aboutir",
    "identity.problem.ETAT_INCONNU.text": (
        "Elle est trop ancienne, déjà terminée, ou commencée dans un autre navigateur. Recommencez depuis le "
        "début. Rien n’a été enregistré."
    ),
    "identity.problem.CODE_REFUSE.title": "La connexion a expiré",
    "identity.problem.CODE_REFUSE.text": (
        "{label} n’a pas reconnu la suite de votre connexion. Recommencez. Rien n’a été enregistré."
    ),
    "identity.problem.CONNEXION_ANNULEE.title": "Connexion annulée",
    "identity.problem.CONNEXION_ANNULEE.text": (
        "La connexion avec {label} a été arrêtée. Rien n’a été enregistré. Vous pouvez recommencer."
    ),
    "identity.problem.CONNEXION_ABSENTE.title": "Votre session est terminée chez {label}",
    "identity.problem.CONNEXION_ABSENTE.text": (
        "Recommencez : {label} vous demandera de prouver qui vous êtes."
    ),
    "identity.problem.CONNEXION_REFUSEE_AILLEURS.title": "{label} a refusé la connexion",
    "identity.problem.CONNEXION_REFUSEE_AILLEURS.text": (
        "Rien n’a été enregistré. Recommencez. Si le refus se répète, prévenez l’administrateur du service."
    ),
    "identity.problem.FOURNISSEUR_ABSENT.title": "{label} ne répond pas",
    "identity.problem.FOURNISSEUR_ABSENT.text": (
        "Ce n’est pas de votre fait. Réessayez dans quelques minutes. Rien n’a été enregistré."
    ),
    "identity.problem.NIVEAU_INSUFFISANT.title": "Le niveau de connexion ne suffit pas",
    "identity.problem.NIVEAU_INSUFFISANT.text": (
        "Votre compte chez {label} n’est pas assez vérifié. Recommencez, et choisissez-y un autre compte."
    ),
    "identity.problem.REPONSE_FOURNISSEUR.title": "La réponse de {label} n’est pas sûre",
    "identity.problem.REPONSE_FOURNISSEUR.text": (
        "Nous l’avons refusée pour vous protéger. Rien n’a été enregistré. Réessayez plus tard."
    ),
    "identity.problem.IDENTITE_INCOMPLETE.title": "Votre identité est incomplète chez {label}",
    "identity.problem.IDENTITE_INCOMPLETE.text": (
        "Il manque une information que la demande doit porter : un nom ou une date de naissance. "
        "Nous ne pouvons pas la corriger ici."
    ),
    "identity.problem.EMPLOYEUR_ABSENT.title": "{label} ne donne pas votre employeur",
    "identity.problem.EMPLOYEUR_ABSENT.text": (
        "Sans numéro SIRET, nous ne pouvons pas reconnaître votre mairie. Demandez à votre service "
        "informatique de compléter votre compte."
    ),
    "identity.problem.EMPLOYEUR_INCONNU.title": "Votre organisme n’est pas relié à ce service",
    "identity.problem.EMPLOYEUR_INCONNU.text": (
        "Vous êtes bien connecté chez {label}, mais votre organisme n’a aucun droit ici. Demandez à "
        "l’administrateur du service de l’ajouter."
    ),
    "identity.problem.COMPTE_FERME.title": "Votre compte est fermé",
    "identity.problem.COMPTE_FERME.text": (
        "Un administrateur a fermé ce compte. Si c’est une erreur, demandez-lui un nouvel accès."
    ),
}
