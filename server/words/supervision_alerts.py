"""Sentences of the pages of the console about what is out of the ordinary, and of its exports."""

from typing import Final

ALERTS: Final[dict[str, str]] = {
    "console.nav.findings": "Constats",
    "console.nav.exports": "Exports",
    "console.findings.title": "Constats",
    "console.findings.intro": (
        "Ce qui sort de l’ordinaire est compté ici. Un constat ne prouve rien et ne refuse personne."
    ),
    "console.findings.show": "Montrer",
    "console.findings.to_see": "À regarder",
    "console.findings.seen": "Regardés",
    "console.findings.caption": "Constats, le plus récent d’abord",
    "console.findings.column.what": "Constat",
    "console.findings.column.who": "Au sujet de",
    "console.findings.column.count": "Compte",
    "console.findings.column.day": "Jour",
    "console.findings.column.state": "Suite",
    "console.findings.threshold": "signalé à partir de {n}",
    "console.findings.empty.title": "Aucun constat à regarder",
    "console.findings.empty.text": "Les seuils se règlent dans les réglages du centre.",
    "console.findings.state.open": "À regarder",
    "console.findings.state.seen": "Regardé le {when} par {who}",
    "console.findings.volume": "Beaucoup d’actes d’un même agent",
    "console.findings.lieu": "Beaucoup d’actes en un même lieu",
    "console.findings.mandataire": "Un même mandataire",
    "console.findings.nuit": "Actes de nuit",
    "console.findings.domicile": "Visites à domicile d’un agent seul",
    "console.findings.volume.count.one": "{n} acte en un jour",
    "console.findings.volume.count.many": "{n} actes en un jour",
    "console.findings.lieu.count.one": "{n} acte en un jour",
    "console.findings.lieu.count.many": "{n} actes en un jour",
    "console.findings.mandataire.count.one": "{n} procuration",
    "console.findings.mandataire.count.many": "{n} procurations",
    "console.findings.nuit.count.one": "{n} acte de nuit en un jour",
    "console.findings.nuit.count.many": "{n} actes de nuit en un jour",
    "console.findings.domicile.count.one": "{n} acte à domicile en un jour",
    "console.findings.domicile.count.many": "{n} actes à domicile en un jour",
    "console.findings.volume.why": (
        "Un agent a établi ce jour-là plus de procurations que d’habitude. "
        "Une permanence avant un scrutin l’explique souvent."
    ),
    "console.findings.lieu.why": (
        "Beaucoup d’actes ont eu lieu le même jour dans cette commune, hors d’une unité. "
        "Une maison de retraite ou un lieu ouvert au public l’explique souvent."
    ),
    "console.findings.mandataire.why": (
        "Plusieurs procurations nomment la même personne. "
        "La loi en limite le nombre par scrutin ; elles peuvent servir à des scrutins différents."
    ),
    "console.findings.nuit.why": (
        "Ces actes sont datés de la nuit, à l’heure du lieu. "
        "Une permanence de nuit ou une horloge fausse l’explique souvent."
    ),
    "console.findings.domicile.why": (
        "Un agent a visité plusieurs domiciles, et aucun autre agent n’a signé sur ce poste ce jour-là. "
        "Le format des actes ne nomme pas d’accompagnant : il a pu y en avoir un."
    ),
    "console.findings.proves_nothing": (
        "Ce constat ne prouve rien. Il n’a refusé ni retardé aucune procuration. Il invite à regarder."
    ),
    "console.findings.about.officer": "Agent {code}",
    "console.findings.about.mandataire": "Mandataire {code}",
    "console.findings.about.home": "Domiciles à {name}",
    "console.findings.about.public": "Lieux ouverts au public à {name}",
    "console.findings.facts": "Ce qui est compté",
    "console.findings.subject": "Au sujet de",
    "console.findings.found": "Signalé le",
    "console.findings.changed": "Dernier changement",
    "console.findings.limit": "Seuil",
    "console.findings.dossiers": "Dossiers concernés",
    "console.findings.dossiers.some": "Les {n} premiers sont montrés.",
    "console.findings.dossiers.none": "Les dossiers sont effacés à leur date.",
    "console.findings.dossiers.caption": "Dossiers concernés, sans nom",
    "console.findings.officer": "Nom de l’agent",
    "console.findings.officer.help": "Le nom est montré pour une raison, gardée avec la trace.",
    "console.findings.officer.submit": "Montrer le nom",
    "console.findings.officer.shown": "{name}, {quality}, {unit}",
    "console.findings.look": "Marquer comme regardé",
    "console.findings.look.help": "Ce que vous avez vérifié, sans nom d’électeur. Jusqu’à 500 signes.",
    "console.findings.look.label": "Note",
    "console.findings.look.note": "Note",
    "console.findings.note_long": "Écrivez au plus 500 signes.",
    "console.findings.note_missing": "Écrivez ce que vous avez vérifié.",
    "console.exports.title": "Exports",
    "console.exports.intro": "Des fichiers pour tableur. Ils ne contiennent aucune donnée personnelle.",
    "console.exports.procurations": "Procurations",
    "console.exports.procurations.help": "Par jour de dépôt, commune, voie et état. Des nombres seulement.",
    "console.exports.lots": "Lots",
    "console.exports.lots.help": "Un lot par ligne : poste, réception, suite donnée, nombres.",
    "console.exports.postes": "Postes",
    "console.exports.postes.help": "Un poste par ligne : unité, dernier contact, preuve, horloge, logiciel.",
    "console.exports.download": "Télécharger (CSV) : {name}",
    "console.exports.named": "Procurations avec les noms",
    "console.exports.named.help": (
        "Pour une seule commune et un seul jour de dépôt. L’export est tracé avec sa raison."
    ),
    "console.exports.named.place": "Code de la commune",
    "console.exports.named.place.help": "Code officiel géographique, par exemple 98818",
    "console.exports.named.day": "Jour de dépôt",
    "console.exports.named.submit": "Exporter les noms",
    "console.exports.named.place_missing": "Saisissez le code de la commune.",
    "console.exports.named.day_missing": "Saisissez le jour.",
    "console.exports.named.none": "Aucune procuration de cette commune ce jour-là.",
    "console.csv.jour": "jour",
    "console.csv.commune": "commune",
    "console.csv.nom_commune": "nom_commune",
    "console.csv.voie": "voie",
    "console.csv.etat": "etat",
    "console.csv.nombre": "nombre",
    "console.csv.poste": "poste",
    "console.csv.unite": "unite",
    "console.csv.role": "role",
    "console.csv.departement": "departement",
    "console.csv.recu": "recu_le",
    "console.csv.premier_rang": "premier_rang",
    "console.csv.evenements": "evenements",
    "console.csv.acceptes": "acceptes",
    "console.csv.suite": "suite",
    "console.csv.code": "code",
    "console.csv.octets": "octets",
    "console.csv.contact": "dernier_contact",
    "console.csv.gardes": "gardes_a_part",
    "console.csv.preuve": "derniere_preuve",
    "console.csv.decalage_ms": "decalage_horloge_ms",
    "console.csv.logiciel": "logiciel",
    "console.csv.annuaire": "version_annuaire",
    "console.csv.reference": "reference",
    "console.csv.mandant": "mandant",
    "console.csv.ne": "mandant_ne_le",
    "console.csv.mandataire": "mandataire",
    "console.csv.etablie": "etablie_le",
    "console.overview.findings": "Constats à regarder",
    "console.overview.todo": "À faire aujourd’hui",
    "console.overview.rest": "Activité",
    "console.overview.many": "{n} et plus",
}
