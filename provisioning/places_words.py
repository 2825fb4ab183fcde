"""What `places import` says of a spreadsheet that does not follow: for the person who filled it in."""

from typing import Final

FAULTS: Final = {
    "encoding": "il n’est pas en UTF-8. Dans Excel : « Enregistrer sous », type « CSV UTF-8 ».",
    "empty": "il ne contient aucun lieu. Écrivez un lieu par ligne, sous les noms des colonnes.",
    "csv": "un guillemet n’est pas fermé, ou une cellule est trop longue. Exportez-le de nouveau.",
    "columns": "il manque des colonnes en première ligne : {names}. Ajoutez-les, même vides.",
    "unknown": "ces colonnes sont inconnues : {names}. Corrigez leur nom, ou retirez-les.",
    "twice": "une colonne y est deux fois. Gardez-en une.",
    "width": "elle a {found} cellules au lieu de {wanted}. "
    "Mettez entre guillemets ce qui contient le séparateur.",
    "many": "la table est pleine : {maximum} lieux au plus. Faites un choix.",
    "missing": "la cellule est vide. Remplissez-la.",
    "long": "le texte est trop long. Gardez {maximum} caractères au plus.",
    "character": "le caractère « {character} » est réservé. Remplacez-le.",
    "id_twice": "cet identifiant est déjà à la ligne {line}. Donnez-en un autre.",
    "kind": "écrivez gendarmerie, commissariat, consulat ou point d’accueil numérique.",
    "commune": "ce code n’est pas celui d’une commune. Écrivez le code INSEE, par exemple 98818.",
    "coordinate": "écrivez des degrés, par exemple 49,56412, entre -{maximum} et {maximum}. "
    "Sinon, videz les deux colonnes.",
    "hours": "écrivez les heures ainsi : 8h-12h 14h-18h30. Pour un jour sans accueil : fermé.",
    "hours_order": "les heures se croisent ou reculent. Écrivez-les dans l’ordre, entre 0h et 24h.",
    "day": "écrivez une date qui existe, ainsi : 2027-05-01 ou 01/05/2027.",
    "term": "le dernier jour est avant le premier. Corrigez l’un des deux.",
    "closures": "deux fermetures se croisent, ou une finit avant de commencer. "
    "Exemple : 2027-05-01, 2027-08-02 au 2027-08-13.",
    "closures_many": "il y a trop de fermetures. Gardez-en {maximum} au plus.",
}
