"""A supervisor with their stick, for the tablets of the tests: key file, phrase, and who stands beside."""

from datetime import timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_app.devices.supervisor_stick import SupervisorStick
from kiosk_app.use_cases.ceremony import Ceremony, TwoCodes
from kiosk_app.use_cases.enrol_officer import EnrolOfficer, NewOfficer
from kiosk_app.use_cases.list_officers import ListOfficers
from kiosk_app.use_cases.renew_officer import RenewOfficer
from kiosk_app.use_cases.replace_phrase import ReplacePhrase
from kiosk_app.use_cases.reset_code import ResetCode
from kiosk_app.use_cases.revoke_officer import RevokeOfficer
from procuration.adapters.key_file import Cost, lock
from tests import builders
from tests.kiosk.world import AGENT_CODE

KEY_PHRASE = "la clé du responsable"
NEW_CODE = "271828"
TWO = TwoCodes(KEY_PHRASE, AGENT_CODE)


@cache
def key_file(name="supervisor", phrase=KEY_PHRASE):
    """What the authority gave this supervisor."""
    private = Ed25519PrivateKey.from_private_bytes(builders.key(name).seed)
    return lock(f"superviseur-{name}", private, phrase, Cost(memory_kib=32, passes=1, lanes=1)).to_bytes()


def new_officer(**changes):
    """Somebody who comes to the unit today."""
    typed = {
        "nom": "WAMYTAN",
        "prenoms": "Élie",
        "qualite": "Gendarme, OPJ",
        "designation": "Premier président de la cour d’appel de Nouméa, 03/03/2027",
        "last_day": (builders.NOW + timedelta(days=60)).date(),
        "code": NEW_CODE,
    }
    return NewOfficer(**{**typed, **changes})


class Office:
    """What the two people can do at one tablet."""

    def __init__(self, tablet, *supervisors):
        self.tablet = tablet
        self.stick = tablet.folder.parent / f"{tablet.folder.name}-stick"
        self.stick.mkdir(exist_ok=True)
        for name in supervisors or ("supervisor",):
            self.brings(name)
        ceremony = Ceremony(tablet.station, SupervisorStick(lambda: self.stick))
        self.enrol, self.renew = EnrolOfficer(ceremony), RenewOfficer(ceremony)
        self.revoke, self.reset = RevokeOfficer(ceremony), ResetCode(ceremony)
        self.replace_phrase, self.listed = ReplacePhrase(ceremony), ListOfficers(tablet.station)

    def brings(self, name):
        (self.stick / f"superviseur-{name}.key").write_bytes(key_file(name))
