"""What the command line says of voice and pad, and the voice that it describes."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kiosk_app.devices.headset import headset_plugged
from kiosk_app.devices.voice import Clips, EspeakVoice
from kiosk_app.languages import keys_by_sentence
from kiosk_app.presenters.pad import Pad, UnknownPad, read_pad
from kiosk_app.presenters.speech import Speech
from kiosk_app.presenters.wording import Wording


def add_voice_options(parser: argparse.ArgumentParser, environment: Mapping[str, str], prefix: str) -> None:
    """`--pad` and `--clips`, also from the environment."""
    parser.add_argument(
        "--pad", type=_pad, metavar="TOUCHES", default=environment.get(f"{prefix}PAD") or None,
        help="un pavé de cinq touches est branché\u00a0: arrows (flèches et Entrée), ou cinq codes de touche"
        " pour haut,bas,gauche,droite,choisir",
    )  # fmt: skip
    clips = environment.get(f"{prefix}CLIPS")
    parser.add_argument(
        "--clips", type=Path, metavar="DIR", default=Path(clips) if clips else None,
        help="phrases enregistrées\u00a0: DIR/<langue>/<clé>.wav, dites à la place de la synthèse",
    )  # fmt: skip


def _pad(text: str) -> Pad:
    try:
        return read_pad(text)
    except UnknownPad as error:
        raise argparse.ArgumentTypeError(f"arrows, ou cinq codes différents\u00a0: {text}") from error


def speech_of(options: argparse.Namespace, say: Wording) -> Speech:
    """The voice of an elector's tablet."""
    clips = Clips(options.clips, keys_by_sentence) if options.clips else None
    return Speech(EspeakVoice(clips), say, headset_plugged)
