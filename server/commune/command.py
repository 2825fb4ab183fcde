"""`procuration-server mairie`: the computer of a town hall without network.

Nothing of Django is imported before the store is named: its settings depend on it.
"""

import argparse
import ipaddress
import os
import sys
from pathlib import Path
from typing import Final

from procuration.adapters.clock import SystemClock
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.pass_phrase import Cost, NoTerminal, ask_at_terminal, read_secret_line
from procuration.errors import CarrierUnavailable, ProcurationError, RuleViolated
from procuration.record.limits import ENROLMENT_BYTES_MAX
from server.config.options import HOME_VARIABLE

_ROOT_BYTES_MAX: Final = 512_000
_EXAMPLES: Final = """exemples :
  procuration-server mairie --store /srv/mairie --prepare demande.req --root root.json
  procuration-server mairie --store /srv/mairie --install enrolement.cbor --repository /media/cle/PROCU/tuf
  procuration-server mairie --store /srv/mairie                     les pages, sur http://127.0.0.1:8010
  procuration-server mairie --store /srv/mairie --import-stick /media/cle
  procuration-server mairie --store /srv/mairie --export-stick /media/cle
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="procuration-server mairie",
        description="Le poste d’une mairie sans réseau : une commune, un magasin chiffré, une clé USB.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--store", type=Path, required=True, metavar="DOSSIER", help="magasin de ce poste")
    parser.add_argument("--prepare", type=Path, metavar="DEMANDE", help="créer le magasin, écrire sa demande")
    parser.add_argument("--root", type=Path, metavar="FICHIER", help="première racine de l’autorité")
    parser.add_argument("--install", type=Path, metavar="ENRÔLEMENT", help="installer l’enrôlement signé")
    parser.add_argument("--repository", type=Path, metavar="DOSSIER", help="tables signées de l’autorité")
    parser.add_argument("--import-stick", type=Path, metavar="CLÉ", help="lire une clé USB")
    parser.add_argument("--export-stick", type=Path, metavar="CLÉ", help="écrire sur une clé USB")
    parser.add_argument(
        "--stick",
        type=Path,
        action="append",
        default=[],
        metavar="CLÉ",
        help="proposer ce dossier comme clé (répétable)",
    )
    parser.add_argument(
        "--address", default="127.0.0.1:8010", help="adresse des pages, sur cette machine (%(default)s)"
    )
    parser.add_argument(
        "--code-file", type=Path, metavar="FICHIER", help="code de la mairie, dans un fichier (mode 0600)"
    )
    parser.add_argument(
        "--memory-mib",
        type=int,
        default=256,
        choices=[64, 128, 256, 512],
        help="mémoire que coûte un essai de code, en Mio (%(default)s)",
    )
    return parser


def check_address(address: str) -> None:
    """Pages that show names answer this machine only. Raises: RuleViolated ADRESSE_EXTERIEURE."""
    host, _, port = address.rpartition(":")
    try:
        loopback = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name may mean anything tomorrow
        loopback = False
    if not loopback or not port.isdigit():
        raise RuleViolated("ADRESSE_EXTERIEURE")


def run(arguments: list[str]) -> int:
    """One command. Returns: its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.prepare and not options.root) or (
        options.install and not (options.root and options.repository)
    ):
        parser.error("--prepare demande --root ; --install demande --root et --repository")
    _set_up(options)
    from server.commune.words import refused_words

    try:
        check_address(options.address)
        return _done(options)
    except (ProcurationError, OSError) as error:
        known = error if isinstance(error, ProcurationError) else CarrierUnavailable("FICHIER_IMPOSSIBLE")
        print(f"procuration-server mairie: {refused_words(known)} ({known.code})", file=sys.stderr)
        return 3 if isinstance(known, CarrierUnavailable) else 1


def _set_up(options: argparse.Namespace) -> None:
    import django

    store = options.store.absolute()
    if options.prepare:
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[HOME_VARIABLE] = str(store)
    os.environ["PROCURATION_SERVER_FACE"] = "commune"
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.config.settings_commune"
    django.setup()


def _done(options: argparse.Namespace) -> int:
    from server.commune import stick, store, views
    from server.commune.hall import open_hall
    from server.commune.words import read_words

    folder = options.store.absolute()
    if options.prepare:
        root = read_regular(options.root.parent.absolute(), options.root.name, _ROOT_BYTES_MAX)
        cost = Cost(memory_kib=options.memory_mib * 1024)
        write_durably(options.prepare, store.prepare(folder, root, _code(options, new=True), cost))
        print(f"Demande d’enrôlement à porter au responsable : {options.prepare}")
        return 0
    store.unlock(folder, _code(options))
    if options.install:
        root = read_regular(options.root.parent.absolute(), options.root.name, _ROOT_BYTES_MAX)
        signed = read_regular(options.install.parent.absolute(), options.install.name, ENROLMENT_BYTES_MAX)
        store.install(
            folder, store.Publication(root=root, repository=options.repository), signed, SystemClock()
        )
        print("Poste installé. Écrivez une première clé USB : elle le présentera au centre.")
        return 0
    hall = open_hall(folder)
    if options.import_stick:
        for sentence in read_words(stick.read_stick(hall, options.import_stick)):
            print(sentence)
        views.write_registers(hall, always=True)
        return 0
    if options.export_stick:
        print(f"Écritures sur la clé : {stick.write_stick(hall, options.export_stick)}")
        return 0
    views.sticks.named_at_start = [path.absolute() for path in options.stick]
    from server.commune.serving import serve

    return serve(options.address)


def _code(options: argparse.Namespace, *, new: bool = False) -> str:
    """The code of the town hall, from a file or a terminal; typed twice when it is new.

    Raises: RuleViolated CODE_NON_DONNE, CODE_DIFFERENT, or a code of the file.
    """
    if options.code_file:
        return read_secret_line(options.code_file)
    try:
        code = ask_at_terminal("Code de la mairie : ")
        if new and ask_at_terminal("Le même encore une fois : ") != code:
            raise RuleViolated("CODE_DIFFERENT")
    except NoTerminal as error:
        raise RuleViolated("CODE_NON_DONNE") from error
    return code
