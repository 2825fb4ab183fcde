"""Every screen of the tablet in every state that a person may meet, reached through the real presenters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kiosk_app.presenters.accueil import AccueilPresenter
from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.pages import Answers
from kiosk_app.presenters.ports import ActState, Site, Stopped
from kiosk_app.presenters.request_form import RequestForm
from kiosk_app.presenters.station_transfer import TransferJob
from kiosk_app.use_cases.copy_to_stick import StickProgress
from procuration.domain.alerts import Alert, AlertCode
from procuration.domain.deadlines import Lack
from procuration.domain.reference import Reference
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from tests.kiosk.presenters.fakes import (
    DOUBLE,
    NOW,
    PRESIDENTIELLE,
    PROVINCIALES,
    RIGHT_CODE,
    SUPERVISOR,
    Accueil,
    Agents,
    AgentShown,
    Brigade,
    Found,
    Hour,
    Installer,
    Later,
    Stock,
    There,
    filed,
    urgent,
)

BIRTH = ("24", "08", "1962")
ANSWERS: dict[str, Answers] = {
    "mandant.birth_name": {"name": "DUBOIS"},
    "mandant.given_names": {"names": "Angela Claire Louise"},
    "mandant.sex": {"sex": "f"},
    "mandant.birth_date": {"date": BIRTH, "partial": False},
    "email.question": {"email": "angela.dubois@exemple.fr"},
    "place.question": {"place": "Nouméa (Nouvelle-Calédonie)"},
    "mandataire.method": {"method": "name"},
    "mandataire.number": {"number": "12345678"},
    "mandataire.birth_name": {"name": "DUPONT"},
    "mandataire.given_names": {"names": "Jean-Claude Bernard"},
    "mandataire.sex": {"sex": "m"},
    "mandataire.birth_date": {"date": ("22", "08", "1944"), "partial": False},
    "mandataire.place": {"place": "Nouméa (Nouvelle-Calédonie)"},
    "election.kind": {"kind": "next"},
    "election.which": {"scrutin": PRESIDENTIELLE.id},
    "election.rounds": {"rounds": "3"},
    "election.dates": {"first": ("01", "12", "2026"), "last": ("30", "06", "2027")},
}
PLACE_TYPED = {"place.question": "Noum", "mandataire.place": "Noum"}


def open_post(presenter: AccueilPresenter) -> None:
    presenter.act("unlock", {"code": RIGHT_CODE})


def first_question(presenter: AccueilPresenter) -> None:
    open_post(presenter)
    presenter.act("start", {})
    presenter.act("understood", {})


def answer_until(presenter: AccueilPresenter, key: str, changes: dict[str, Answers] | None = None) -> None:
    """Answer the questions in order and stop in front of one; "" stops at the verification."""
    first_question(presenter)
    answers = ANSWERS | (changes or {})
    while presenter.form.question is not None and presenter.form.question.key != key:
        asked = presenter.form.question.key
        if asked in PLACE_TYPED and isinstance(answers[asked]["place"], str):
            presenter.typed("place", str(answers[asked]["place"])[:4])
            presenter.picked(0)
        else:
            presenter.act("continue", answers[asked])
        if presenter.form.question is not None and presenter.form.question.key == asked:
            raise AssertionError(f"{asked} was not accepted")


@dataclass(frozen=True)
class State:
    """One picture: its name, the tablet, and how to reach it."""

    name: str
    make: Callable[[], Accueil | Brigade | Installer]
    reach: Callable[..., None]

    @property
    def profile(self) -> str:
        return {"O": "brigade", "I": "install"}.get(self.name[0], "accueil")


LAON_ANSWERS: dict[str, Answers] = {
    "place.question": {"place": "Laon (Aisne)"},
    "mandataire.method": {"method": "number"},
}


def nothing(presenter: object) -> None:
    """The first page, as it starts."""


def _question(key: str, changes: dict[str, Answers] | None = None) -> Callable[[AccueilPresenter], None]:
    return lambda presenter: answer_until(presenter, key, changes)


def _then(reach: Callable[..., None], *acts: tuple[str, Answers]) -> Callable[..., None]:
    def go(presenter: AccueilPresenter | BrigadePresenter) -> None:
        reach(presenter)
        for command, answers in acts:
            presenter.act(command, answers)

    return go


def _typed(reach: Callable[..., None], text: str) -> Callable[..., None]:
    def go(presenter: AccueilPresenter) -> None:
        reach(presenter)
        presenter.form.question.keep(presenter.draft, {"place": text})
        presenter.form.ask(presenter.form.question)
        presenter.typed("place", text)

    return go


def accueil_states() -> Iterator[State]:
    """The elector's tablet."""

    def state(name: str, reach: Callable[..., None], **tablet: object) -> State:
        return State(name, lambda: Accueil(**tablet), reach)

    yield state("K-1-closed", nothing)
    yield state("K-1-wrong-code", _then(nothing, ("unlock", {"code": "1"})))
    yield state("K-1-wait", _then(nothing, ("unlock", {"code": "111111"})))
    yield state("K-1-blocked", _then(nothing, ("unlock", {"code": "000000"})))
    yield State(
        "K-1-checking", lambda: Accueil(background=Later()), _then(nothing, ("unlock", {"code": "1"}))
    )
    yield state("K0-welcome", open_post)
    yield state("K0-short", open_post, stock=Stock(references_left=0, directory_age_days=9))
    agent = (("agent", {}), ("agent.enter", {"code": RIGHT_CODE}))
    yield state("KA-code", _then(open_post, ("agent", {})))
    yield state("KA-menu", _then(open_post, *agent))
    yield state(
        "KA-menu-short", _then(open_post, *agent), stock=Stock(references_left=12, free_bytes=5 << 27)
    )
    yield state("KA-printed", _then(open_post, *agent, ("agent.print", {})))
    yield state("K1-data", _then(open_post, ("start", {})))
    yield state("K1-full", _then(open_post, ("start", {}), ("data.more", {})))
    yield state("K2-birth-name", first_question)
    yield state("K2-birth-name-empty", _then(first_question, ("continue", {"name": ""})))
    yield state("K2-birth-name-character", _then(first_question, ("continue", {"name": "DUB0IS"})))
    yield state("K2-given-names", _question("mandant.given_names"))
    yield state("K2-sex", _question("mandant.sex"))
    yield state("K2-sex-empty", _then(_question("mandant.sex"), ("continue", {})))
    yield state("K2-birth-date", _question("mandant.birth_date"))
    yield state(
        "K2-birth-date-wrong",
        _then(
            _question("mandant.birth_date"), ("continue", {"date": ("31", "02", "1962"), "partial": False})
        ),
    )
    yield state("K2-email", _question("email.question"))
    yield state(
        "K2-email-suggestion", _then(_question("email.question"), ("continue", {"email": "angela@gmial.com"}))
    )
    yield state("K3-place", _question("place.question"))
    yield state("K3-place-offers", _typed(_question("place.question"), "No"))
    yield state("K3-place-none", _typed(_question("place.question"), "Xqz"))
    yield state("K3-place-not-chosen", _then(_question("place.question"), ("continue", {"place": "Nou"})))
    yield state("K4-method", _question("mandataire.method", LAON_ANSWERS))
    yield state("K4-number", _question("mandataire.number", LAON_ANSWERS))
    yield state(
        "K4-number-unusual",
        _then(_question("mandataire.number", LAON_ANSWERS), ("continue", {"number": "12"})),
    )
    yield state("K4-birth-name", _question("mandataire.birth_name"))
    yield state("K4-given-names", _question("mandataire.given_names"))
    yield state("K4-sex", _question("mandataire.sex"))
    yield state("K4-birth-date", _question("mandataire.birth_date"))
    yield state(
        "K4-birth-date-oneself",
        _then(
            _question(
                "mandataire.birth_date",
                {
                    "mandataire.birth_name": {"name": "Dubois"},
                    "mandataire.given_names": {"names": "angela claire louise"},
                },
            ),
            ("continue", {"date": BIRTH, "partial": False}),
        ),
    )
    yield state("K4-place", _question("mandataire.place"))
    yield state("K5-kind", _question("election.kind"))
    several = {"calendar": _calendar(PROVINCIALES, PRESIDENTIELLE, DOUBLE)}
    yield state("K5-scrutin", _question("election.which"), **several)
    yield state("K5-rounds", _question("election.rounds"))
    yield state("K5-rounds-empty", _then(_question("election.rounds"), ("continue", {})))
    period: dict[str, Answers] = {"election.kind": {"kind": "period"}}
    yield state("K5-period", _question("election.dates", period))
    yield state(
        "K5-period-wrong",
        _then(
            _question("election.dates", period),
            ("continue", {"first": ("01", "01", "2020"), "last": ("", "", "")}),
        ),
    )
    yield state("K6-review", _question(""))
    yield state("K6-review-number", _question("", LAON_ANSWERS | period))
    yield State("K6-saving", _saving, _then(_question(""), ("validate", {})))
    yield state("K7-filed", _then(_question(""), ("validate", {})))
    yield state(
        "K7-filed-not-printed",
        _then(_question(""), ("validate", {})),
        print_error=CarrierUnavailable("NO_PAPER"),
    )
    yield state(
        "K7-filed-no-reference",
        _then(_question(""), ("validate", {})),
        receipt=replace(Accueil().receipt, reference=None),
    )
    yield state(
        "K7-last-day",
        _then(_question(""), ("validate", {})),
        receipt=replace(Accueil().receipt, deadline=NOW.date()),
    )
    yield state(
        "K7-nothing-to-take",
        _then(_question(""), ("validate", {})),
        receipt=replace(Accueil().receipt, reference=None),
        print_error=CarrierUnavailable("PAPIER_FINI"),
    )
    yield state("X5-stopped", open_post, stopped=lambda: Stopped(code="JOURNAL_BIFURQUE", waiting=3))
    yield state("X1-idle", _idle)
    yield state("K0-alarm", open_post, alarm=True)
    yield state("K2-alarm", first_question, alarm=True)
    yield state("X2-alarm", _then(_question("mandant.sex"), ("quit", {"sex": "f"})), alarm=True)
    yield state("X2-quit", _then(_question("mandant.sex"), ("quit", {"sex": "f"})))
    yield state("X3-display", _then(open_post, ("display", {})))
    yield state(
        "X4-not-filed", _then(_question(""), ("validate", {})), file_error=CarrierUnavailable("DISK_FULL")
    )
    yield state(
        "X4-minor", _question("", {"mandant.birth_date": {"date": ("24", "08", "2012"), "partial": False}})
    )
    yield state("X4-paper", _question("", LAON_ANSWERS | {"mandataire.method": {"method": "name"}}))


def _calendar(*scrutins: object) -> object:
    return replace(Accueil().calendar, scrutins=scrutins)


def _saving() -> Accueil:
    """Checking the code is immediate, recording the request waits for ever."""
    tablet = Accueil()
    later = Later()
    calls = iter([tablet.background, later])

    def in_turn(work, then):
        next(calls)(work, then)

    tablet.background = in_turn
    return tablet


def _idle(presenter: AccueilPresenter) -> None:
    answer_until(presenter, "mandant.given_names")
    presenter._warn(37)


def unlocked(presenter: BrigadePresenter) -> None:
    presenter.act("unlock", {"code": RIGHT_CODE})


SEARCH: Answers = {"reference": "XBQ 7V3", "birth_date": BIRTH}
CHECKED: Answers = {
    "present": True,
    "equal": True,
    "photo": True,
    "free": True,
    "l72_1": True,
    "document": "1",
    "where": "unit",
}


def answer_on_site(
    presenter: BrigadePresenter, key: str, changes: dict[str, Answers] | None = None, *, way: str = "on_site"
) -> None:
    """An officer and an elector answer at the station, and stop in front of one question; "" stops at the
    verification."""
    unlocked(presenter)
    for command in (way, "on_site.begin"):
        presenter.act(command, {})
    answer_questions(presenter._on_site.form, presenter, key, changes)


def answer_questions(
    form: RequestForm, presenter: BrigadePresenter, key: str, changes: dict[str, Answers] | None = None
) -> None:
    """Answer in order, and stop in front of one question; "" stops at the verification."""
    answers = ANSWERS | (changes or {})
    while form.question is not None and form.question.key != key:
        asked = form.question.key
        if asked in PLACE_TYPED:
            presenter.typed("place", str(answers[asked]["place"])[:4])
            presenter.picked(0)
        else:
            presenter.act("continue", answers[asked])
        if form.question is not None and form.question.key == asked:
            raise AssertionError(f"{asked} was not accepted")


def on_site(presenter: BrigadePresenter) -> None:
    """Until the verification of a request that is filed at the station."""
    answer_on_site(presenter, "")


def found(presenter: BrigadePresenter) -> None:
    unlocked(presenter)
    presenter.act("find", SEARCH)


AGENT: Answers = {"agent": AgentShown().kid.hex()}
NEW_AGENT: Answers = {"nom": "Wamytan", "prenoms": "Élie", "qualite": "Gendarme, OPJ"}
DESIGNATED: Answers = {
    "authority": "Premier président",
    "designated_on": ("03", "11", "2026"),
    "last_day": ("15", "01", "2027"),
}
NEW_CODE: Answers = {"code": "271828", "again": "271828"}
CODES: Answers = {"phrase": SUPERVISOR, "second": RIGHT_CODE}
ADDING = (
    ("agents.add", {}),
    ("agents.who", NEW_AGENT),
    ("agents.designation", DESIGNATED),
    ("agents.code", NEW_CODE),
)


def agents(presenter: BrigadePresenter) -> None:
    presenter.act("agents.open", {"code": RIGHT_CODE})


def officer_states() -> Iterator[State]:
    """The officers of a station, and the ceremony that changes them."""

    def state(name: str, *commands: tuple[str, Answers], **officers: object) -> State:
        return State(name, lambda: Brigade(agents=Agents(**officers)), _then(agents, *commands))

    many = (
        AgentShown(),
        AgentShown(
            b"officer2", "Dupont", "Jean-Claude Bernard", "Adjudant, OPJ", standing="BIENTOT_TERMINEE"
        ),
        AgentShown(b"officer3", "Martin", "Luc", "Gendarme, APJ", standing="CODE_BLOQUE"),
        AgentShown(b"officer4", "Kaloï", "Rose", "Gendarme, OPJ", standing="RETIREE"),
    )
    yield state("O7-agents", shown=many)
    yield state("O7-agents-none", shown=())
    yield state("O7-agents-not-chosen", ("agents.revoke", {"agent": ""}))
    yield state("O7-who", *ADDING[:1])
    yield state("O7-who-wrong", *ADDING[:1], ("agents.who", NEW_AGENT | {"nom": ""}))
    yield state("O7-designation", *ADDING[:2])
    wrong = DESIGNATED | {"last_day": ("20", "06", "2027")}
    yield state("O7-designation-wrong", *ADDING[:2], ("agents.designation", wrong))
    yield state("O7-code", *ADDING[:3])
    yield state("O7-phrase", ("agents.phrase", {}))
    yield state("O7-last-day", ("agents.renew", AGENT))
    yield state("O7-confirm-add", *ADDING)
    yield state("O7-confirm-revoke", ("agents.revoke", AGENT))
    yield state("O7-confirm-reset", ("agents.reset", AGENT), ("agents.code", NEW_CODE))
    yield state("O7-confirm-wrong", ("agents.revoke", AGENT), ("agents.do", CODES | {"second": "1"}))
    absent = CarrierUnavailable("CLE_DU_RESPONSABLE_ABSENTE")
    yield state("O7-confirm-no-key", ("agents.revoke", AGENT), ("agents.do", CODES), error=absent)
    yield state("O7-done", *ADDING, ("agents.do", CODES))
    yield state("O7-done-received", ("agents.revoke", AGENT), ("agents.do", CODES), in_centre=True)
    ending = There(not_after=NOW + timedelta(days=6), days_left=6)
    yield State("O1-ending", lambda: Brigade(agents=Agents(there=ending)), unlocked)


def brigade_states() -> Iterator[State]:
    """The officer's station."""

    def state(name: str, reach: Callable[..., None], **station: object) -> State:
        return State(name, lambda: Brigade(**station), reach)

    yield state("O0-locked", nothing)
    yield state("O0-wrong-code", _then(nothing, ("unlock", {"code": "1"})))
    yield state("O0-blocked", _then(nothing, ("unlock", {"code": "000000"})))
    yield state("O1-search", unlocked)
    yield state(
        "O1-search-errors", _then(unlocked, ("find", {"reference": "XB0", "birth_date": ("", "08", "")}))
    )
    yield state("O1-not-found", _then(unlocked, ("find", SEARCH | {"reference": "AAAAAA"})))
    yield state("O1-unreadable", _then(unlocked, ("scan", {})), finder=_finder(RecordRejected("QR")))
    yield state("O1-centre", _then(unlocked, ("find", SEARCH | {"reference": "AAAAAA"})), status=_fresh())
    yield from _on_site_states(state)
    yield state("O2-check", found)
    yield state("O2-check-unanswered", _then(found, ("validate", CHECKED | {"photo": False})))
    yield state("O2-check-home", lambda p: (found(p), p.touched("where", CHECKED | {"where": "home"})))
    yield state(
        "O2-check-documents", lambda p: (found(p), p.touched("document", CHECKED | {"document": "other"}))
    )
    yield state(
        "O2-check-site",
        lambda p: (found(p), p.touched("where", CHECKED | {"where": "site"})),
        sites=(
            Site(id="1", name="Mairie annexe de Rivière-Salée", hours="de 8 h 00 à 11 h 30"),
            Site(id="2", name="Lycée Jules-Garnier", hours="de 9 h 00 à 12 h 00, de 13 h 30 à 17 h 00"),
        ),
    )
    yield state("O2-check-stale", _then(found, ("validate", CHECKED)), status=_stale())
    yield state("O2-decided", found, finder=_knowing(Found(decision=date(2026, 11, 21))))
    yield state("O3-confirm", _then(found, ("validate", CHECKED)))
    yield state("O3-wrong-code", _then(found, ("validate", CHECKED), ("sign", {"code": "1"})))
    yield state("O4-reasons", _then(found, ("refuse", CHECKED)))
    yield state("O4-reasons-empty", _then(found, ("refuse", CHECKED), ("reason", {})))
    yield state(
        "O4-confirm", _then(found, ("refuse", CHECKED), ("reason", {"reason": "IDENTITE_NON_CONFORME"}))
    )
    signed = (("validate", CHECKED), ("sign", {"code": RIGHT_CODE}))
    yield state("O5-kept", _then(found, *signed))
    yield state("O5-received", _then(found, *signed), state=ActState(received_at=NOW - timedelta(minutes=4)))
    yield state("O5-decided", _then(found, *signed), state=ActState(received_at=NOW, decided=True))
    yield state(
        "O5-refused",
        _then(found, ("refuse", CHECKED), ("reason", {"reason": "ABANDON"}), ("sign", {"code": RIGHT_CODE})),
    )
    no_printer = CarrierUnavailable("IMPRIMANTE_ABSENTE")
    yield state("O5-no-printer", _then(found, *signed), print_error=no_printer)
    yield state("O5-not-printed", _then(found, *signed), print_error=CarrierUnavailable("IMPRESSION"))
    yield from _revocation_states(state)
    yield state("O6-transfer", _then(unlocked, ("transfer", {})))
    yield state("O1-stopped", unlocked, stopped=lambda: Stopped(code="MAGASIN_RESTAURE", waiting=0))
    yield state(
        "O6-transfer-confirm",
        _then(unlocked, ("transfer", {})),
        to_confirm=lambda: (urgent(timedelta(hours=5)), urgent(timedelta(hours=6))),
    )
    pressing = (
        urgent(timedelta(hours=5)),
        urgent(timedelta(hours=20), reference=Reference("K7M2PA"), number=2),
        urgent(timedelta(hours=30), Lack.RECEPTION, Lack.DECISION, reference=None, number=3),
        urgent(timedelta(hours=-3), reference=Reference("B4C5D6"), number=4),
    )
    yield state("O1-urgent", unlocked, urgent=pressing)
    yield state("O2-check-urgent", found, urgent=pressing)
    yield state("O6-urgent", _then(unlocked, ("transfer", {})), urgent=pressing)
    many = tuple(urgent(timedelta(hours=40), number=number) for number in range(30))
    yield state("O6-urgent-many", _then(unlocked, ("transfer", {})), urgent=many)
    yield state("O1-ageing", unlocked, status=_ageing())
    yield state("O6-ageing", _then(unlocked, ("transfer", {})), status=_ageing())
    yield state("O1-alarm", unlocked, alarm=True)
    yield state("O2-alarm", found, alarm=True)
    yield state("O6-alarm", _then(unlocked, ("transfer", {})), alarm=True)
    yield state(
        "O1-set-aside",
        unlocked,
        status=replace(Brigade().status, set_aside=(Reference("XBQ7V3"), Reference("K7M2PA"))),
    )
    yield state(
        "O6-set-aside", _then(unlocked, ("transfer", {})), status=replace(Brigade().status, set_aside=(None,))
    )
    late = Hour(wall=NOW - timedelta(days=400))
    yield state("X5-clock-behind", lambda presenter: presenter.start(), clock=late)
    typed = {"date": ("22", "13", "2026"), "time": "99", "code": ""}
    yield state(
        "X5-clock-refused", _opening(("clock.set", typed)), clock=Hour(wall=NOW - timedelta(days=400))
    )
    not_permitted = Hour(wall=NOW - timedelta(days=400), error=CarrierUnavailable("HORLOGE_NON_REGLABLE"))
    yield state("X5-clock-not-permitted", _opening(("clock.set", RIGHT_HOUR)), clock=not_permitted)
    yield state(
        "X5-clock-set", _opening(("clock.set", RIGHT_HOUR)), clock=Hour(wall=NOW - timedelta(days=400))
    )
    ahead = Hour(proved=NOW - timedelta(days=40))
    yield state("O2-check-date", found, clock=ahead)
    yield state("O2-check-date-unanswered", _then(found, ("validate", CHECKED)), clock=ahead)
    yield state("O6-restored", _then(unlocked, ("transfer", {})), status=_restored())
    yield state("O6-stick-looking", _stick(None))
    yield state("O6-stick-copying", _stick(StickProgress(reading=False, done=3, total=7)))
    yield state(
        "O6-stick-done", _stick(StickProgress(ended=True, reading=False, done=7, total=7, read=2, copied=7))
    )
    yield state("O6-stick-stopped", _stick(StickProgress(ended=True, stopped=True, copied=3)))
    yield state("O6-stick-absent", _stick(StickProgress(ended=True, code="STICK_ABSENT")))
    yield state("O6-stick-full", _stick(StickProgress(ended=True, copied=4, read=1, code="STICK_FULL")))
    yield state("O6-transmitting", _then(unlocked, ("transfer", {}), ("transmit", {})))


REVOKER: Answers = {"name": "DUBOIS", "names": "Angela Claire Louise", "date": BIRTH}
REVOKE_CHECKED: Answers = {key: answer for key, answer in CHECKED.items() if key != "l72_1"}


def revoker_named(presenter: BrigadePresenter) -> None:
    unlocked(presenter)
    presenter.act("revoke", {})
    presenter.act("continue", REVOKER)


def revoker_placed(presenter: BrigadePresenter) -> None:
    revoker_named(presenter)
    presenter.typed("place", "Noum")
    presenter.picked(0)


def revoke_checked(presenter: BrigadePresenter) -> None:
    revoker_placed(presenter)
    presenter.act("continue", {"which": "all"})


def _revocation_states(state: Callable[..., State]) -> Iterator[State]:
    """O7."""
    yield state("O7-who", _then(unlocked, ("revoke", {})))
    yield state("O7-who-errors", _then(unlocked, ("revoke", {}), ("continue", {})))
    yield state("O7-place", revoker_named)
    yield state("O7-which", revoker_placed)
    yield state("O7-period", _then(revoker_placed, ("continue", {"which": "period"})))
    yield state("O7-check", revoke_checked)
    yield state("O7-check-unanswered", _then(revoke_checked, ("revoke.confirm", {"present": False})))
    asked = (("revoke.confirm", REVOKE_CHECKED),)
    yield state("O7-confirm", _then(revoke_checked, *asked))
    signed = (*asked, ("revoke.sign", {"code": RIGHT_CODE}))
    yield state("O7-result", _then(revoke_checked, *signed))
    yield state("O7-decided", found, finder=_knowing(Found(decision=date(2026, 11, 21))), in_force=True)
    this = (("refuse", CHECKED), ("revoke.this", {}))
    yield state("O7-check-request", _then(found, *this))
    yield state("O7-result-request", _then(found, *this, *signed), state=ActState(received_at=NOW))


def _stick(progress: StickProgress | None) -> Callable[..., None]:
    """The page of a copy to a USB key, in the middle of it or at its end."""

    def go(presenter: BrigadePresenter) -> None:
        unlocked(presenter)
        presenter.act("transfer", {})
        transfer = next(job for job in presenter._jobs if isinstance(job, TransferJob))
        transfer._stick(progress)

    return go


def _on_site_states(state: Callable[..., State]) -> Iterator[State]:
    """What an officer files on the spot, and what is said beside a decision."""
    waiting = tuple(Found(rid=bytes([n]) * 16, filed=replace(filed(), reference=None)) for n in (1, 2))
    yield state("O1-search-waiting", unlocked, waiting=waiting)
    yield state("O1-on-site", _then(unlocked, ("on_site", {})))
    yield state("O1-on-site-question", lambda p: answer_on_site(p, "mandataire.given_names"))
    yield state("O1-on-site-review", on_site)
    yield state("O1-paper", _then(unlocked, ("paper", {})))
    yield state("O1-paper-review", lambda p: answer_on_site(p, "", way="paper"))
    yield state("O1-paper-needed", lambda p: answer_on_site(p, "", R_73))
    yield state("O1-not-filed", _then(on_site, ("validate", {})), file_error=RuleViolated("MANDANT_MINEUR"))
    yield state("O1-filed-here", _then(unlocked, ("on_site.here", {})), waiting=waiting)
    yield state(
        "O1-filed-here-empty", _then(unlocked, ("on_site.here", {}), ("on_site.open", {})), waiting=waiting
    )
    unknown = _finder(RuleViolated("POSTE_INCONNU", reason="KEY_UNKNOWN"))
    yield state("O1-unknown-kiosk", _then(unlocked, ("scan", {})), finder=unknown)
    yield state("O2-on-site", _then(on_site, ("validate", {})))
    same = Alert(code=AlertCode.MANDATAIRE_REPETE, n=2)
    visits, volume = (
        Alert(code=AlertCode.DOMICILES_NOMBREUX, n=4),
        Alert(code=AlertCode.ACTES_NOMBREUX, n=23),
    )
    yield state("O2-alert", found, alerts=lambda place: (volume,))
    yield state("O2-alerts", found, alerts=lambda place: (same, visits, volume))
    yield state(
        "O2-paper-wanted",
        _then(found, ("validate", CHECKED)),
        check_error=RuleViolated("PAPIER_OBLIGATOIRE"),
        print_preparation=lambda sheet: None,
    )
    yield state(
        "O2-place-closed",
        _then(found, ("validate", CHECKED)),
        check_error=RuleViolated("LIEU_NON_AUTORISE"),
    )


R_73: dict[str, Answers] = LAON_ANSWERS | {"mandataire.method": {"method": "name"}}


def _finder(error: Exception) -> object:
    return replace(Brigade().finder, error=error)


def _knowing(request: Found) -> object:
    return replace(Brigade().finder, known=request)


def _fresh() -> object:
    return replace(Brigade().status, last_contact=NOW - timedelta(seconds=30))


RIGHT_HOUR = {"date": ("22", "11", "2026"), "time": "1400", "code": SUPERVISOR}


def _opening(*commands: tuple[str, Answers]) -> Callable[[BrigadePresenter], None]:
    """From the switching on, before any code."""

    def reach(presenter: BrigadePresenter) -> None:
        presenter.start()
        for command, answers in commands:
            presenter.act(command, answers)

    return reach


def _ageing() -> object:
    return replace(Brigade().status, directory_age_days=9)


def _restored() -> object:
    return replace(Brigade().status, restored_at=NOW - timedelta(days=2))


def _stale() -> object:
    return replace(Brigade().status, directory_age_days=17)


def all_states() -> list[State]:
    from tests.screens.connection_states import connection_states
    from tests.screens.install_states import install_states
    from tests.screens.officer_day_states import officer_day_states
    from tests.screens.places_states import places_states
    from tests.screens.printer_states import printer_states
    from tests.screens.training_states import training_states
    from tests.screens.voice_states import voice_states
    from tests.screens.web_states import web_states

    return [
        *accueil_states(),
        *places_states(),
        *training_states(),
        *brigade_states(),
        *officer_states(),
        *officer_day_states(),
        *install_states(),
        *printer_states(),
        *voice_states(),
        *connection_states(),
        *web_states(),
    ]
