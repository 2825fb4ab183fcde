"""What each command of `procuration-provision` does with its options, and what it reports."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from procuration.adapters.clock import SystemClock
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.key_file import Cost
from procuration.adapters.tuf_repository import install_publication
from procuration.domain.identifiers import Kid, LogId
from procuration.domain.people import PlaceType
from procuration.errors import RuleViolated
from procuration.record.directory import Directory, Role, encode_directory, read_directory
from procuration.record.enrolment import Configuration, Designation, OfflineRequestPolicy, Profile
from procuration.record.limits import DIRECTORY_BYTES_MAX
from provisioning import authority, enrolment, publication, server_home
from provisioning.folder import AuthorityFolder
from provisioning.pass_phrases import PassPhrases, ask_at_terminal
from provisioning.stick import write_stick

TABLES = publication.TABLES


@dataclass(frozen=True, slots=True)
class Report:
    """What a command did: lines for a person, values for a script."""

    lines: tuple[str, ...]
    values: Mapping[str, object]


def _now() -> datetime:
    return SystemClock().now()


def _pass_phrases(options: argparse.Namespace) -> PassPhrases:
    return PassPhrases(dict(options.pass_phrase_file), ask_at_terminal)


def _cost(options: argparse.Namespace) -> Cost:
    return Cost(memory_kib=options.memory_mib * 1024)


def _say(line: str) -> None:
    """Progress, for the person who waits; never in the way of a script."""
    print(line, file=sys.stderr, flush=True)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def authority_init(options: argparse.Namespace) -> Report:
    """Create an authority and its server home."""
    tables = {name: getattr(options, name) for name in TABLES if getattr(options, name) is not None}
    plan = authority.Plan(
        holders=options.holders,
        supervisor=options.supervisor,
        server_names=options.server_name or ["127.0.0.1", "localhost"],
        tables=tables,
        cost=_cost(options),
    )
    created = authority.create(options.folder, plan, _pass_phrases(options), _now(), _say)
    keys = AuthorityFolder(options.folder).key_names()
    return Report(
        (
            f"Autorité créée dans {options.folder}",
            f"Domaine : {created.realm.hex()}",
            f"Clés : {', '.join(keys)} ; deux sauvegardes de chacune dans backups/a et backups/b",
            f"Serveur prêt dans {options.folder / 'server'} : à porter sur le serveur, puis à effacer d’ici",
            *_published_lines(created.published),
        ),
        {"realm": created.realm.hex(), "keys": keys, **_published_values(created.published)},
    )


def _published_lines(published: publication.Published) -> tuple[str, ...]:
    directory = published.directory
    devices = len(directory.keys(*enrolment.DEVICE_ROLES))
    return (
        f"Annuaire version {directory.version}, signé le {_day(directory.issued)}, {devices} poste(s)",
        f"À publier de nouveau avant le {_day(directory.issued + timedelta(days=7))}",
    )


def _published_values(published: publication.Published) -> dict[str, object]:
    return {
        "directory_version": published.directory.version,
        "targets_version": published.targets_version,
        "issued": int(published.directory.issued.timestamp()),
    }


def authority_check(options: argparse.Namespace) -> Report:
    """Prove that keys and backups open, and that tablets believe what is published."""
    checked = authority.check(
        AuthorityFolder.existing(options.folder),
        _pass_phrases(options),
        options.holder or (),
        options.server_home,
        _say,
    )
    served = (
        () if checked.served is None else (f"Un poste croit l’annuaire version {checked.served} du serveur",)
    )
    version = checked.directory.version
    return Report(
        (
            f"{len(checked.keys)} clé(s), {checked.copies} copies ouvertes, conformes à ce qui est publié",
            f"Publication bien signée : annuaire version {version} du {_day(checked.directory.issued)}",
            *served,
        ),
        {
            "keys": list(checked.keys),
            "copies": checked.copies,
            "directory_version": version,
            "served_version": checked.served,
        },
    )


def authority_publish(options: argparse.Namespace) -> Report:
    """Sign the next directory and the tables."""
    keys = None if options.server_keys is None else read_server_keys(options.server_keys)
    published = publication.publish(
        AuthorityFolder.existing(options.folder),
        _pass_phrases(options),
        _now(),
        home=options.server_home,
        server_keys=keys,
    )
    carried = (
        ()
        if options.server_home
        else ("À porter sur le serveur : procuration-provision publication install",)
    )
    return Report((*_published_lines(published), *carried), _published_values(published))


def authority_stick(options: argparse.Namespace) -> Report:
    """Write the stick that new tablets are installed from."""
    folder = AuthorityFolder.existing(options.folder)
    repository = options.tuf or folder.path / "server" / "tuf"
    with tempfile.TemporaryDirectory() as cache:
        fingerprint = write_stick(folder.path, repository, options.stick, Path(cache))
    lines = (
        f"Clé d’installation écrite : {options.stick}",
        f"Empreinte de l’autorité, à imprimer à part : {fingerprint}",
        "Sur la tablette : comparer l’empreinte avec ce papier, jamais avec la clé elle-même",
    )
    return Report(lines, {"fingerprint": fingerprint, "stick": str(options.stick)})


def read_server_keys(path: Path) -> Directory:
    """The public keys that `server renew` wrote. Raises: RecordRejected."""
    return read_directory(read_regular(path.parent, path.name, DIRECTORY_BYTES_MAX))


def authority_replace_holder(options: argparse.Namespace) -> Report:
    """New keys for one holder."""
    published = authority.replace_holder(
        AuthorityFolder.existing(options.folder),
        options.holder,
        _pass_phrases(options),
        _cost(options),
        _now(),
    )
    return Report(
        (
            f"Nouvelles clés du détenteur {options.holder} ; les anciennes cessent à la publication",
            *_published_lines(published),
            "À faire : authority check, porter la publication sur le serveur, refaire les sauvegardes",
        ),
        {"holder": options.holder, **_published_values(published)},
    )


def publication_install(options: argparse.Namespace) -> Report:
    """Verify a publication and serve it."""
    version = install_publication(options.server_home, options.repository, _now())
    directory = server_home.published_directory(options.server_home)
    return Report(
        (f"Publication {version} servie : annuaire version {directory.version} du {_day(directory.issued)}",),
        {"targets_version": version, "directory_version": directory.version},
    )


def server_renew(options: argparse.Namespace) -> Report:
    """Draw on the server the keys that are due, and write their public parts for the authority."""
    directory = server_home.published_directory(options.server_home)
    renewed = server_home.renew(options.server_home, directory, _now())
    parts = server_home.public_parts(renewed)
    write_durably(options.out, encode_directory(parts))
    fresh = len(set(parts.server_sealing_keys) - set(directory.server_sealing_keys))
    epochs = len(set(parts.epochs) - set(directory.epochs))
    return Report(
        (
            f"Clés nouvelles : {fresh} de réception, {epochs} d’époque ; partie publique : {options.out}",
            "À signer par l’autorité : authority publish --server-keys",
        ),
        {"sealing": fresh, "epochs": epochs},
    )


def supervisor_enrol(options: argparse.Namespace) -> Report:
    """One more supervisor."""
    folder = AuthorityFolder.existing(options.authority)
    entry = authority.add_supervisor(folder, options.unit, _pass_phrases(options), _cost(options), _now())
    return Report(
        (f"Responsable {options.unit}, clé {entry.kid.hex()}, jusqu’au {_day(entry.not_after)} ; à publier",),
        {"kid": entry.kid.hex(), "unit": options.unit},
    )


def _desk(options: argparse.Namespace) -> enrolment.Desk:
    folder = AuthorityFolder.existing(options.authority)
    return enrolment.Desk(folder, options.supervisor, _pass_phrases(options))


def device_enrol(options: argparse.Namespace) -> Report:
    """Admit a tablet."""
    configuration = Configuration(
        profile=Profile(options.profile),
        unit_name=options.unit_name,
        place=options.place,
        departement=options.departement,
        policy=OfflineRequestPolicy(options.offline_request),
        place_type=PlaceType(options.place_type) if options.profile == Profile.MAIRIE else None,
    )
    request = enrolment.read_request_file(options.request)
    enrolment.check_fingerprint(request, options.fingerprint)
    enrolled, signed = enrolment.enrol_device(
        _desk(options),
        request,
        options.unit,
        configuration,
        _now(),
        timedelta(days=options.days),
    )
    write_durably(options.out, signed)
    return Report(
        (
            f"Poste {enrolled.log_id.hex()} enrôlé ({options.profile}), clé {enrolled.kid.hex()}",
            f"À porter sur le poste : {options.out}",
            "Ou au centre, si le poste a demandé par le réseau : procuration-server enrol",
            "Le centre le connaîtra à son premier contact ; les autres postes, à la prochaine publication",
        ),
        {"log_id": enrolled.log_id.hex(), "kid": enrolled.kid.hex(), "out": str(options.out)},
    )


def device_retire(options: argparse.Namespace) -> Report:
    """End a tablet."""
    folder = AuthorityFolder.existing(options.authority)
    entry = enrolment.retire_device(folder, LogId(_eight_bytes(options.log_id)), _now())
    return Report(
        (f"Poste {entry.log_id.hex()} retiré ; sans effet avant la publication : authority publish",),
        {"log_id": entry.log_id.hex(), "kid": entry.kid.hex()},
    )


def _eight_bytes(text: str) -> bytes:
    try:
        value = bytes.fromhex(text)
    except ValueError as error:
        raise RuleViolated("HEXADECIMAL") from error
    if len(value) != 8:
        raise RuleViolated("HEXADECIMAL")
    return value


def officer_enrol(options: argparse.Namespace) -> Report:
    """Entitle an officer."""
    designation = Designation(
        nom=options.nom,
        prenoms=options.prenoms,
        qualite=options.qualite,
        designation=options.designation,
    )
    between = enrolment.term(options.first_day, options.last_day, _zone(options.zone))
    request = enrolment.read_request_file(options.request)
    enrolled, signed = enrolment.enrol_officer(
        _desk(options), request, options.unit, designation, between, on_line=options.on_line
    )
    write_durably(options.out, signed)
    where = f"À porter sur le poste {enrolled.log_id.hex()} : {options.out}"
    if options.on_line:
        where = f"À envoyer par l’agent, page « Mes clés de sécurité » : {options.out}"
    return Report(
        (
            f"Agent enrôlé, clé {enrolled.kid.hex()}",
            f"Du {_day(enrolled.not_before)} au {_day(enrolled.not_after)}",
            where,
        ),
        {"kid": enrolled.kid.hex(), "log_id": enrolled.log_id.hex(), "out": str(options.out)},
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RuleViolated("ZONE") from error


def officer_revoke(options: argparse.Namespace) -> Report:
    """End an officer's term."""
    ended, signed = enrolment.end_habilitation(_desk(options), Kid(_eight_bytes(options.kid)), _now())
    write_durably(options.out, signed)
    return Report(
        (
            f"Habilitation de la clé {ended.kid.hex()} close le {_day(ended.not_after)}",
            f"À installer sur le poste {ended.log_id.hex()} : {options.out}",
            "Avant cela le poste laisse l’agent agir ; en cas de doute, retirer aussi le poste",
        ),
        {"kid": ended.kid.hex(), "log_id": ended.log_id.hex(), "role": Role.OFFICER.name.lower()},
    )


def table_set(options: argparse.Namespace) -> Report:
    """Keep a new table for the next publication."""
    folder = AuthorityFolder.existing(options.authority)
    version = publication.replace_table(folder, options.table, options.file, _now())
    return Report(
        (f"Table {options.table} version {version} ; sans effet avant la publication : authority publish",),
        {"table": options.table, "version": version},
    )
