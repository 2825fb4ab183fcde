"""Which second secrets a tablet can use beside a code, by the kind of key slot (SECURITY-DESIGN 11)."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kiosk_app.store.slot_file import SlotKind
from procuration.adapters.token_secret import TokenSecret
from procuration.adapters.tpm_secret import TpmSecret
from procuration.ports import SecretKeeper

Keepers = Mapping[SlotKind, SecretKeeper]
NO_KEEPERS: Final[Keepers] = MappingProxyType({})
KIND_NAMES: Final[Mapping[str, SlotKind]] = MappingProxyType(
    {
        "tpm": SlotKind.TPM,
        "token": SlotKind.TOKEN,
        "service-key": SlotKind.SERVICE_KEY,
        "phrase": SlotKind.PASS_PHRASE,
    }
)
"""What the commands call them."""


def hardware(tpm: str, token_module: Path | None, token_label: str | None) -> Keepers:
    """The TPM of this machine, and its token when a module and a label say where it is. Nothing is opened
    yet, and no library of theirs is loaded.

    Raises: RuleViolated TPM_REGLAGE.
    """
    keepers: dict[SlotKind, SecretKeeper] = {SlotKind.TPM: TpmSecret(tpm)}
    if token_module is not None and token_label is not None:
        keepers[SlotKind.TOKEN] = TokenSecret(token_module, token_label)
    return keepers


def kind_name(kind: SlotKind) -> str:
    """The word of `KIND_NAMES` for a kind."""
    return next(name for name, known in KIND_NAMES.items() if known is kind)
