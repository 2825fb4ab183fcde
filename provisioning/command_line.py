"""The words of `procuration-provision`: commands, options, an example for each. What they do is in
`commands`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from procuration.adapters.key_file import Cost
from provisioning import commands, places_commands

HOW_TO_UNLOCK = (
    "phrase de passe d’un détenteur, dans un fichier (mode 0600) ; QUI est 1, 2, 3 ou superviseur ; "
    "sans cette option elle est demandée au clavier"
)
Family: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Command = Callable[[argparse.Namespace], commands.Report]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="procuration-provision",
        description="Crée l’autorité, enrôle les postes et les agents, publie les tables signées.",
        epilog="États de sortie : 0 fait, 1 refusé (avec la raison), 2 mauvais usage, 3 injoignable.",
    )
    families = top.add_subparsers(dest="family", required=True, metavar="FAMILLE")
    _authority(_family(families, "authority", "l’autorité : clés, contrôle, publication"))
    _publication(_family(families, "publication", "installer une publication sur un serveur"))
    _server(_family(families, "server", "les clés à terme d’un serveur"))
    _supervisor(_family(families, "supervisor", "les responsables, qui enrôlent"))
    _device(_family(families, "device", "les postes"))
    _officer(_family(families, "officer", "les officiers et agents habilités"))
    for name in ("calendar", "law", "policy", "sites", "communes"):
        _table(_family(families, name, f"la table {name}"), name)
    _places(_family(families, "places", "la table des lieux qui reçoivent les électeurs"))
    return top


def _family(families: Family, name: str, text: str) -> Family:
    return families.add_parser(name, help=text, description=text).add_subparsers(
        dest="command", required=True, metavar="COMMANDE"
    )


def _command(
    family: Family,
    name: str,
    run: Command,
    text: str,
    example: str,
) -> argparse.ArgumentParser:
    command = family.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=f"Exemple :\n  procuration-provision {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--json", action="store_true", help="répondre en une ligne de JSON")
    command.set_defaults(run=run)
    return command


def _with_pass_phrases(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--pass-phrase-file",
        action="append",
        default=[],
        type=_named_file,
        metavar="QUI=FICHIER",
        help=HOW_TO_UNLOCK,
    )


def _named_file(text: str) -> tuple[str, Path]:
    who, equals, path = text.partition("=")
    if not equals or not who or not path:
        raise argparse.ArgumentTypeError("écrivez QUI=FICHIER, par exemple 1=phrase-1.txt")
    return who, Path(path)


def _authority_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--authority", type=Path, required=True, metavar="DOSSIER", help="dossier de l’autorité"
    )


def _cost_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--memory-mib",
        type=int,
        default=Cost().memory_kib // 1024,
        choices=[64, 128, 256, 512],
        help="mémoire que coûte un essai de phrase de passe, en Mio (%(default)s)",
    )


def _authority_init(family: Family) -> None:
    init = _command(
        family,
        "init",
        commands.authority_init,
        "crée une autorité, ses clés, leurs deux sauvegardes et un dossier de serveur prêt à servir",
        "authority init autorite --server-name centre.exemple.fr --supervisor 988",
    )
    init.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier à créer, sur un disque chiffré")
    init.add_argument(
        "--holders",
        type=int,
        default=3,
        choices=range(3, 10),
        metavar="N",
        help="détenteurs (3) ; deux signent",
    )
    init.add_argument(
        "--supervisor", default="central", metavar="UNITÉ", help="unité du premier responsable (%(default)s)"
    )
    init.add_argument(
        "--server-name",
        action="append",
        metavar="NOM",
        help="nom ou adresse du serveur, répétable (127.0.0.1 et localhost)",
    )
    for name in commands.TABLES:
        init.add_argument(
            f"--{name}", type=Path, metavar="FICHIER", help=f"table {name} à signer (celle du programme)"
        )
    _cost_option(init)
    _with_pass_phrases(init)


def _authority(family: Family) -> None:
    _authority_init(family)
    check = _command(
        family,
        "check",
        commands.authority_check,
        "prouve que chaque clé et ses deux sauvegardes s’ouvrent, et qu’un poste croit ce qui est publié",
        "authority check autorite",
    )
    check.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier de l’autorité")
    check.add_argument(
        "--server-home", type=Path, metavar="DOSSIER", help="serveur à contrôler aussi (celui de l’autorité)"
    )
    check.add_argument("--holder", action="append", metavar="QUI", help="seulement ses clés (répétable)")
    _with_pass_phrases(check)
    publish = _command(
        family,
        "publish",
        commands.authority_publish,
        "signe un nouvel annuaire et les tables ; deux détenteurs présents",
        "authority publish autorite --server-home /srv/procuration",
    )
    publish.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier de l’autorité")
    publish.add_argument(
        "--server-home", type=Path, metavar="DOSSIER", help="dossier du serveur, s’il est sur cette machine"
    )
    publish.add_argument(
        "--server-keys", type=Path, metavar="FICHIER", help="clés publiques écrites par « server renew »"
    )
    _with_pass_phrases(publish)
    stick = _command(
        family,
        "stick",
        commands.authority_stick,
        "écrit la clé USB d’où s’installent les tablettes, et donne l’empreinte à comparer",
        "authority stick autorite --stick /media/cle",
    )
    stick.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier de l’autorité")
    stick.add_argument("--stick", type=Path, required=True, metavar="DIR", help="où la clé est montée")
    stick.add_argument(
        "--tuf", type=Path, metavar="DIR", help="tables telles que le serveur les sert (celles de l’autorité)"
    )
    replace = _command(
        family,
        "replace-holder",
        commands.authority_replace_holder,
        "remplace les clés d’un détenteur : perte, départ, rotation ; deux autres détenteurs présents",
        "authority replace-holder autorite --holder 3",
    )
    replace.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier de l’autorité")
    replace.add_argument("--holder", required=True, metavar="N", help="détenteur dont les clés changent")
    _cost_option(replace)
    _with_pass_phrases(replace)


def _publication(family: Family) -> None:
    install = _command(
        family,
        "install",
        commands.publication_install,
        "vérifie une publication apportée et la sert",
        "publication install /media/cle/repository --server-home /srv/procuration",
    )
    install.add_argument(
        "repository", type=Path, metavar="PUBLICATION", help="dossier repository de l’autorité"
    )
    install.add_argument(
        "--server-home", type=Path, required=True, metavar="DOSSIER", help="dossier du serveur"
    )


def _server(family: Family) -> None:
    renew = _command(
        family,
        "renew",
        commands.server_renew,
        "tire sur le serveur les clés qui arrivent à terme, et écrit leurs parties publiques",
        "server renew --server-home /srv/procuration --out cles-publiques.cbor",
    )
    renew.add_argument(
        "--server-home", type=Path, required=True, metavar="DOSSIER", help="dossier du serveur"
    )
    renew.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="à porter à l’autorité")


def _supervisor(family: Family) -> None:
    enrol = _command(
        family,
        "enrol",
        commands.supervisor_enrol,
        "crée la clé d’un responsable, à publier",
        "supervisor enrol --authority autorite --unit 23",
    )
    _authority_option(enrol)
    enrol.add_argument(
        "--unit", required=True, metavar="UNITÉ", help="unité ou département dont il enrôle les postes"
    )
    _cost_option(enrol)
    _with_pass_phrases(enrol)


def _device(family: Family) -> None:
    enrol = _command(
        family,
        "enrol",
        commands.device_enrol,
        "signe l’enrôlement d’un poste à partir de sa demande",
        "device enrol --authority autorite --request poste.req --profile accueil --unit pan-noumea "
        "--unit-name 'Point d’accueil de Nouméa' --place 98818 --departement 988 --out enrolment.cbor",
    )
    _authority_option(enrol)
    enrol.add_argument(
        "--request", type=Path, required=True, metavar="FICHIER", help="demande écrite par le poste"
    )
    enrol.add_argument(
        "--profile",
        required=True,
        choices=["accueil", "brigade", "mairie"],
        help="ce que le poste peut faire",
    )
    enrol.add_argument("--unit", required=True, metavar="CODE", help="unité")
    enrol.add_argument("--unit-name", required=True, metavar="NOM", help="nom de l’unité, tel qu’imprimé")
    enrol.add_argument("--place", required=True, metavar="CODE", help="code INSEE de la commune du poste")
    enrol.add_argument(
        "--place-type",
        type=int,
        default=1,
        choices=[1, 2, 3],
        help="mairie : 1 commune, 2 arrondissement municipal, 3 circonscription consulaire (%(default)s)",
    )
    enrol.add_argument("--departement", required=True, metavar="CODE", help="département ou collectivité")
    enrol.add_argument(
        "--offline-request",
        default="dematerialised",
        choices=["dematerialised", "cerfa"],
        help="suite d’une demande déposée sans FranceConnect (%(default)s)",
    )
    enrol.add_argument(
        "--fingerprint",
        metavar="EMPREINTE",
        help="empreinte lue sur l’écran du poste ; refusé si elle diffère",
    )
    enrol.add_argument("--days", type=int, default=365, help="durée de l’enrôlement en jours (%(default)s)")
    enrol.add_argument("--supervisor", metavar="UNITÉ", help="responsable qui signe (le premier)")
    enrol.add_argument(
        "--out", type=Path, required=True, metavar="FICHIER", help="enrôlement à porter sur le poste"
    )
    _with_pass_phrases(enrol)
    retire = _command(
        family,
        "retire",
        commands.device_retire,
        "retire un poste de l’annuaire, à publier aussitôt",
        "device retire --authority autorite --log-id 0123456789abcdef",
    )
    _authority_option(retire)
    retire.add_argument(
        "--log-id", required=True, metavar="HEXA", help="numéro du journal du poste, 16 chiffres"
    )


def _officer(family: Family) -> None:
    enrol = _command(
        family,
        "enrol",
        commands.officer_enrol,
        "signe l’habilitation d’un OPJ ou APJ sur un poste, à partir de la demande de ce poste",
        "officer enrol --authority autorite --request agent.req --unit bta-noumea --nom MARTIN --prenoms Luc "
        "--qualite 'Adjudant, OPJ' --designation 'Ordonnance du 3 mars 2026' "
        "--from 2026-11-01 --to 2027-01-15 "
        "--out agent.cbor",
    )
    _authority_option(enrol)
    enrol.add_argument(
        "--request", type=Path, required=True, metavar="FICHIER", help="demande écrite par le poste"
    )
    enrol.add_argument("--unit", metavar="CODE", help="unité (celle du poste ; à donner avec --on-line)")
    enrol.add_argument(
        "--on-line",
        action="store_true",
        help="la demande vient de la page « Mes clés de sécurité » du centre, pas d’un poste",
    )
    enrol.add_argument("--nom", required=True)
    enrol.add_argument("--prenoms", required=True)
    enrol.add_argument("--qualite", required=True, help="grade et qualité, tels que le récépissé les porte")
    enrol.add_argument("--designation", required=True, help="acte qui désigne l’agent (R. 72-1)")
    enrol.add_argument("--from", dest="first_day", required=True, metavar="AAAA-MM-JJ", help="premier jour")
    enrol.add_argument(
        "--to", dest="last_day", required=True, metavar="AAAA-MM-JJ", help="dernier jour inclus"
    )
    enrol.add_argument(
        "--zone", default="Europe/Paris", metavar="ZONE", help="fuseau de ces deux jours (%(default)s)"
    )
    enrol.add_argument("--supervisor", metavar="UNITÉ", help="responsable qui signe (le premier)")
    enrol.add_argument(
        "--out", type=Path, required=True, metavar="FICHIER", help="enrôlement à porter sur le poste"
    )
    _with_pass_phrases(enrol)
    revoke = _command(
        family,
        "revoke",
        commands.officer_revoke,
        "signe la fin d’une habilitation avant son terme",
        "officer revoke --authority autorite --kid 0123456789abcdef --out fin.cbor",
    )
    _authority_option(revoke)
    revoke.add_argument(
        "--kid", required=True, metavar="HEXA", help="numéro de la clé de l’agent, 16 chiffres"
    )
    revoke.add_argument("--supervisor", metavar="UNITÉ", help="responsable qui signe (le premier)")
    revoke.add_argument(
        "--out", type=Path, required=True, metavar="FICHIER", help="document à porter au centre"
    )
    revoke.add_argument(
        "--sealed", type=Path, metavar="FICHIER", help="le même, scellé : à envoyer au centre par le réseau"
    )
    _with_pass_phrases(revoke)


def _table(family: Family, name: str) -> None:
    replace = _command(
        family,
        "set",
        commands.table_set,
        f"remplace la table {name}, à publier",
        f"{name} set --authority autorite {name}.cbor",
    )
    _authority_option(replace)
    replace.add_argument("file", type=Path, metavar="FICHIER", help="nouvelle table")
    replace.set_defaults(table=name)


def _places(family: Family) -> None:
    _table(family, "places")
    read = _command(
        family,
        "import",
        places_commands.places_import,
        "écrit la table des lieux à partir d’un tableur (CSV UTF-8) ; rien, s’il y a une erreur",
        "places import lieux.csv --out places.cbor",
    )
    check = _command(
        family,
        "check",
        places_commands.places_check,
        "relit un tableur ou une table de lieux, sans rien écrire",
        "places check lieux.csv",
    )
    for command in (read, check):
        command.add_argument("file", type=Path, metavar="FICHIER", help="un lieu par ligne")
        command.add_argument(
            "--communes", type=Path, metavar="FICHIER", help="table des communes (celle du programme)"
        )
    read.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="table à signer")
    read.add_argument(
        "--issued",
        type=places_commands.issued_day,
        metavar="AAAA-MM-JJ",
        help="jour écrit dans la table (aujourd’hui)",
    )
