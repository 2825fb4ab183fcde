"""Every field of the electors' pages meets what nobody should send."""

import pytest

from server.ledger.models import Event
from server.usagers.draft import FIELDS
from server.usagers.models import FollowTry
from tests.server.usagers.electors import STEPS, answers, signed_in, starts

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE ledger_event;--",
    "' OR 1=1 --",
    "{{ request.session }}",
    "{% debug %}",
    "%s%s%n",
    "../../etc/passwd",
    "\x00",
    "\u202e\u2066",
    "\ufeff",
    "\ud7ff",
    "🗳️",
    "\r\nBcc: x@example.org",
    "=1+1",
    "A" * 100_000,
    "١٢٣",
    "-1",
    "99999999999999999999",
    "𝒜",
    "ﷺ" * 50,
)
FIELDS_OF_STEPS = [(step, name) for step, names in FIELDS.items() for name in names]


@pytest.mark.parametrize(("step", "name"), FIELDS_OF_STEPS)
def test_a_field_never_breaks_a_page_nor_comes_back_unescaped(world, step, name):
    elector = answers(starts())
    for hostile in HOSTILE:
        answer = elector.post(f"/demande/{step}/", {**STEPS[step], name: hostile})
        assert answer.status_code in (302, 422, 200), (name, hostile)
        page = elector.get(f"/demande/{step}/").content.decode()
        assert "<script" not in page
        assert "onerror=alert(1)>" not in page
        assert len(page) < 60_000
    assert Event.objects.count() == 0


@pytest.mark.parametrize("name", ["reference", "day", "month", "year", "partial"])
def test_the_follow_up_answers_the_same_to_anything(world, name):
    for hostile in HOSTILE:
        sent = {"reference": "ABCDEF", "day": "24", "month": "8", "year": "1962", name: hostile}
        FollowTry.objects.all().delete()
        answer = signed_in().post("/suivi/", sent)
        assert answer.status_code in (200, 422), (name, hostile)
        assert "<script" not in answer.content.decode()


@pytest.mark.parametrize("name", ["rid", "seen"])
def test_a_confirmation_of_something_else_files_nothing(world, name):
    elector = answers(starts())
    for hostile in HOSTILE:
        assert elector.post("/demande/verification/", {"rid": "0" * 32, name: hostile}).status_code == 409
    assert Event.objects.count() == 0


def test_too_many_fields_and_too_large_a_form_are_refused(world):
    elector = starts()
    assert elector.post("/demande/identite/", {f"f{n}": "" for n in range(200)}).status_code == 400
    for mebibytes, refused in ((5.5, 400), (6, 413)):
        large = elector.post("/demande/identite/", {"email": "a" * int(mebibytes * (1 << 20))})
        assert large.status_code == refused


def test_a_cookie_of_nobody_opens_nothing(world):
    from django.test import Client

    for value in ("", "x" * 5_000, "../../x", "\u00e9"):
        stranger = Client()
        stranger.cookies["procuration"] = value
        there = stranger.get("/demande/verification/").url.partition("?")[0]
        assert there in ("/demande/", "/session-terminee/")
    stranger = Client()
    stranger.cookies["langue"] = "<script>"
    assert '<html lang="fr"' in stranger.get("/suivi/").content.decode()
