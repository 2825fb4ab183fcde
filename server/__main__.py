"""`procuration-server`: the centre's one command. Django's own commands, and those of this project.

    procuration-server --home DIR migrate      create or update the tables
    procuration-server --home DIR serve        answer agents (https, 8443) and browsers (http, 8000)
    procuration-server --home DIR verify       read the whole ledger again; compare states with a fresh fold
    procuration-server --home DIR import-archive  bring back what an older database lacks (after a restore)
    procuration-server --home DIR restored     after a backup of the database was put back: begin a new epoch
    procuration-server --home DIR new-archive  accept another disk as the archive, and fill it again
    procuration-server --home DIR export-proofs  what an independent verifier needs; no name in it
    procuration-server --home DIR import       take in what a USB stick brings, put the answers on it
    procuration-server --home DIR export       signed tables and the answers that wait, on a USB stick
    procuration-server --home DIR enrol        take in a tablet, or the end of a habilitation, from a file
    procuration-server --home DIR enrolments   list, export: requests that tablets sent by network
    procuration-server --home DIR rebuild      fold every dossier again from the ledger
    procuration-server --home DIR purge        delete what the law lets nobody keep; --dry-run only counts
    procuration-server --home DIR backup       the database and the audit trail, into the folder of backups
    procuration-server --home DIR health       the state of the service: disks, certificate, jobs, messages
    procuration-server --home DIR prune-backups   delete backups and archive files older than 35 days
    procuration-server --home DIR register     one register of procurations as PDF or CSV
    procuration-server --home DIR register-file  build, check: the list that answers as the register
    procuration-server --home DIR account      make, list, close local accounts; reset a second factor
    procuration-server --home DIR agents       which employers' agents sign in with ProConnect
    procuration-server --home DIR officers     accounts of officers on line; habilitations of their keys
    procuration-server --home DIR urgent       what must still reach its town hall before a poll closes
    procuration-server --home DIR traces       who read whose data: list, verify, export; --help says more
    procuration-server mairie --store DIR      the computer of a town hall without network; --help says more
    procuration-server --home DIR settings     what may be set, in server.toml or the environment

Exit status: 0 done, 1 refused with a reason, 2 wrong usage, 3 a component is unreachable.
"""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from procuration.errors import CarrierUnavailable, ProcurationError
from server.config.options import HOME_VARIABLE, describe_options, read_options

OUR_COMMANDS = ("serve", "settings")
HELP = frozenset({"-h", "--help"})
LONG_NAMES = {"import": "import_stick", "export": "export_stick"}
"""Python has no module called import."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="procuration-server",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: procuration-server --home /var/lib/procuration serve",
    )
    parser.add_argument("--home", type=Path, default=None, help=f"the server's folder (or {HOME_VARIABLE})")
    parser.add_argument(
        "command",
        help="serve, settings, one of those above, or one of Django's (migrate ...)",
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _of_django(command: str, arguments: list[str]) -> int:
    from django.core.management import ManagementUtility  # reads the settings when imported
    from django.db.utils import OperationalError

    try:
        ManagementUtility(["procuration-server", command, *arguments]).execute()
    except OperationalError:
        print("procuration-server: the database does not answer", file=sys.stderr)
        return 3
    return 0


def _serve(home: Path, arguments: list[str]) -> int:
    import django  # reads the settings when set up

    from server.config.figures import share_figures
    from server.config.serving import FACES, serve, serve_face

    parser = argparse.ArgumentParser(
        prog="procuration-server serve", epilog="example: procuration-server --home DIR serve"
    )
    parser.add_argument("--face", choices=FACES, help="only one of the processes, in the foreground")
    face = parser.parse_args(arguments).face
    options = read_options(home)
    share_figures(options)
    if face is None:
        return serve(options)
    os.environ["PROCURATION_SERVER_FACE"] = face
    django.setup()
    serve_face(options, face)
    return 0


def _settings(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="procuration-server settings",
        description="What may be set, in server.toml or the environment.",
        epilog="example: procuration-server --home DIR settings",
    )
    parser.parse_args(arguments)
    print(describe_options())
    return 0


def _details(error: ProcurationError) -> str:
    return "".join(f" {name}={value}" for name, value in error.ids.items())


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit status."""
    given = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    if given.command == "mairie":
        from server.commune.command import run  # its store is its home

        return run(given.arguments)
    if not HELP.isdisjoint(given.arguments):
        with TemporaryDirectory() as no_home:  # the settings want a folder before Django can name an option
            return _run(given.command, given.arguments, Path(no_home))
    home = (given.home or Path(os.environ.get(HOME_VARIABLE, ""))).absolute()
    if given.home is None and HOME_VARIABLE not in os.environ:
        print(f"procuration-server: name the server's folder with --home or {HOME_VARIABLE}", file=sys.stderr)
        return 2
    if not home.is_dir():
        print("procuration-server: this folder does not exist", file=sys.stderr)
        return 1
    return _run(given.command, given.arguments, home)


def _run(command: str, arguments: list[str], home: Path) -> int:
    os.environ[HOME_VARIABLE] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.config.settings")
    try:
        if command == "settings":
            return _settings(arguments)
        if command == "serve":
            return _serve(home, arguments)
        command = command.replace("-", "_")  # send-notices
        return _of_django(LONG_NAMES.get(command, command), arguments)
    except CarrierUnavailable as error:
        print(f"procuration-server: {error.code}{_details(error)}", file=sys.stderr)
        return 3
    except ProcurationError as error:
        print(f"procuration-server: {error.code}{_details(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
