"""Stories that end at the town hall: procurations established in the real ledger, and the accounts that
look at them."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from procuration.adapters.keys import SoftwareKey
from procuration.domain.events import SyncEvidence, SyncPoint
from procuration.domain.people import Place, PlaceType
from procuration.record.event import EventPair
from server.console.services import create_console_account
from server.dossiers.services import Account
from server.mairie.perms import ROLE
from server.mairie.services import create_town_hall_account
from tests import builders
from tests.builders import LAON, NOUMEA
from tests.server.centre import Tablet, World

PASSWORD = "une phrase de passe longue"
LIFOU = Place(code="98814", type=PlaceType.COMMUNE, cog_year=2026)


@dataclass
class Story:
    """A centre, a kiosk and a brigade that it knows, and what they did so far."""

    world: World
    kiosk: Tablet
    brigade: Tablet
    officer: SoftwareKey
    requests: dict[int, EventPair] = field(default_factory=dict)

    def proves_the_clock(self, tablet: Tablet) -> None:
        """A sync point: between two of them the clock of the tablet is proved right."""
        tablet.records(SyncPoint(), sync=SyncEvidence(tree_size=0, root=bytes(32), offset_ms=0))

    def other_brigade(self, name: str = "other brigade") -> Tablet:
        """Another tablet of the same officer, its clock proved from now on; it has not spoken yet."""
        tablet = self.world.brigade(name)
        tablet.enrols(self.officer)
        self.proves_the_clock(tablet)
        return tablet

    def filed(self, number: int = 1, **changes: object) -> str:
        """A request that the centre has. Returns: its rid in hexadecimal."""
        self.requests[number] = self.kiosk.files(number, **changes)
        self.world.hears(self.kiosk)
        return builders.rid(number).hex()

    def established(self, number: int = 1, **changes: object) -> str:
        """A procuration that the centre has. Returns: its rid in hexadecimal."""
        rid = self.filed(number, **changes)
        self.brigade.acts(self.requests[number], self.officer, number)
        self.world.hears(self.brigade)
        return rid


def account_of(place: Place = NOUMEA, pseudonym: str = "agent-1") -> Account:
    """An agent of a commune, as signed events name them."""
    return Account(
        pseudonym=pseudonym,
        role=ROLE,
        place_code=place.code,
        place_type=place.type,
        place_cog_year=place.cog_year,
    )


def agent_of(place: Place = NOUMEA, username: str = "agent") -> Client:
    """A browser signed in as an agent of a commune."""
    return signed_in(create_town_hall_account(username, PASSWORD, place).user)


def administrator(username: str = "supervision") -> Client:
    """A browser signed in as a central administrator."""
    return signed_in(create_console_account(username, PASSWORD))


def signed_in(user: User) -> Client:
    """A browser with a session, that refuses forms without their token as a real one would."""
    client = Client()
    client.force_login(user)
    shows_second_factor(client, user)
    return client


def shows_second_factor(client: Client, user: User) -> None:
    """The session of this browser has seen a right code of the account's application."""
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = new_application(user).persistent_id
    session.save()


def new_application(user: User) -> TOTPDevice:
    """An application of codes that the account has just taken, instead of an earlier one."""
    TOTPDevice.objects.filter(user=user).delete()
    return TOTPDevice.objects.create(user=user, name="application", confirmed=True)


def code_of(device: TOTPDevice) -> str:
    """What the application shows now."""
    return f"{totp(device.bin_key):06}"


__all__ = [
    "LAON",
    "LIFOU",
    "NOUMEA",
    "PASSWORD",
    "Story",
    "account_of",
    "administrator",
    "agent_of",
    "code_of",
    "new_application",
    "shows_second_factor",
    "signed_in",
]
