"""The register that the settings name, and whether it answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from procuration.domain.law import ControlRegime
from procuration.domain.status import Status
from procuration.errors import CarrierUnavailable, RecordRejected
from server.config.centre import Centre
from server.config.settings import OPTIONS
from server.dossiers.models import Procuration
from server.register.electors_file import FileRegister

NOBODY: Final = "REGISTRE_NON_RACCORDE"
"""No register is named, and procurations wait for one."""


def configured_register() -> FileRegister | None:
    """The register that the settings name; None when nobody answers for the Répertoire électoral unique."""
    return FileRegister(Path(OPTIONS.register_file)) if OPTIONS.register_file else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterHealth:
    """How the control by the register goes.

    Attributes:
        configured: whether the settings name one.
        waiting: procurations that it has not answered about, and whose last poll has not closed.
        code: what is wrong; empty when nothing is.
    """

    configured: bool
    waiting: int
    code: str

    @property
    def alarm(self) -> bool:
        """Whether somebody must look: procurations would wait in vain."""
        return bool(self.code)


def register_health(centre: Centre) -> RegisterHealth:
    """One count, and one look at the register itself."""
    register = configured_register()
    asked = Procuration.objects.filter(status=Status.TRANSMISE, regime=ControlRegime.REU)
    waiting = asked.exclude(last_closing__lte=centre.clock.now()).count()
    code = ""
    if register is None:
        code = NOBODY if waiting else ""
    else:
        try:
            register.check()
        except (CarrierUnavailable, RecordRejected) as error:
            code = error.code
    return RegisterHealth(configured=register is not None, waiting=waiting, code=code)
