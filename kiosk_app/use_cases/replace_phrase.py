"""A supervisor who forgot the phrase of this tablet gets a new one: their own key, or that of a colleague
from elsewhere, and the code of somebody here are enough. Nothing is lost: the second code opens the store.
"""

from typing import Final

from kiosk_app.store.slots import Slot, SlotKind
from kiosk_app.use_cases.ceremony import Ceremony, Gathered, TwoCodes
from kiosk_app.use_cases.enrol_officer import OfficerChanged

_NO_ENROLMENT: Final[tuple[bytes, ...]] = ()


class ReplacePhrase:
    """A slot of kind 4 that names its supervisor; the ones it replaces end with the same step."""

    def __init__(self, ceremony: Ceremony) -> None:
        self._ceremony = ceremony

    def __call__(self, codes: TwoCodes, phrase: str) -> OfficerChanged:
        """Raises: RuleViolated CODE_TROP_COURT, CODE_DEJA_PRIS; as `Ceremony.gather`."""
        gathered = self._ceremony.gather(codes)
        store_key = gathered.opened.store_key
        removed = self._replaced(gathered)
        opened = self._ceremony.station.slots.add(phrase, SlotKind.PASS_PHRASE, store_key, gathered.key.kid)
        seq = self._ceremony.change(gathered, _NO_ENROLMENT, lambda: None, added=opened, removed=removed)
        return OfficerChanged(kid=gathered.key.kid, seq=seq, not_after=None)

    def _replaced(self, gathered: Gathered) -> list[Slot]:
        """The phrase of the installation, which names nobody, and an earlier one of this supervisor."""
        return [
            slot
            for slot in self._ceremony.station.slots.listed()
            if slot.kind is SlotKind.PASS_PHRASE and slot.kid in (None, gathered.key.kid)
        ]
