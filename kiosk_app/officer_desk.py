"""The use cases of the officers behind what the page of the officers asks for, and behind the commands."""

from collections.abc import Sequence
from datetime import date

from kiosk_app.presenters.officer_ports import OfficersParts, TypedCodes, TypedOfficer
from kiosk_app.station import Station
from kiosk_app.use_cases.ceremony import Ceremony, SupervisorKeys, TwoCodes
from kiosk_app.use_cases.enrol_officer import EnrolOfficer, NewOfficer, OfficerChanged, checked_designation
from kiosk_app.use_cases.list_officers import ListOfficers
from kiosk_app.use_cases.renew_officer import RenewOfficer
from kiosk_app.use_cases.replace_phrase import ReplacePhrase
from kiosk_app.use_cases.reset_code import NewCode, ResetCode
from kiosk_app.use_cases.revoke_officer import RevokeOfficer
from procuration.adapters.key_file import KeyFile
from procuration.domain.identifiers import Kid
from procuration.domain.term import term_of
from procuration.errors import CarrierUnavailable


def no_supervisor_key() -> Sequence[KeyFile]:
    """A tablet that was told of no stick. Raises: CarrierUnavailable CLE_DU_RESPONSABLE_ABSENTE."""
    raise CarrierUnavailable("CLE_DU_RESPONSABLE_ABSENTE")


class OfficerDesk:
    """Every change of the officers of one tablet."""

    def __init__(self, station: Station, keys: SupervisorKeys) -> None:
        ceremony = Ceremony(station, keys)
        self._station = station
        self.listed = ListOfficers(station)
        self.renew, self.revoke = RenewOfficer(ceremony), RevokeOfficer(ceremony)
        self.enrol, self.reset = EnrolOfficer(ceremony), ResetCode(ceremony)
        self.replace_phrase = ReplacePhrase(ceremony)

    def check_day(self, last_day: date) -> None:
        """Raises: RuleViolated OFFICER_PERIOD."""
        zone = self._station.store.zone
        term_of(self._station.proved_now().astimezone(zone).date(), last_day, zone)

    def check(self, typed: TypedOfficer) -> None:
        """Before the two codes. Raises: RuleViolated, as `EnrolOfficer`."""
        checked_designation(_new(typed))
        self.check_day(typed.last_day)

    def received(self, seq: int) -> bool:
        """Whether the centre has that event, by proof."""
        return self._station.store.delivered_seq >= seq


def officers_parts(station: Station, keys: SupervisorKeys) -> OfficersParts:
    """For the presenter."""
    desk = OfficerDesk(station, keys)

    def enrol(codes: TypedCodes, typed: TypedOfficer) -> OfficerChanged:
        return desk.enrol(_two(codes), _new(typed))

    def renew(codes: TypedCodes, kid: Kid, last_day: date) -> OfficerChanged:
        return desk.renew(_two(codes), kid, last_day)

    def reset(codes: TypedCodes, kid: Kid, code: str) -> OfficerChanged:
        return desk.reset(_two(codes), kid, NewCode(code))

    return OfficersParts(
        listed=desk.listed,
        signed_in=desk.listed.signed_in,
        check=desk.check,
        check_day=desk.check_day,
        enrol=enrol,
        renew=renew,
        revoke=lambda codes, kid: desk.revoke(_two(codes), kid),
        reset=reset,
        replace_phrase=lambda codes, phrase: desk.replace_phrase(_two(codes), phrase),
        received=desk.received,
    )


def _two(codes: TypedCodes) -> TwoCodes:
    return TwoCodes(codes.phrase, codes.second)


def _new(typed: TypedOfficer) -> NewOfficer:
    return NewOfficer(
        nom=typed.nom,
        prenoms=typed.prenoms,
        qualite=typed.qualite,
        designation=typed.designation,
        last_day=typed.last_day,
        code=typed.code,
    )
