"""Words of the console's page of requests for enrolment."""

from typing import Final

JOINING: Final[dict[str, str]] = {
    "console.nav.requests": "Demandes de postes",
    "console.requests.title": "Demandes de postes",
    "console.requests.intro": "Des tablettes neuves ont envoyé ces demandes. Personne ne les a signées.",
    "console.requests.next": "Comparez l’empreinte avec la tablette, puis portez le fichier à l’autorité.",
    "console.requests.caption": "Demandes qui attendent, la dernière entendue d’abord",
    "console.requests.column.fingerprint": "Empreinte",
    "console.requests.column.asked": "Demandé",
    "console.requests.column.heard": "Entendu",
    "console.requests.column.file": "Fichier",
    "console.requests.download": "Télécharger la demande",
    "console.requests.download.of": "Télécharger la demande {fingerprint}",
    "console.requests.search": "Début de l’empreinte",
    "console.requests.search.button": "Chercher",
    "console.requests.empty.title": "Aucune demande",
    "console.requests.empty.text": "Une demande apparaît ici quand une tablette l’envoie par le réseau.",
    "console.requests.none.title": "Aucune demande ne commence ainsi",
    "console.requests.none.text": "Relisez l’empreinte sur la tablette, ou demandez une clé USB.",
}
