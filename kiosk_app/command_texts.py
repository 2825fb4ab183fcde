"""What the commands say to the person who installs a tablet, by code. The screens have their own texts."""

from typing import Final

from procuration.errors import ProcurationError

_SENTENCES: Final = {
    "ACCES_BLOQUE": "Accès bloqué\u00a0: trop de codes faux. Il faut la phrase du responsable.",
    "ANNUAIRE_SANS_CLE": "L’annuaire signé n’a pas de clé du centre.",
    "APPAREIL_RETIRE": "Ce poste est retiré du service. Il ne signe plus. Lancez « renew ».",
    "ATTENDRE": "Trop d’essais. Attendez {seconds} secondes.",
    "CHAINE_ROMPUE": "Le journal de ce poste est endommagé à l’événement {seq}. Lancez « renew ».",
    "CLE_DE_SERVICE_ABSENTE": "La clé de service est absente. Branchez le support de l’unité.",
    "CLE_DE_SERVICE_ANORMALE": "La clé de service doit avoir exactement 32 octets.",
    "CODE_EN_SERVICE": "Ce code vient d’ouvrir le poste. Donnez-en un autre pour le retirer.",
    "CODE_INCONNU": "Aucun code de ce poste n’a ce numéro. Voyez «\u202fslots\u202f».",
    "CODE_DEJA_PRIS": "Ce code est déjà celui de quelqu’un d’autre sur ce poste.",
    "CODE_INCORRECT": "Code incorrect. Essais restants\u00a0: {tries_left}.",
    "CODE_TROP_LONG": "Le code d’un jeton a {characters_max} caractères au plus.",
    "CODE_TROP_COURT": "Ce code est trop court\u00a0: il faut {characters_min} caractères au moins.",
    "CODES_DIFFERENTS": "Les deux saisies sont différentes. Recommencez.",
    "CODES_ENDOMMAGES": "Le fichier des codes est absent ou endommagé. Le magasin n’est pas en cause.",
    "DEBUT_DE_CODE_PRIS": "Un autre code du TPM commence par les deux mêmes caractères. Changez-les.",
    "DERNIERS_CODES": "Il doit rester deux codes qui ouvrent, dont un sans TPM. Rien n’a été changé.",
    "ENROLEMENT_D_UN_AUTRE": "Cet enrôlement est celui d’un autre poste ou d’un autre agent.",
    "ENROLEMENT_MODIFIE": "L’enrôlement à côté du magasin n’est pas celui du magasin.",
    "ESPACE_INSUFFISANT": "Il reste moins de 200 Mio sur le disque. Libérez de la place.",
    "FICHIER_ABSENT": "Ce fichier n’existe pas\u00a0: {name}.",
    "FICHIER_DE_CODE_LISIBLE": "Le fichier de code doit être lisible par vous seul (mode 0600).",
    "KEY_UNKNOWN": "Signé par une clé que l’annuaire ne connaît pas ({kid}). Publiez l’annuaire d’abord.",
    "JETON_ABSENT": "Le jeton n’est pas branché.",
    "JETON_AMBIGU": "Deux jetons branchés ont le même nom. Débranchez-en un.",
    "JETON_AUTRE": "Ce jeton n’est pas celui de ce code.",
    "JETON_DEJA_PRIS": "Ce jeton a déjà un code sur ce poste. Un jeton sert à une seule personne.",
    "JETON_ILLISIBLE": "Le jeton ne répond pas comme il faut. Rebranchez-le.",
    "JETON_NON_REGLE": "La bibliothèque du jeton manque. Voyez --token-module et l’option token.",
    "JETON_PIN_A_CHANGER": "Le jeton demande un nouveau code PIN. Changez-le avec son logiciel.",
    "JETON_SANS_CLE": "La clé de ce poste n’est plus dans le jeton.",
    "JETON_VERROUILLE": "Le jeton est verrouillé\u00a0: trop de codes faux. Débloquez-le avec son logiciel.",
    "JOURNAL_BIFURQUE": "Ce poste a été copié\u00a0: deux histoires. Il ne signe plus. Lancez « renew ».",
    "MAGASIN_ABSENT": "Il n’y a pas de magasin dans ce dossier. Préparez d’abord le poste.",
    "MAGASIN_ENDOMMAGE": "Le magasin est endommagé. Ne l’effacez pas. Lancez « renew ».",
    "MAGASIN_EXISTANT": "Il y a déjà un magasin dans ce dossier. Rien n’a été changé.",
    "MAGASIN_NON_CHIFFRE": "Le magasin n’est pas chiffré. Le programme ne démarre pas.",
    "MAGASIN_RESTAURE": "Ce magasin est une copie ancienne. Il ne signe plus. Lancez « renew ».",
    "POSTE_DEJA_INSTALLE": "Ce poste est déjà installé. Rien n’a été changé.",
    "POSTE_DEJA_OUVERT": "Le programme tourne déjà sur ce poste.",
    "POSTE_EN_SERVICE": "Ce poste peut encore enregistrer. Rien n’a été changé.",
    "POSTE_NON_INSTALLE": "Ce poste n’est pas installé.",
    "POSTE_NON_PREPARE": "Ce dossier n’est pas celui d’un poste préparé.",
    "PROFIL_DIFFERENT": "L’enrôlement signé dit {signed}, la commande dit {asked}.",
    "RACINE_ABSENTE": "Le fichier de la racine n’existe pas.",
    "RACINE_AUTRE": "Cette racine n’est pas celle avec laquelle le poste a été préparé.",
    "TROP_DE_CODES": "Ce poste a déjà le plus grand nombre de codes.",
    "TPM_ABSENT": "Le TPM de cette machine ne répond pas. Voyez --tpm et l’option tpm.",
    "TPM_AUTRE": "Ce code a été scellé par un autre TPM, ou celui-ci a été vidé.",
    "TPM_MESURES": "La machine n’a pas démarré comme avant. Prenez la phrase, puis refaites ce code.",
    "TPM_PANNE": "Le TPM a refusé sans dire pourquoi. Prenez la phrase du responsable.",
    "TPM_REGLAGE": "--tpm\u00a0: un TPM de cette machine, par exemple device:/dev/tpmrm0.",
    "TPM_SANS_VERROU": "Le TPM n’a pas de mot de passe de verrouillage.",
    "TPM_VERROUILLE": "Le TPM est verrouillé\u00a0: trop de codes faux. Prenez la phrase du responsable.",
    "TRUST_MISSING": "Il manque un fichier dans les tables signées.",
}

_OFFICERS: Final = {
    "AGENT_INCONNU": "Cet agent n’est pas connu sur ce poste.",
    "CLE_DU_RESPONSABLE_ABSENTE": "La clé du responsable est absente. Branchez-la, ou dites son dossier.",
    "CODE_NON_COMPTE": "Ce code ne compte pas sur ce poste.",
    "CODES_LUS": "Il faut une ligne par code, dans l’ordre de l’aide.",
    "DATE": "Écrivez la date ainsi\u00a0: 2027-01-15.",
    "DESIGNATION_MANQUANTE": "Il faut dire qui a désigné l’agent, et quand.",
    "HABILITATION_RETIREE": "Cette habilitation est retirée. Ajoutez l’agent de nouveau.",
    "HABILITATION_TERMINEE": "Cette habilitation est terminée. Prolongez-la d’abord.",
    "NOM_MANQUANT": "Il faut le nom de l’agent.",
    "OFFICER_PERIOD": "Le dernier jour doit être dans les {days} jours, aujourd’hui compris.",
    "PHRASE_INCORRECTE": "Cette phrase n’ouvre pas la clé du responsable.",
    "PRENOMS_MANQUANT": "Il faut les prénoms de l’agent.",
    "QUALITE_MANQUANTE": "Il faut le grade et la qualité de l’agent.",
    "RESPONSABLE_INCONNU": "L’annuaire de ce poste ne connaît pas cette clé de responsable.",
    "RESPONSABLE_RETIRE": "Cette clé de responsable est retirée.",
    "RESPONSABLE_TERMINE": "Cette clé de responsable n’est pas valable aujourd’hui.",
    "SECONDE_PERSONNE": "Il faut deux personnes\u00a0: celle-ci est la même.",
}


def sentence(error: ProcurationError) -> str:
    """What happened, for a person; the code follows, for a program."""
    known = _SENTENCES.get(error.code) or _OFFICERS.get(error.code)
    return known.format(**error.ids) if known else "La commande a été refusée."
