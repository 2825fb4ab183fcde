"""« Où aller ? » in every state that an elector may meet."""

from collections.abc import Iterator
from datetime import date

from kiosk_app.presenters.accueil import AccueilPresenter
from kiosk_app.use_cases.find_places import NearPlace
from procuration.domain.places import Hours, Standing
from tests.kiosk.presenters.fakes import Accueil, NearHere
from tests.screens.states import LAON_ANSWERS, State, answer_until

TODAY = date(2026, 11, 20)
MORNING_AND_AFTERNOON = (Hours(480, 720), Hours(840, 1080))


def near(name: str, **changes: object) -> NearPlace:
    """An invented place that is open until 18 h."""
    values: dict[str, object] = {
        "name": name,
        "address": ("1 rue Inventée", "98800 Nouméa"),
        "phone": "00 00 01",
        "metres": 1_234,
        "standing": Standing(open_until=1080),
        "today": TODAY,
        "hours": MORNING_AND_AFTERNOON,
        "hours_known": True,
    }
    return NearPlace(**(values | changes))


HERE = (
    near("Brigade inventée de Nouméa-Centre"),
    near("Commissariat inventé de Nouméa", metres=2_050, standing=Standing(opens_on=TODAY, opens_at=840)),
    near(
        "Brigade inventée de Dumbéa",
        metres=12_400,
        hours=(),
        standing=Standing(opens_on=date(2026, 11, 23), opens_at=450),
    ),
    near("Brigade inventée du Mont-Dore", metres=None, hours=(), hours_known=False, standing=Standing()),
    near(
        "Brigade inventée de Lifou",
        metres=None,
        phone="",
        hours=(),
        standing=Standing(opens_on=date(2026, 12, 1), opens_at=480),
    ),
)
LAON = (near("Commissariat inventé de Laon", address=("2 rue Inventée", "02000 Laon"), phone=""),)


def asked(presenter: AccueilPresenter, *commands: str, elsewhere: bool = False) -> None:
    """A request is filed, then somebody asks where to go."""
    answer_until(presenter, "", LAON_ANSWERS if elsewhere else None)
    for command in ("validate", *commands):
        presenter.act(command, {})


def places_states() -> Iterator[State]:
    """From K7 of a tablet in Nouméa."""

    def tablet() -> Accueil:
        return Accueil(near=NearHere({None: HERE, "02408": LAON}))

    yield State("K7-places", tablet, lambda p: asked(p, "places"))
    yield State("K7-places-elsewhere", tablet, lambda p: asked(p, "places", elsewhere=True))
    yield State("K7-places-vote", tablet, lambda p: asked(p, "places", "places.vote", elsewhere=True))
    yield State("K7-places-none", Accueil, lambda p: asked(p, "places"))
