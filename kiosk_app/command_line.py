"""The words of `procuration-kiosk`: commands, options, an example for each. What they do is in `commands`."""

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from kiosk_app import commands, contested_command, officer_commands
from kiosk_app.device_options import add_devices
from kiosk_app.second_secrets import KIND_NAMES
from kiosk_app.voice_options import add_voice_options
from kiosk_app.web_option import add_web_option
from procuration.adapters.tpm_secret import DEFAULT_TPM
from procuration.record.enrolment import Profile

PREFIX: Final = "PROCURATION_KIOSK_"
SETTINGS: Final = (
    "STORE", "SPOOL", "PROFILE", "SERVICE_KEY", "SUPERVISOR_KEY", "TPM", "TOKEN_MODULE", "TOKEN_LABEL",
    "PRINTER", "ROLL", "SCANNER", "ARGON2_MIB", "PPI", "ROOT", "STICK", "PAD", "CLIPS", "WEB",
)  # fmt: skip
ARGON2_MIB: Final = 256
DEMO_TABLES: Final = Path(__file__).resolve().parents[1] / "provisioning" / "reference_data"
"""Files of the same distribution: no program is imported for them."""
ARGON2_MIB_MIN: Final = 64
Family: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Command = Callable[[argparse.Namespace], commands.Report]


def parse(arguments: list[str] | None, environment: Mapping[str, str] = os.environ) -> argparse.Namespace:
    """The options, from the command line, else from the environment. Wrong usage ends with status 2."""
    top = _parser(environment)
    for name in environment:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in SETTINGS:
            top.error(f"réglage inconnu dans l’environnement\u00a0: {name}")
    options = top.parse_args(arguments)
    needed = ("store",) if options.run is commands.slots else ("store", "spool")
    for name in () if options.training else needed:
        if getattr(options, name) is None:
            top.error(f"il faut --{name} (ou {PREFIX}{name.upper()})")
    if options.run is not None and options.argon2_mib < options.argon2_mib_min:
        top.error(f"--argon2-mib\u00a0: {options.argon2_mib_min} au moins")
    return options


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="procuration-kiosk",
        description="Le programme de la tablette. Sans commande, il ouvre l’écran ; "
        "sans magasin, il propose d’installer le poste.",
        epilog="Exemple\u00a0:\n"
        "  procuration-kiosk --profile accueil --store /srv/poste --spool /srv/spool\n"
        "États de sortie\u00a0: 0 fait, 1 refusé (avec la raison), 2 mauvais usage, 3 injoignable.\n"
        f"Réglages par l’environnement\u00a0: {', '.join(PREFIX + name for name in SETTINGS)}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.set_defaults(run=None, training=False, argon2_mib_min=ARGON2_MIB_MIN)
    _common(top, environment)
    top.add_argument(
        "--profile",
        choices=[Profile.ACCUEIL.value, Profile.BRIGADE.value],
        default=environment.get(f"{PREFIX}PROFILE"),
        help="ce que la tablette doit être\u202f; refusé si l’enrôlement signé dit autre chose",
    )
    top.add_argument(
        "--root", type=Path, metavar="FICHIER", default=_path(environment, "ROOT"),
        help="première racine de l’autorité, pour installer le poste (sinon lue sur la clé USB)",
    )  # fmt: skip
    top.add_argument(
        "--stick", type=Path, metavar="DIR", default=_path(environment, "STICK"),
        help="où la clé USB est montée, pour installer le poste",
    )  # fmt: skip
    add_devices(top, environment, PREFIX)
    add_voice_options(top, environment, PREFIX)
    add_web_option(top, environment, PREFIX)
    top.add_argument("--full-screen", action="store_true", help="tout l’écran, sans bord")
    top.add_argument(
        "--ppi", type=float, default=_number(environment, "PPI"), help="points par pouce de cet écran"
    )
    family = top.add_subparsers(metavar="COMMANDE")
    _prepare(family, environment)
    _renew(family, environment)
    _install(family, environment)
    _slots(family, environment)
    _code_add(family, environment)
    _officer(family, environment)
    _officers(family, environment)
    _doctor(family, environment)
    _contested(family, environment)
    _training(family)
    return top


def _common(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument(
        "--store", type=Path, metavar="DIR", default=_path(environment, "STORE"), help="dossier du poste"
    )
    parser.add_argument(
        "--spool", type=Path, metavar="DIR", default=_path(environment, "SPOOL"),
        help="dossier d’échange avec l’agent de transmission",
    )  # fmt: skip
    parser.add_argument(
        "--service-key", type=Path, metavar="FICHIER", default=_path(environment, "SERVICE_KEY"),
        help="clé de service, 32 octets, sur le support amovible de l’unité",
    )  # fmt: skip
    parser.add_argument(
        "--supervisor-key", type=Path, metavar="DOSSIER", default=_path(environment, "SUPERVISOR_KEY"),
        help="dossier de la clé du responsable, sur son support amovible (celui de la clé de service)",
    )  # fmt: skip
    parser.add_argument(
        "--tpm", metavar="TCTI", default=environment.get(f"{PREFIX}TPM", DEFAULT_TPM),
        help=f"le TPM de cette machine (défaut {DEFAULT_TPM})",
    )  # fmt: skip
    parser.add_argument(
        "--token-module", type=Path, metavar="FICHIER", default=_path(environment, "TOKEN_MODULE"),
        help="bibliothèque PKCS #11 du jeton",
    )  # fmt: skip
    parser.add_argument(
        "--token-label", metavar="NOM", default=environment.get(f"{PREFIX}TOKEN_LABEL"),
        help="nom du jeton, pour un nouveau code",
    )  # fmt: skip
    parser.add_argument(
        "--argon2-mib", type=int, metavar="MIO",
        default=int(environment.get(f"{PREFIX}ARGON2_MIB", ARGON2_MIB)),
        help=f"mémoire d’une vérification de code (défaut {ARGON2_MIB}, au moins {ARGON2_MIB_MIN})",
    )  # fmt: skip


def _command(
    family: Family,
    environment: Mapping[str, str],
    name: str,
    run: Command,
    text: str,
    example: str,
    *,
    group: str = "",
) -> argparse.ArgumentParser:
    command = family.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"Exemple\u00a0:\n  procuration-kiosk {group}{name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _common(command, environment)
    command.add_argument("--json", action="store_true", help="répondre en une ligne de JSON")
    command.set_defaults(run=run)
    return command


def _code_option(command: argparse.ArgumentParser, name: str, text: str) -> None:
    command.add_argument(
        name,
        type=Path,
        metavar="FICHIER",
        help=f"{text}, dans un fichier (mode 0600)\u202f; sinon demandé au clavier",
    )


def _slot_option(command: argparse.ArgumentParser, *, phrase: bool = False) -> None:
    """Args: phrase: whether a pass phrase, without any second secret, is a choice."""
    kinds = [name for name in KIND_NAMES if phrase or name != "phrase"]
    command.add_argument(
        "--slot",
        choices=kinds,
        default="service-key",
        help="ce qu’il faut en plus du code (défaut service-key)",
    )


def _root_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--root", type=Path, required=True, metavar="FICHIER", help="première racine de l’autorité"
    )


def _request_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--request", type=Path, required=True, metavar="FICHIER", help="où écrire la demande"
    )


def _prepare(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "prepare", commands.prepare,
        "crée le magasin chiffré, les clés du poste et la demande d’enrôlement",
        "--store poste --spool spool --root root.json --service-key service.key --request demande.cbor",
    )  # fmt: skip
    _root_option(command)
    _request_option(command)
    _code_option(command, "--code-file", "code de l’agent (6 chiffres au moins)")
    _code_option(command, "--supervisor-code-file", "phrase du responsable (14 caractères au moins)")
    _slot_option(command)


def _renew(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "renew", commands.renew,
        "prépare de nouveau un poste qui ne signe plus, sans perdre ce qu’il n’a pas encore envoyé",
        "--store poste --spool spool --root root.json --service-key service.key --request demande.cbor",
    )  # fmt: skip
    _root_option(command)
    _request_option(command)
    _code_option(command, "--old-code-file", "code de l’ancien poste, ou phrase du responsable")
    _code_option(command, "--code-file", "nouveau code de l’agent (6 chiffres au moins)")
    _code_option(command, "--supervisor-code-file", "nouvelle phrase du responsable (14 caractères au moins)")
    _slot_option(command)


def _install(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "install", commands.install,
        "met en service un poste que le responsable a enrôlé",
        "--store poste --spool spool --service-key service.key --enrolment enrolement.cbor"
        " --root root.json --tuf repository",
    )  # fmt: skip
    command.add_argument("--enrolment", type=Path, required=True, metavar="FICHIER", help="enrôlement signé")
    _root_option(command)
    command.add_argument("--tuf", type=Path, required=True, metavar="DIR", help="tables signées")
    _code_option(command, "--code-file", "code de l’agent, ou phrase du responsable")


def _slots(family: Family, environment: Mapping[str, str]) -> None:
    _command(
        family, environment, "slots", commands.slots,
        "montre les codes du poste, sans aucun secret",
        "--store poste",
    )  # fmt: skip


def _code_add(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "code-add", commands.code_add,
        "donne un nouveau code à un agent, par exemple quand l’ancien est bloqué",
        "--store poste --spool spool --service-key service.key",
    )  # fmt: skip
    _code_option(command, "--code-file", "phrase du responsable, ou code de l’agent")
    _code_option(command, "--new-code-file", "nouveau code (6 chiffres au moins)")
    _slot_option(command, phrase=True)
    command = _command(
        family, environment, "code-remove", commands.code_remove,
        "retire un code\u202f; il en reste toujours deux qui ouvrent",
        "--store poste --spool spool --slot-id 0123456789abcdef",
    )  # fmt: skip
    command.add_argument(
        "--slot-id",
        type=bytes.fromhex,
        required=True,
        metavar="HEX",
        help="lequel, comme «\u202fslots\u202f» le montre",
    )
    _code_option(command, "--code-file", "phrase du responsable, ou un autre code")


def _officer(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "officer-prepare", commands.officer_prepare,
        "crée la clé d’un officier ou agent habilité, sous son code",
        "--store poste --spool spool --service-key service.key --request officier.cbor",
    )  # fmt: skip
    _request_option(command)
    _code_option(command, "--code-file", "code de l’agent, ou phrase du responsable")
    _code_option(command, "--officer-code-file", "nouveau code de l’officier (6 chiffres au moins)")
    _slot_option(command)
    command = _command(
        family, environment, "officer-install", commands.officer_install,
        "met en service une habilitation signée",
        "--store poste --spool spool --service-key service.key habilitation.cbor",
    )  # fmt: skip
    command.add_argument("enrolment", type=Path, metavar="FICHIER", help="enrôlement signé")
    _code_option(command, "--code-file", "code de l’agent, ou phrase du responsable")


_WHERE: Final = "--store poste --spool spool --service-key service.key --supervisor-key /media/responsable"


def _officers(family: Family, environment: Mapping[str, str]) -> None:
    text = "les agents de ce poste, sans réseau : le responsable, sa clé, et une seconde personne"
    officers = family.add_parser("officer", help=text, description=f"{text[0].upper()}{text[1:]}.")
    inner = officers.add_subparsers(dest="officer_command", required=True, metavar="ACTION")

    def command(name: str, run: Command, said: str, example: str = "") -> argparse.ArgumentParser:
        made = _command(inner, environment, name, run, said, f"{_WHERE}{example}", group="officer ")
        if run is not officer_commands.officer_list:
            _two_people_options(made)
        return made

    add = command(
        "add", officer_commands.officer_add, "habilite un agent sur ce poste",
        " --nom MARTIN --prenoms Luc --qualite 'Adjudant, OPJ' --designation 'Ordonnance du 3 mars 2026'"
        " --last-day 2027-01-15",
    )  # fmt: skip
    for name, said in (
        ("nom", "nom"),
        ("prenoms", "prénoms"),
        ("qualite", "grade et qualité, tels que le récépissé les porte"),
        ("designation", "acte qui désigne l’agent, avec sa date (R. 72-1)"),
    ):
        add.add_argument(f"--{name}", required=True, help=said)
    renew = command(
        "renew", officer_commands.officer_renew, "prolonge l’habilitation d’un agent",
        " --officer 0123456789abcdef --last-day 2027-01-15",
    )  # fmt: skip
    for one in (add, renew):
        one.add_argument(
            "--last-day", required=True, metavar="AAAA-MM-JJ", help="dernier jour inclus, 90 au plus"
        )
    revoke = command(
        "revoke", officer_commands.officer_revoke, "retire un agent de ce poste",
        " --officer 0123456789abcdef",
    )  # fmt: skip
    reset = command(
        "reset-code", officer_commands.officer_reset_code,
        "donne un nouveau code et une nouvelle clé à un agent : code oublié ou bloqué, carte perdue",
        " --officer 0123456789abcdef",
    )  # fmt: skip
    for one in (renew, revoke, reset):
        one.add_argument(
            "--officer", dest="kid", type=officer_commands.kid_typed, required=True, metavar="HEXA",
            help="numéro de sa clé, 16 chiffres (voir « officer list »)",
        )  # fmt: skip
    phrase = command(
        "phrase", officer_commands.officer_phrase, "donne au responsable une nouvelle phrase pour ce poste"
    )
    for one in (add, reset, phrase):
        _code_option(one, "--new-code-file", "nouveau code, ou nouvelle phrase")
    for one in (add, reset):
        one.add_argument(
            "--slot", choices=list(KIND_NAMES),
            help="ce qu’il faut en plus du code (comme avant, ou comme pour la seconde personne)",
        )  # fmt: skip
    listed = command("list", officer_commands.officer_list, "dit qui peut agir sur ce poste")
    _code_option(listed, "--code-file", "un code de ce poste")


def _two_people_options(command: argparse.ArgumentParser) -> None:
    _code_option(command, "--supervisor-phrase-file", "phrase de la clé du responsable")
    _code_option(command, "--second-code-file", "code d’une seconde personne, qui ouvre ce poste")
    command.add_argument(
        "--codes-fd", type=int, metavar="N",
        help="lire sur ce descripteur, une ligne chacun : la phrase, le code, et le nouveau code s’il y en a",
    )  # fmt: skip


def _contested(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "contested", contested_command.contested,
        "écrit les preuves que le centre s’est contredit, à déposer dans la console",
        "--store poste --spool spool --service-key service.key --code-file code --to /media/cle",
    )  # fmt: skip
    command.add_argument("--to", type=Path, required=True, metavar="DIR", help="où écrire les preuves")
    _code_option(command, "--code-file", "code de l’agent, ou phrase du responsable")


def _doctor(family: Family, environment: Mapping[str, str]) -> None:
    command = _command(
        family, environment, "doctor", commands.doctor,
        "vérifie le poste et ce qui y est branché",
        "--store poste --spool spool --printer usb:04b8:0e15 --scanner camera:/dev/video0 --print",
    )  # fmt: skip
    command.add_argument(
        "--code-file", type=Path, metavar="FICHIER", help="ouvre aussi le magasin et vérifie son journal"
    )
    add_devices(command, environment, PREFIX)
    command.add_argument("--print", action="store_true", help="imprime la page de l’état du poste")


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(PREFIX + name)
    return Path(value) if value else None


def _number(environment: Mapping[str, str], name: str) -> float | None:
    value = environment.get(PREFIX + name)
    return float(value) if value else None


def _training(family: Family) -> None:
    command = family.add_parser(
        "training",
        help="s’entraîner : un poste jetable, des personnes inventées, rien n’est envoyé",
        description="Ouvre un poste d’entraînement. Il disparaît à la fin, et aucun centre ne le croit.",
        epilog="Exemple\u00a0:\n  procuration-kiosk --profile accueil training",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--place", default="02408", metavar="CODE", help="code INSEE de la commune du poste (%(default)s)"
    )
    command.add_argument(
        "--tables", type=Path, metavar="DIR", default=DEMO_TABLES, help="tables de la démonstration"
    )
    command.set_defaults(training=True)
