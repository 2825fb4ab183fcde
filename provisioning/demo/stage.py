"""What must stand before the day begins: an authority, a server, two tablets with their agents, an officer.

Everything is done with the commands a deployer uses; nothing of the programs is imported.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from provisioning.demo.identity.desk import offered_providers
from provisioning.demo.processes import Programs, port_is_free, python, some_free_port

BROWSER_PORT, AGENT_PORT, MAILBOX_PORT = 8000, 8443, 8025
HOLDERS: Final = ("1", "2", "3", "superviseur")
MEMORY_MIB: Final = (
    "64"  # the holders' pass phrases here are drawn at random: no need to make them dear to try
)
KIOSK, BRIGADE = "accueil", "brigade"
ZONE: Final = "Pacific/Noumea"
NIGHT_ENDS, NIGHT_BEGINS = 6, 22
KIOSK_MIB: Final = "64"  # two tablets, a server and a browser share this machine
COMMUNE, TERRITORY = "98818", "988"
INVENTED_PLACES: Final = Path(__file__).parents[1] / "reference_data" / "places-demo.cbor"
"""From places-demo.csv; every place of it is invented and says so."""
TOWN_HALL_ACCOUNT: Final = "agent-noumea"
TOWN_HALL_SIRET: Final = "21988180000011"
"""Invented, its key right; the agents of people.json have it."""
UNITS: Final = {
    KIOSK: ("pan-noumea", "Point d’accueil numérique de Nouméa"),
    BRIGADE: ("bta-noumea", "Brigade territoriale de Nouméa"),
}
OFFICER: Final = (
    ("--nom", "TAHUA"),
    ("--prenoms", "Maëva Rose"),
    ("--qualite", "Maréchale des logis-cheffe, OPJ"),
    ("--designation", "Ordonnance du 3 novembre 2026, Nouméa"),
)
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Codes:
    """What is typed on the tablets and in the browser; drawn anew at each demonstration."""

    agent: str
    officer: str
    brigade_opener: str
    supervisor: str
    town_hall: str

    @classmethod
    def draw(cls) -> "Codes":
        """Six digits for the tablets, as in the field; long secrets elsewhere."""
        six = [f"{secrets.randbelow(900_000) + 100_000}" for _ in range(3)]
        return cls(six[0], six[1], six[2], secrets.token_urlsafe(15), secrets.token_urlsafe(12))


@dataclass(frozen=True, slots=True)
class Stage:
    """Folders, addresses and codes of one demonstration."""

    out: Path
    browser_port: int
    agent_port: int
    mail_port: int
    line_port: int
    mailbox_port: int
    codes: Codes
    kiosk_mib: str = KIOSK_MIB

    @classmethod
    def plan(cls, out: Path, *, free_ports: bool) -> "Stage":
        """The usual ports of DESIGN 6, or any free ones."""
        usual = not free_ports and port_is_free(BROWSER_PORT) and port_is_free(AGENT_PORT)
        ports = (BROWSER_PORT, AGENT_PORT) if usual else (some_free_port(), some_free_port())
        mailbox = MAILBOX_PORT if usual and port_is_free(MAILBOX_PORT) else some_free_port()
        return cls(out, *ports, some_free_port(), some_free_port(), mailbox, Codes.draw())

    @property
    def work(self) -> Path:
        """Everything the programs keep."""
        return self.out / "work"

    @property
    def authority(self) -> Path:
        """The throw-away authority."""
        return self.work / "authority"

    @property
    def server(self) -> Path:
        """The server's home."""
        return self.authority / "server"

    @property
    def paper(self) -> Path:
        """Where the printed receipts come out: the elector carries them to the brigade."""
        return self.out / "recus"

    @property
    def mail(self) -> Path:
        """The elector's mailbox (Maildir)."""
        return self.out / "mail"

    @property
    def mailbox(self) -> str:
        """Where the elector's mails are read."""
        return f"http://127.0.0.1:{self.mailbox_port}/"

    @property
    def site(self) -> str:
        """Where browsers go."""
        return f"http://127.0.0.1:{self.browser_port}"

    def tablet(self, profile: str, name: str) -> Path:
        """A folder or file of one tablet."""
        return self.work / profile / name

    def tablet_folders(self, profile: str) -> list[object]:
        """The options that every command of a tablet takes."""
        folders = [(f"--{name}", self.tablet(profile, name)) for name in ("store", "spool")]
        words = [word for pair in folders for word in pair]
        return [*words, "--service-key", self.tablet(profile, "service.key"), "--argon2-mib", self.kiosk_mib]

    def secret(self, name: str, content: str) -> Path:
        """A file with one secret, for its owner only."""
        path = self.work / "secrets" / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(content + "\n")
        return path

    def server_settings(self, identity: Path | None = None) -> str:
        """The server's settings, as a deployer writes them in server.toml."""
        settings: dict[str, str | int] = {
            "browser_address": f"127.0.0.1:{self.browser_port}",
            "device_address": f"127.0.0.1:{self.agent_port}",
            "public_url": self.site,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.mail_port,
            "mail_from": "procuration@nouvelle-caledonie.example",
            "workers": 1,
        }
        if identity is not None:
            settings["identity_file"] = str(identity)
        return "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def zone_of_day() -> str:
    """A time zone where it is day now: at night an agent asks for news every quarter of an hour only.

    Nouméa, where the tablets stand, or Paris: it is never night in both.
    """
    hour = datetime.now(ZoneInfo(ZONE)).hour
    return ZONE if NIGHT_ENDS <= hour < NIGHT_BEGINS else "Europe/Paris"


def local_day(now: datetime) -> date:
    """The day it is where the tablets stand. For half of the time, the day of another zone would have begun
    there more than a day ago, before the supervisor's key counts."""
    return now.astimezone(ZoneInfo(ZONE)).date()


class Builder:
    """Builds a stage with the real commands."""

    def __init__(self, stage: Stage, programs: Programs, step: Step) -> None:
        self.stage, self._programs, self._step = stage, programs, step
        self._phrases: list[str] = []
        for holder in HOLDERS:
            path = stage.secret(f"phrase-{holder}", secrets.token_urlsafe(18))
            self._phrases += ["--pass-phrase-file", f"{holder}={path}"]

    def build(self) -> None:
        """Authority, tablets, officer, publication, server: in the order a deployer follows."""
        self.authority()
        for profile in (KIOSK, BRIGADE):
            self.enrol_tablet(profile)
        self.publish()
        for profile in (KIOSK, BRIGADE):
            self.install_tablet(profile)
        self.officer()
        self.server()

    def authority(self) -> None:
        """`authority init`, then the proof that its keys open."""
        self._step("autorité : clés de trois détenteurs, deux sauvegardes de chacune, racine de confiance")
        self._provision(
            "authority", "init", self.stage.authority, "--memory-mib", MEMORY_MIB, "--supervisor", TERRITORY,
            "--places", INVENTED_PLACES, *self._phrases,
        )  # fmt: skip
        self._step("autorité : les clés et leurs sauvegardes s’ouvrent (authority check)")
        self._provision("authority", "check", self.stage.authority, *self._phrases)

    def enrol_tablet(self, profile: str) -> None:
        """Keys are born on the tablet; the supervisor signs its configuration."""
        self._step(f"poste {profile} : clés nées sur le poste, enrôlement signé par le responsable")
        stage, (unit, unit_name) = self.stage, UNITS[profile]
        self._kiosk(
            profile, "prepare", "--root", stage.authority / "root.json",
            "--request", stage.tablet(profile, "poste.req"),
            "--supervisor-code-file", stage.secret("superviseur-postes", stage.codes.supervisor),
        )  # fmt: skip
        self._provision(
            "device", "enrol", "--authority", stage.authority,
            "--request", stage.tablet(profile, "poste.req"),
            "--profile", profile, "--unit", unit, "--unit-name", unit_name, "--place", COMMUNE,
            "--departement", TERRITORY, "--out", stage.tablet(profile, "enrolment.cbor"), *self._phrases,
        )  # fmt: skip

    def publish(self) -> None:
        """Two holders sign the directory that names both tablets."""
        self._step("publication : annuaire et tables signés par deux détenteurs")
        self._provision(
            "authority", "publish", self.stage.authority, "--server-home", self.stage.server, *self._phrases
        )

    def install_tablet(self, profile: str) -> None:
        """The tablet verifies what it is given and keeps it."""
        self._step(f"poste {profile} : installation, tables vérifiées depuis la racine")
        stage = self.stage
        self._kiosk(
            profile, "install", "--enrolment", stage.tablet(profile, "enrolment.cbor"),
            "--root", stage.authority / "root.json", "--tuf", stage.server / "tuf",
        )  # fmt: skip

    def officer(self) -> None:
        """An officer's key under their own code, and their habilitation on this tablet."""
        self._step("brigade : clé de l’officier sous son code, habilitation de soixante jours")
        stage = self.stage
        request, signed = stage.tablet(BRIGADE, "agent.req"), stage.tablet(BRIGADE, "agent.cbor")
        self._kiosk(
            BRIGADE, "officer-prepare", "--request", request,
            "--officer-code-file", stage.secret("code-officier", stage.codes.officer),
        )  # fmt: skip
        today = local_day(datetime.now(UTC))
        self._provision(
            "officer", "enrol", "--authority", stage.authority, "--request", request,
            *(word for pair in OFFICER for word in pair),
            "--from", today, "--to", today + timedelta(days=60), "--zone", ZONE,
            "--out", signed, *self._phrases,
        )  # fmt: skip
        self._kiosk(BRIGADE, "officer-install", signed)

    def server(self) -> None:
        """Tables of the database (SQLite) and the account of the town hall."""
        self._step("serveur : base SQLite, compte de la mairie de Nouméa, fournisseurs d’identité d’essai")
        identity = offered_providers(self._programs, self.stage.site, self.stage.work / "identity")
        (self.stage.server / "server.toml").write_text(self.stage.server_settings(identity))
        self._server("migrate", "--verbosity", "0")
        self._server("agents", "add", TOWN_HALL_SIRET, "--commune", COMMUNE)
        password = self.stage.secret("mot-de-passe-mairie", self.stage.codes.town_hall)
        self._server(
            "account", "create", "--commune", COMMUNE, "--password-file", password, TOWN_HALL_ACCOUNT
        )

    def code_file(self, profile: str) -> Path:
        """The code that opens a tablet, in a file."""
        codes = self.stage.codes
        code = codes.agent if profile == KIOSK else codes.brigade_opener
        return self.stage.secret(f"code-{profile}", code)

    def _provision(self, *words: object) -> None:
        self._programs.run("provision", python("provisioning", *words))

    def _kiosk(self, profile: str, verb: str, *words: object) -> None:
        code = ("--code-file", self.code_file(profile))
        command = [verb, *self.stage.tablet_folders(profile), *code, *words]
        self.stage.tablet(profile, "spool").mkdir(parents=True, exist_ok=True)
        self._programs.run(f"kiosk-{profile}", python("kiosk_app", *command))

    def _server(self, *words: object) -> None:
        self._programs.run("server", self.server_command(*words))

    def server_command(self, *words: object) -> Sequence[str]:
        """A command of the server on this stage's home."""
        return python("server", "--home", self.stage.server, *words)
