"""The voice of the tablet: espeak-ng for every text, recorded clips for fixed sentences that a folder has.

Text reaches espeak-ng through its standard input: a command line is read by every process. Both write sound
into a player (aplay); to be silent, both are killed. One thread lives while something is said, and no longer.
"""

import array
import io
import shutil
import subprocess
import threading
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk_app.presenters.voice import Rate, Volume

ESPEAK: Final = "espeak-ng"
VOICES: Final = {"fr": "fr", "falc": "fr", "en": "en-gb"}
"""By language of the sentences; « facile à lire » is French."""
WORDS_PER_MINUTE: Final = {Rate.SLOW: 125, Rate.NORMAL: 165, Rate.FAST: 230}
AMPLITUDE: Final = {Volume.LOW: 40, Volume.NORMAL: 100, Volume.HIGH: 190}
"""Of espeak-ng, 0 to 200; a clip at 100 is played as it was recorded."""
PLAYER: Final = ("aplay", "-q")
TEXT_BYTES_MAX: Final = 32_768
"""Less than a pipe holds: writing it never waits."""
CLIP_BYTES_MAX: Final = 8_000_000
STOP_SECONDS: Final = 0.5

Process = subprocess.Popen[bytes]


def has_sound_card(cards: Path = Path("/proc/asound/cards")) -> bool:
    """Whether ALSA has a card; without one its player fails at once."""
    try:
        return "[" in cards.read_text(encoding="utf-8", errors="replace")[:10_000]
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Clips:
    """Recorded sentences: `folder/<language>/<key>.wav`, for the sentences whose key is known."""

    folder: Path
    keys: Callable[[str], Mapping[str, str]]

    def sound_of(self, text: str, language: str, volume: Volume) -> bytes | None:
        """The recording of this very sentence as a WAV, louder or softer; None when there is none, or none
        that can be read."""
        key = self.keys(language).get(text)
        path = self.folder / language / f"{key}.wav"
        if key is None or not path.is_file() or path.stat().st_size > CLIP_BYTES_MAX:
            return None
        try:
            return _amplified(path, AMPLITUDE[volume])
        except (OSError, EOFError, wave.Error):
            return None  # espeak-ng says it instead


def _amplified(path: Path, percent: int) -> bytes:
    """The clip with 16-bit samples scaled; other widths are refused."""
    with wave.open(str(path), "rb") as recorded:
        if recorded.getsampwidth() != 2:
            raise wave.Error("16 bits per sample")
        samples = array.array("h", recorded.readframes(recorded.getnframes()))
        shape = recorded.getparams()
    if percent != 100:
        samples = array.array("h", (max(-32768, min(32767, one * percent // 100)) for one in samples))
    held = io.BytesIO()
    with wave.open(held, "wb") as written:
        written.setparams(shape)
        written.writeframes(samples.tobytes())
    return held.getvalue()


@dataclass(slots=True)
class _Reading:
    """One thing being said; `sounds` are texts for espeak-ng or whole WAV files."""

    sounds: list[str | bytes] = field(repr=False)
    speaker: tuple[str, ...]
    player: tuple[str, ...]
    failed: bool = False
    _ended: bool = False
    _processes: list[Process] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Say one after the other, until the end or until told to end."""
        while self.sounds and not self._ended:
            try:
                self._say(self.sounds.pop(0))
            except OSError:  # a program that is gone, or a pipe that closed because it was killed
                self.failed = self.failed or not self._ended
                break
        self.sounds.clear()

    def _say(self, sound: str | bytes) -> None:
        with self._lock:
            if self._ended:
                return
            source = _start(self.speaker, out=subprocess.PIPE) if isinstance(sound, str) else None
            player = _start(self.player, read=source.stdout if source else subprocess.PIPE)
            self._processes = [one for one in (source, player) if one]
        entrance = source or player
        if source is not None and source.stdout is not None:
            source.stdout.close()
        assert entrance.stdin is not None
        with entrance.stdin as pipe:
            pipe.write(sound.encode()[:TEXT_BYTES_MAX] if isinstance(sound, str) else sound)
        results = [one.wait() for one in self._processes]
        if any(results) and not self._ended:
            self.failed = True
            raise OSError("no sound came out")

    def end(self) -> None:
        """Silence, now."""
        with self._lock:
            self._ended = True
            self.sounds.clear()
            for process in self._processes:
                process.kill()


def _start(
    command: tuple[str, ...], *, read: object = subprocess.PIPE, out: int = subprocess.DEVNULL
) -> Process:
    return subprocess.Popen(command, stdin=read, stdout=out, stderr=subprocess.DEVNULL)  # type: ignore[call-overload]


class EspeakVoice:
    """Implements `presenters.voice.Voice`."""

    def __init__(
        self,
        clips: Clips | None = None,
        player: Sequence[str] = PLAYER,
        sound_card: Callable[[], bool] = has_sound_card,
    ) -> None:
        self._clips, self._player, self._sound_card = clips, tuple(player), sound_card
        self._reading: _Reading | None = None
        self._thread: threading.Thread | None = None

    @property
    def available(self) -> bool:
        """espeak-ng, the player and a sound card are there, and the last thing said came out."""
        failed = self._reading is not None and self._reading.failed
        return (
            not failed
            and shutil.which(ESPEAK) is not None
            and shutil.which(self._player[0]) is not None
            and self._sound_card()
        )

    def speak(self, texts: Sequence[str], language: str, rate: Rate, volume: Volume) -> None:
        """Say these texts; the clips only at the rate at which they were recorded."""
        self.stop()
        if not texts or not self.available:
            return
        speaker = (
            ESPEAK, "-v", VOICES[language], "-s", str(WORDS_PER_MINUTE[rate]), "-a", str(AMPLITUDE[volume]),
            "--stdin", "--stdout",
        )  # fmt: skip
        sounds = self._sounds(texts, language, rate, volume)
        self._reading = _Reading(sounds, speaker, self._player)
        self._thread = threading.Thread(target=self._reading.run, name="voice", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Silence; the processes are dead when this returns, and the text is gone."""
        if self._reading is not None:
            self._reading.end()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        self._reading = self._thread = None

    def wait(self) -> None:
        """Until everything was said."""
        if self._thread is not None:
            self._thread.join()

    def _sounds(self, texts: Sequence[str], language: str, rate: Rate, volume: Volume) -> list[str | bytes]:
        """Neighbouring texts are one text for espeak-ng, a line each: between them it only breathes."""
        sounds: list[str | bytes] = []
        for text in texts:
            clip = None
            if self._clips is not None and rate is Rate.NORMAL:
                clip = self._clips.sound_of(text, language, volume)
            line = f"{' '.join(text.split()).rstrip('.')}.\n\n"  # split also knows no-break spaces
            if clip is not None:
                sounds.append(clip)
            elif sounds and isinstance(last := sounds[-1], str):
                sounds[-1] = last + line
            else:
                sounds.append(line)
        return sounds
