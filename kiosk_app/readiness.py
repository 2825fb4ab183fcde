"""Whether a tablet is ready for a day of work: what was tested, how it stands, and what to do next. Pure.

No sentence names a person, a reference or a document: the page lies about, and is shown to whoever helps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk_app.receipt import NBSP, day_in_words
from kiosk_app.sheet import BODY, SMALL, TITLE, Printout, Roll, Sheet, printout_of
from procuration.domain.clock_evidence import ClockDoubt, doubt_of
from procuration.errors import ProcurationError
from procuration.record.directory import FRESHNESS_WARNING

MEBIBYTE: Final = 1024 * 1024
ROOM_LITTLE: Final = 5
"""Times the room that must stay free."""
SPOOL_OLD: Final = timedelta(days=7)


class Level(StrEnum):
    """How one part stands."""

    GOOD = "OK"
    WATCH = "à surveiller"
    BROKEN = "panne"
    UNTESTED = "non testé"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One part of the tablet.

    Attributes:
        said: how it stands; then what to do, "" when nothing.
        device: it is plugged in, so that a failure is one of a component that cannot be reached.
    """

    name: str
    level: Level
    said: str
    next_step: str = ""
    device: bool = False

    def line(self) -> str:
        """For a person at a terminal."""
        return f"{self.level.value:<13} {self.name}{NBSP}: {self.said} {self.next_step}".rstrip()

    def values(self) -> dict[str, str]:
        """For a script."""
        return {
            "name": self.name,
            "level": self.level.name.lower(),
            "said": self.said,
            "next": self.next_step,
        }


_PRINTER: Final = {
    "PAPIER_FINI": ("Il n’y a plus de papier.", "Mettez un rouleau neuf."),
    "CAPOT_OUVERT": ("L’imprimante est ouverte.", "Fermez son capot."),
    "IMPRIMANTE_EN_PANNE": ("L’imprimante est bloquée.", "Éteignez-la, puis rallumez-la."),
    "IMPRIMANTE_INJOIGNABLE": ("L’imprimante n’est pas branchée.", "Vérifiez le câble et --printer."),
    "IMPRIMANTE_MUETTE": ("L’imprimante ne répond pas.", "Rallumez-la, puis vérifiez la vitesse du port."),
    "LARGEUR_PAPIER": (
        "La tête est plus étroite que le rouleau.",
        "Corrigez --roll ou «\u202f;dots=\u202f».",
    ),
    "FILE_ARRETEE": ("La file de CUPS est arrêtée.", "Relancez-la avec cupsenable et cupsaccept."),
    "IMPRESSION": ("La page n’est pas sortie.", "Vérifiez le dossier ou la file."),
}


def of_printer(error: ProcurationError | None, *, near_end: bool, printed: bool) -> Check:
    """`printed`: the page of `--print` came out."""
    level, said, todo = Level.GOOD, "La page est sortie." if printed else "L’imprimante est prête.", ""
    if error is not None and error.code == "IMPRIMANTE_ABSENTE":
        level, said, todo = Level.WATCH, "Aucune imprimante n’est choisie.", "Dites laquelle avec --printer."
    elif error is not None:
        level = Level.BROKEN
        said, todo = _PRINTER.get(error.code, ("L’imprimante a échoué.", "Vérifiez-la."))
    elif near_end:
        level, said, todo = Level.WATCH, "Le papier est presque fini.", "Préparez un rouleau neuf."
    return Check(name="imprimante", level=level, said=said, next_step=todo, device=True)


def of_reader(name: str, found: str | None) -> Check:
    """`found`: what was seen, None when the device does not answer."""
    if found is None:
        todo = "Vérifiez le câble, le groupe du compte et --scanner."
        return Check(name=name, level=Level.BROKEN, said="Il ne répond pas.", next_step=todo, device=True)
    return Check(name=name, level=Level.GOOD, said=found, device=True)


def no_reader() -> Check:
    """A kiosk reads no receipt; an officer's station finds requests by their reference."""
    todo = "Dites lequel avec --scanner."
    return Check(name="lecteur", level=Level.WATCH, said="Aucun lecteur n’est choisi.", next_step=todo)


def of_sound(*, voice: bool, cards: int) -> Check:
    """Nobody is kept from voting without sound: it is never a failure."""
    if not voice:
        said, todo = "La voix n’est pas installée.", "Installez espeak-ng."
    elif not cards:
        said, todo = "Aucune carte son n’est trouvée.", "Branchez un casque ou un haut-parleur."
    else:
        return Check(name="son", level=Level.GOOD, said="La voix et une carte son sont là.")
    return Check(name="son", level=Level.WATCH, said=said, next_step=todo)


def of_clock(wall: datetime, built: datetime, proved: datetime | None, *, synchronised: bool) -> Check:
    """`built`: when this program was; `proved`: the largest time proved to this tablet."""
    doubt = None if proved is None else doubt_of(wall, proved)
    level, said, todo = Level.GOOD, "L’heure est à jour.", ""
    if wall < built or doubt is ClockDoubt.BEHIND:
        level, said, todo = Level.BROKEN, "L’heure est en retard.", "Réglez-la avant toute décision."
    elif doubt is ClockDoubt.FAR_AHEAD:
        level, said = Level.WATCH, "L’heure dépasse de 30 jours la dernière heure prouvée."
        todo = "Vérifiez la date."
    elif not synchronised:
        level, said = Level.WATCH, "L’heure n’est réglée par aucun réseau."
        todo = "Comparez-la à une montre."
    return Check(name="horloge", level=level, said=said, next_step=todo)


def of_disk(free_bytes: int, free_bytes_min: int, *, writable: bool) -> Check:
    """`writable`: a file was written and flushed."""
    left = f"Il reste {free_bytes // MEBIBYTE}{NBSP}Mio."
    level, said, todo = Level.GOOD, left, ""
    if not writable:
        level, said, todo = Level.BROKEN, "Le disque ne s’écrit pas.", "Changez de tablette."
    elif free_bytes < free_bytes_min:
        level, todo = Level.BROKEN, "Libérez de la place, rien de nouveau n’est enregistré."
    elif free_bytes < ROOM_LITTLE * free_bytes_min:
        level, todo = Level.WATCH, "Libérez de la place."
    return Check(name="disque", level=level, said=said, next_step=todo)


def of_store(size: int | None, refused: str | None, *, private: bool, opened: bool) -> Check:
    """`size`: bytes of the store, None without one; `refused`: the code of what is wrong with it."""
    level, said, todo = Level.GOOD, f"{(size or 0) // MEBIBYTE}{NBSP}Mio, ", ""
    said += "ouvert et vérifié." if opened else "chiffré, sans dégât visible."
    if size is None:
        level, said, todo = Level.BROKEN, "Il n’y a pas de magasin.", "Installez le poste."
    elif refused is not None:
        level, said = Level.BROKEN, f"Le magasin est refusé ({refused})."
        todo = "Ne l’effacez pas, appelez l’administrateur."
    elif not private:
        level, said = Level.BROKEN, "D’autres comptes peuvent lire le magasin."
        todo = "Mettez le dossier en mode 0700 et le fichier en 0600."
    return Check(name="magasin", level=level, said=said, next_step=todo)


def of_spool(leaving: int, arrived: int, oldest: timedelta | None, *, private: bool, writable: bool) -> Check:
    """`leaving`, `arrived`: files in either direction; `oldest`: age of the first that waits."""
    age = "" if oldest is None else f", le plus ancien depuis {max(0, oldest.days)}{NBSP}j"
    said = f"{leaving}{NBSP}à envoyer, {arrived}{NBSP}à lire{age}."
    level, todo = Level.GOOD, ""
    if not writable:
        level, todo = Level.BROKEN, "Rendez les dossiers d’échange inscriptibles à ce compte."
    elif not private:
        level, todo = Level.BROKEN, "Fermez les dossiers d’échange aux autres comptes (mode 0770)."
    elif oldest is not None and oldest >= SPOOL_OLD:
        level, todo = Level.WATCH, "Transmettez, ou copiez sur une clé USB."
    return Check(name="échange", level=level, said=said, next_step=todo)


def of_directory(age_days: int | None, days_max: int) -> Check:
    """`age_days`: None while no code has opened the store."""
    if age_days is None:
        todo = "Donnez un code avec --code-file."
        return Check(name="annuaire", level=Level.UNTESTED, said="Son âge est chiffré.", next_step=todo)
    level, said, todo = Level.GOOD, f"Il a {age_days}{NBSP}j.", ""
    if age_days >= days_max:
        level, todo = Level.BROKEN, "Transmettez, aucun officier ne peut valider."
    elif age_days >= FRESHNESS_WARNING.days:
        level, todo = Level.WATCH, "Transmettez bientôt."
    return Check(name="annuaire", level=level, said=said, next_step=todo)


def is_broken(checks: Sequence[Check]) -> bool:
    """Whether the tablet itself fails."""
    return any(check.level is Level.BROKEN and not check.device for check in checks)


def is_unreachable(checks: Sequence[Check]) -> bool:
    """Whether something plugged in fails."""
    return any(check.level is Level.BROKEN and check.device for check in checks)


def page(checks: Sequence[Check], at: datetime, roll: Roll = Roll.MM_80) -> Printout:
    """« Page de l’état du poste », for the wall beside it. `at`: local time."""
    paper = Sheet.new(roll.value)
    paper.text("État du poste", TITLE, bold=True, centred=True)
    paper.text(f"{day_in_words(at.date())} à {at.hour}{NBSP}h{NBSP}{at.minute:02d}", SMALL, centred=True)
    paper.rule()
    for check in checks:
        paper.text(f"{check.name.capitalize()}{NBSP}: {check.level.value}", BODY, bold=True)
        paper.text(f"{check.said} {check.next_step}".strip(), SMALL)
        paper.gap(8)
    paper.rule()
    paper.ruler()
    paper.text("Aucune donnée personnelle.", SMALL, centred=True)
    return printout_of(paper.cut())
