"""Whatever is held before the scanner of a brigade: one neutral sentence, and a store that stays as it is.

The text stands in a picture, and the picture before the real station: reader, use case, presenter.
"""

import io
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import base45
import pytest
import segno
from PIL import Image

from kiosk_app.devices.choice import read_description
from kiosk_app.languages import wording
from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.store.requests import Source, read_request
from procuration.domain.events import Start, StartReason
from procuration.domain.identifiers import LogId, Realm
from procuration.errors import RecordRejected, RuleViolated
from procuration.record import canonical, printed, sealed
from procuration.record.event import EventPair, encode_body, parse_event, sign_event
from procuration.record.limits import QR_TEXT_CHARACTERS_MAX
from procuration.record.printed import PREFIX, qr_text
from procuration.record.sealed import Purpose, SuiteId, seal
from tests import builders
from tests.kiosk.devices.film import film, seen
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once
from tests.kiosk.use_cases.test_exchange import revoke
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft

EPOCH = builders.directory().epochs[0]
OTHER_REALM = Realm(bytes(16))
UNREADABLE = ("Ce reçu n’a pas pu être lu", "Posez-le à plat et recommencez, ou tapez la référence.")


def kiosk_signs(kiosk, realm=builders.REALM, content=None, **changes):
    """An event of the kiosk's own key and log, as its paper carries it."""
    writer = builders.Device("writer")
    body = encode_body(content or builders.filed(), writer.random)
    envelope = writer.envelope(content or builders.filed(), body, builders.rid(), log_id=LogId(kiosk.log_id))
    return EventPair(sign_event(replace(envelope, **changes), kiosk.store.signer, realm), body)


def on_paper(pair):
    return qr_text(pair, EPOCH, builders.REALM)


def text_of(seal_bytes):
    return PREFIX + base45.b45encode(seal_bytes).decode()


def another_signature(pair):
    sign1 = bytearray(pair.sign1)
    sign1[-1] ^= 1
    return EventPair(bytes(sign1), pair.body)


def forged_signature(kiosk):
    return on_paper(another_signature(kiosk_signs(kiosk)))


def forged_by_a_finder(kiosk):
    """Who knows the number of the kiosk's key, and signs with another."""
    pair, key = kiosk_signs(kiosk), builders.key("finder")
    signed, _ = parse_event(pair.sign1)
    other = canonical.encode([signed.protected, {}, signed.payload, key.sign(b"something")])
    return on_paper(EventPair(other, pair.body))


def another_request_under_a_true_signature(kiosk):
    pair = kiosk_signs(kiosk)
    other = encode_body(builders.filed(email="voleur@exemple.fr"), builders.Counted("thief"))
    return on_paper(EventPair(pair.sign1, other))


def signed_in_another_realm(kiosk):
    return on_paper(kiosk_signs(kiosk, realm=OTHER_REALM))


def sealed_in_another_realm(kiosk):
    return qr_text(kiosk_signs(kiosk), EPOCH, OTHER_REALM)


def sealed_for_another_purpose(kiosk):
    """Suite 1 is never used for another purpose by this project; somebody else may."""
    plain = canonical.encode([kiosk_signs(kiosk).sign1, kiosk_signs(kiosk).body])
    info = sealed._info(builders.REALM, Purpose.UP, SuiteId.X25519, EPOCH.key.kid)
    ciphertext = sealed._SUITES[SuiteId.X25519].encrypt(plain, sealed._public_key(EPOCH.key), info)
    return text_of(canonical.encode([1, 1, EPOCH.key.kid, ciphertext]))


def sealed_to_the_centre(kiosk):
    return text_of(seal(b"x", builders.sealing_key("server").public, Purpose.UP, builders.REALM))


def sealed_to_an_epoch_not_held(kiosk):
    return qr_text(kiosk_signs(kiosk), builders.directory().epochs[1], builders.REALM)


def not_a_request(kiosk):
    start = Start(software_version="1", reason=StartReason.PROGRAM, kid=None)
    return on_paper(kiosk_signs(kiosk, content=start))


def without_its_body(kiosk):
    return text_of(
        seal(canonical.encode([kiosk_signs(kiosk).sign1, None]), EPOCH.key, Purpose.QR, builders.REALM)
    )


def not_an_event(kiosk):
    return text_of(seal(b"bonjour", EPOCH.key, Purpose.QR, builders.REALM))


HOSTILE = {
    "forged: another signature": forged_signature,
    "forged: the signature of another key": forged_by_a_finder,
    "forged: another request under a true signature": another_request_under_a_true_signature,
    "foreign: signed in another realm": signed_in_another_realm,
    "foreign: sealed in another realm": sealed_in_another_realm,
    "foreign: sealed for another purpose": sealed_for_another_purpose,
    "foreign: sealed to the centre": sealed_to_the_centre,
    "foreign: an address of the web": lambda kiosk: "HTTPS://EXEMPLE.FR/PRQ1:",
    "foreign: a later version": lambda kiosk: on_paper(kiosk_signs(kiosk)).replace("PRQ1:", "PRQ2:"),
    "foreign: small letters": lambda kiosk: on_paper(kiosk_signs(kiosk)).lower(),
    "expired: an epoch not held": sealed_to_an_epoch_not_held,
    "another event": not_a_request,
    "no body": without_its_body,
    "no event": not_an_event,
    "half a receipt": lambda kiosk: on_paper(kiosk_signs(kiosk))[:400],
    "the prefix alone": lambda kiosk: PREFIX,
    "not Base45": lambda kiosk: PREFIX + "::::",
    "oversized": lambda kiosk: PREFIX + "A" * (QR_TEXT_CHARACTERS_MAX + 1 - len(PREFIX)),
}  # fmt: skip


class Station:
    """The officer's station before a scanner whose picture the test puts there."""

    def __init__(self, tablet, folder):
        self.tablet, self.view, self._folder = tablet, ScreenSeen(), folder
        self._folder.mkdir()
        devices = PluggedIn.of_options(None, read_description(str(folder)))
        parts = Workshop(tablet.station, tablet.spool, devices).brigade(VirtualTime(), at_once)
        self._presenter = BrigadePresenter(self.view, wording(), parts)
        self._presenter.start()
        self._presenter.act("unlock", {"code": OFFICER_CODE})

    def scans(self, text):
        """Returns: the page that the officer sees."""
        out = io.BytesIO()
        segno.make(text, error="m", boost_error=False, micro=False).save(out, kind="png", scale=4, border=4)
        return self.scans_picture(out.getvalue())

    def scans_picture(self, png):
        (self._folder / "receipt.png").write_bytes(png)
        self._presenter.act("scan", {})
        return self.view.page

    def stored(self):
        """Every row of every table, and the head of the log."""
        connection = self.tablet.store.connection
        names = [name for (name,) in connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert {"event", "request", "request_state", "officer", "set_aside"} <= set(names)
        return self.tablet.store.log.head, {
            name: sorted(map(repr, connection.rows(f'SELECT * FROM "{name}"'))) for name in names
        }


@pytest.fixture
def station(brigade, tmp_path):
    return Station(brigade, tmp_path / "scanner")


def said(page):
    return page.message.title, page.message.text


@pytest.mark.parametrize("story", HOSTILE)
def test_a_hostile_receipt_gets_one_neutral_sentence_and_nothing_is_stored(station, kiosk, story):
    text = HOSTILE[story](kiosk)
    before = station.stored()
    page = station.scans(text)
    assert (page.name, said(page)) == ("O1-search", UNREADABLE)
    with pytest.raises(RecordRejected, match=r"^QR$"):  # a scanner, which has no limit of its own
        station.tablet.find.by_qr(text)
    with pytest.raises(RecordRejected, match=r"^QR$"):
        station.tablet.find.prefill_from_qr(text)
    assert station.stored() == before
    assert station.tablet.station.session.opened == {}


def test_an_oversized_text_is_refused_before_it_is_decoded(brigade, monkeypatch):
    monkeypatch.setattr(printed.base45, "b45decode", lambda _: pytest.fail("decoded"))
    with pytest.raises(RecordRejected, match=r"^QR$"):
        brigade.find.by_qr(HOSTILE["oversized"](None))


def test_a_receipt_is_read_for_84_days_of_its_epoch_and_then_by_nobody(station, kiosk, brigade):
    text = on_paper(kiosk_signs(kiosk))
    brigade.store.settings.raise_floor(EPOCH.first + timedelta(days=84))
    assert station.scans(text).name == "O2-check"
    brigade.store.settings.raise_floor(EPOCH.first + timedelta(days=84, seconds=1))
    before = station.stored()
    assert brigade.store.requests.epoch_keys(), "no news of the centre came to delete it"
    assert said(station.scans(text)) == UNREADABLE
    brigade.store.requests.forget_epoch_keys(brigade.store.settings.floor)
    assert said(station.scans(text)) == UNREADABLE
    head, tables = station.stored()
    assert (head, tables | {"epoch_key": before[1]["epoch_key"]}) == before


def test_r_64_a_receipt_older_than_two_months_can_still_be_read_and_is_not_established(
    station, kiosk, brigade
):
    text = on_paper(kiosk_signs(kiosk))
    brigade.clock.pass_(days=62)
    brigade.receives(version=2, issued=brigade.clock.now())
    before = station.stored()
    found = brigade.find.by_qr(text)
    with pytest.raises(RuleViolated, match="DEMANDE_EXPIREE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert station.stored() == before


def test_a_replayed_receipt_shows_its_decision_and_is_not_stored_twice(station, kiosk, brigade):
    receipt = kiosk.file(draft())
    station.scans_picture(receipt.image_png)
    brigade.validate(receipt.rid, CHECKED, OFFICER_CODE)
    before = station.stored()
    page = station.scans_picture(receipt.image_png)
    told = "Cette demande a déjà une décision (1er\xa0avril\xa02027)."
    assert (page.name, page.message.title) == ("O2-check", told)
    assert page.asked == ()
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.validate(receipt.rid, CHECKED, OFFICER_CODE)
    assert station.stored() == before


def unknown(world, kiosk, brigade):
    brigade.receives(version=2, without=(kiosk,))


def revoked(world, kiosk, brigade):
    revoke(world, kiosk, brigade)


@pytest.mark.parametrize(("lost", "reason"), [(unknown, "KEY_UNKNOWN"), (revoked, "KEY_REVOKED")])
def test_the_receipt_of_a_kiosk_that_is_not_trusted_is_offered_to_be_filed_again(
    station, world, kiosk, brigade, lost, reason
):
    text = on_paper(pair := kiosk_signs(kiosk))
    lost(world, kiosk, brigade)
    before = station.stored()
    with pytest.raises(RuleViolated, match="POSTE_INCONNU") as refused:
        brigade.find.by_qr(text)
    assert refused.value.ids == {"reason": reason}
    assert station.scans(text).name == "O1-unknown-kiosk"
    seen_again = brigade.find.prefill_from_qr(text)
    assert seen_again.filed == read_request(pair, Source.RECEIPT).filed
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.validate(seen_again.rid, CHECKED, OFFICER_CODE)
    assert station.stored() == before


# ---- with no network anywhere
class NoNetwork:
    """An audit hook, which can not be taken away: on while a test says so."""

    on = False

    def __call__(self, event, arguments):
        if self.on and event.startswith("socket."):
            raise OSError(f"{event}: no network anywhere")

    @contextmanager
    def everywhere(self):
        self.on = True
        try:
            yield
        finally:
            self.on = False


no_network = NoNetwork()
sys.addaudithook(no_network)


def test_the_hook_of_the_next_test_stops_even_a_socket_of_this_machine():
    import socket

    with no_network.everywhere(), pytest.raises(OSError, match="no network anywhere"):
        socket.socket()


def test_scene_2_a_brigade_opens_and_decides_a_receipt_with_neither_side_on_line(world, tmp_path):
    """From the paper of the kiosk to the signed act, under the camera, without a socket."""
    with no_network.everywhere():
        kiosk = world.kiosk().leases("XBQ7V3")
        brigade = world.brigade().holds_epoch_key().enrols_officer()
        receipt = kiosk.file(draft())
        paper = Image.open(io.BytesIO(receipt.image_png)).convert("L").crop((0, 250, 512, 900))
        camera = film(tmp_path / "camera.avi", [seen(), seen(paper)])
        devices = PluggedIn.of_options(None, read_description(f"camera:{camera}"))
        scan = Workshop(brigade.station, brigade.spool, devices).brigade(VirtualTime(), at_once).scan
        found = brigade.find.by_qr(scan())
        assert (found.filed.mandant, found.reference) == (builders.ANGELA, receipt.reference)
        assert brigade.validate(found.rid, CHECKED, OFFICER_CODE).rid == receipt.rid
