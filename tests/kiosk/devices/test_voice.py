"""The real espeak-ng: a file stands for the loudspeaker."""

import shutil
import sys
import threading
import time
import wave
from pathlib import Path

import pytest

from kiosk_app.devices.headset import headset_plugged, says_plugged
from kiosk_app.devices.voice import Clips, EspeakVoice, has_sound_card
from kiosk_app.languages import keys_by_sentence
from kiosk_app.presenters.voice import Rate, Volume

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")

INTO_A_FILE = """
import sys
out = open(sys.argv[1], "ab")
while piece := sys.stdin.buffer.read1(4096):
    out.write(piece)
"""
AS_SLOW_AS_SOUND = """
import sys, time
out = open(sys.argv[1], "ab", buffering=0)
while piece := sys.stdin.buffer.read(2205):
    out.write(piece)
    time.sleep(0.05)
"""
SILENT_WITHIN_SECONDS = 0.1


def voice_into(path: Path, program: str = INTO_A_FILE, clips: Clips | None = None) -> EspeakVoice:
    return EspeakVoice(clips, (sys.executable, "-c", program, str(path)), lambda: True)


def seconds_of(path: Path) -> float:
    """How long the recording lasts; espeak-ng cannot know it when it writes the head of a stream."""
    with wave.open(str(path), "rb") as recorded:
        return (path.stat().st_size - 44) / recorded.getframerate() / recorded.getsampwidth()


@needs_espeak
def test_a_page_becomes_sound_in_the_voice_of_its_language(tmp_path):
    for language in ("fr", "en", "falc"):
        voice = voice_into(tmp_path / f"{language}.wav")
        voice.speak(["Votre référence", "X comme Xavier, 7"], language, Rate.NORMAL, Volume.NORMAL)
        voice.wait()
        assert voice.available
        assert seconds_of(tmp_path / f"{language}.wav") > 1.5
    french, english = (tmp_path / f"{name}.wav" for name in ("fr", "en"))
    assert french.read_bytes() != english.read_bytes()


@needs_espeak
def test_the_rate_and_the_volume_are_heard(tmp_path):
    for rate, volume in ((Rate.SLOW, Volume.HIGH), (Rate.FAST, Volume.LOW)):
        voice = voice_into(tmp_path / f"{rate}.wav")
        voice.speak(["Quel est votre nom de naissance ?"], "fr", rate, volume)
        voice.wait()
    assert seconds_of(tmp_path / "slow.wav") > 1.3 * seconds_of(tmp_path / "fast.wav")
    assert loudest(tmp_path / "slow.wav") > 2 * loudest(tmp_path / "fast.wav")


def loudest(path: Path) -> int:
    samples = memoryview(path.read_bytes()[44:]).cast("h")
    return max(abs(sample) for sample in samples)


@needs_espeak
def test_the_voice_is_silent_in_a_tenth_of_a_second_and_its_text_is_gone(tmp_path):
    voice = voice_into(tmp_path / "long.wav", AS_SLOW_AS_SOUND)
    voice.speak(["Marquesienne " * 400], "fr", Rate.NORMAL, Volume.NORMAL)
    heard_something(tmp_path / "long.wav")
    reading, thread = voice._reading, voice._thread
    begins = time.monotonic()
    voice.stop()
    took = time.monotonic() - begins
    assert took < SILENT_WITHIN_SECONDS
    assert not thread.is_alive()
    assert all(process.poll() is not None for process in reading._processes)
    assert reading.sounds == []
    assert "Marquesienne" not in repr(vars(voice))


def heard_something(path: Path) -> None:
    end, pause = time.monotonic() + 20, threading.Event()
    while not (path.exists() and path.stat().st_size > 8000):
        assert time.monotonic() < end, "no sound came"
        pause.wait(0.005)


@needs_espeak
def test_what_is_said_is_never_on_a_command_line(tmp_path):
    voice = voice_into(tmp_path / "long.wav", AS_SLOW_AS_SOUND)
    voice.speak(["Marquesienne " * 400], "fr", Rate.NORMAL, Volume.NORMAL)
    heard_something(tmp_path / "long.wav")
    lines = [Path(f"/proc/{one.pid}/cmdline").read_bytes() for one in voice._reading._processes]
    voice.stop()
    assert any(b"espeak-ng" in line for line in lines)
    assert not any(b"Marquesienne" in line for line in lines)


@needs_espeak
def test_a_second_text_takes_the_place_of_the_first(tmp_path):
    voice = voice_into(tmp_path / "both.wav", AS_SLOW_AS_SOUND)
    voice.speak(["un " * 500], "fr", Rate.NORMAL, Volume.NORMAL)
    heard_something(tmp_path / "both.wav")
    first = voice._reading
    voice.speak(["deux"], "fr", Rate.NORMAL, Volume.NORMAL)
    assert all(process.poll() is not None for process in first._processes)
    voice.stop()


def test_without_a_player_a_card_or_after_a_failure_there_is_no_voice_and_no_crash(tmp_path):
    assert not EspeakVoice(None, ("no-such-player",), lambda: True).available
    assert not EspeakVoice(None, (sys.executable,), lambda: False).available
    failing = EspeakVoice(None, ("false",), lambda: True)
    failing.speak(["Bonjour " * 50], "fr", Rate.NORMAL, Volume.NORMAL)
    failing.wait()
    assert not failing.available
    failing.stop()  # the next person tries again
    assert failing.available == (shutil.which("espeak-ng") is not None)


def test_a_tablet_without_espeak_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = voice_into(tmp_path / "out.wav")
    voice.speak(["Bonjour"], "fr", Rate.NORMAL, Volume.NORMAL)
    voice.wait()
    assert (voice.available, (tmp_path / "out.wav").exists()) == (False, False)


def test_a_machine_without_cards_has_no_sound(tmp_path):
    cards = tmp_path / "cards"
    assert not has_sound_card(cards)
    cards.write_text("--- no soundcards ---\n")
    assert not has_sound_card(cards)
    cards.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n")
    assert has_sound_card(cards)


# ---- clips
def recorded(folder: Path, key: str, samples: bytes, width: int = 2) -> Path:
    path = folder / "fr" / f"{key}.wav"
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(width)
        clip.setframerate(22050)
        clip.writeframes(samples)
    return path


@needs_espeak
def test_a_recorded_sentence_is_played_instead_of_the_synthesiser(tmp_path):
    recorded(tmp_path, "quit.title", b"\x10\x20" * 3000)
    sentence = {key: text for text, key in keys_by_sentence("fr").items()}["quit.title"]
    for rate in (Rate.NORMAL, Rate.FAST):
        voice = voice_into(tmp_path / f"{rate}.wav", clips=Clips(tmp_path, keys_by_sentence))
        voice.speak([sentence], "fr", rate, Volume.NORMAL)
        voice.wait()
    assert (tmp_path / "normal.wav").read_bytes()[44:] == b"\x10\x20" * 3000
    assert (tmp_path / "fast.wav").read_bytes()[44:] != b"\x10\x20" * 3000


def test_a_clip_is_louder_when_asked_and_never_wraps(tmp_path):
    recorded(tmp_path, "quit.title", b"\x00\x70" * 10)
    clips = Clips(tmp_path, lambda language: {"Au revoir": "quit.title"})
    assert clips.sound_of("Au revoir", "fr", Volume.HIGH)[44:] == b"\xff\x7f" * 10
    assert (
        clips.sound_of("Au revoir", "fr", Volume.LOW)[44:] == (0x7000 * 40 // 100).to_bytes(2, "little") * 10
    )


@pytest.mark.parametrize(
    "damage", ["eight bits", "no sound file", "too large", "not there", "not a fixed sentence"]
)
def test_a_clip_that_cannot_be_used_leaves_the_sentence_to_the_synthesiser(tmp_path, damage, monkeypatch):
    path = recorded(tmp_path, "quit.title", b"\x10" * 100, width=1 if damage == "eight bits" else 2)
    if damage == "no sound file":
        path.write_bytes(b"not a sound")
    if damage == "not there":
        path.unlink()
    if damage == "too large":
        monkeypatch.setattr("kiosk_app.devices.voice.CLIP_BYTES_MAX", 50)
    said = "Bonjour" if damage == "not a fixed sentence" else "Au revoir"
    clips = Clips(tmp_path, lambda language: {"Au revoir": "quit.title"})
    assert clips.sound_of(said, "fr", Volume.NORMAL) is None


# ---- headset
CONTENTS = """numid=1,iface=CARD,name='Headphone Jack'
  ; type=BOOLEAN,access=r-------,values=1
  : values={front}
numid=2,iface=CARD,name='Headphone Phantom Jack'
  ; type=BOOLEAN,access=r-------,values=1
  : values={phantom}
numid=3,iface=CARD,name='Speaker Phantom Jack'
  ; type=BOOLEAN,access=r-------,values=1
  : values=on
numid=4,iface=MIXER,name='Headphone Playback Switch'
  ; type=BOOLEAN,access=rw------,values=2
  : values=on,on
"""


@pytest.mark.parametrize(
    ("front", "phantom", "plugged"),
    [("on", "on", True), ("on", "off", True), ("off", "off", False), ("off", "on", False)],
)
def test_only_a_real_jack_that_is_on_is_a_headset(front, phantom, plugged):
    assert says_plugged(CONTENTS.format(front=front, phantom=phantom)) is plugged


def test_what_is_not_known_is_no_headset(tmp_path):
    assert not headset_plugged(tmp_path)
    (tmp_path / "card0").mkdir()
    assert not headset_plugged(tmp_path, "no-such-program")
    assert not headset_plugged(tmp_path, "false")


def test_every_card_is_asked(tmp_path):
    for number in (0, 1):
        (tmp_path / f"card{number}").mkdir()
    asked = tmp_path / "amixer"
    held = CONTENTS.format(front="on", phantom="off")
    asked.write_text(f'#!/bin/sh\n[ "$2" = 1 ] && cat <<END\n{held}END\nexit 0\n')
    asked.chmod(0o755)
    assert headset_plugged(tmp_path, str(asked))
