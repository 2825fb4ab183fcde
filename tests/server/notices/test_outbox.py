"""What is owed, whatever a procuration goes through: in the end the mandant knows what holds."""

from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.candidates import Effect
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.notices.enums import MessageKind
from server.notices.outbox import News, State, Told, owed

UNDECIDED = (Status.TRANSMISE, Status.RECUE)
SILENT = (Status.EN_ATTENTE_HUMAINE, Status.UTILISEE, Status.VOTE_PERSONNEL)
LOST = (("2027-04-presidentielle 1", Effect.NULLE_L73.value),)

states = st.one_of(
    st.sampled_from([*UNDECIDED, *SILENT]).map(lambda status: State(status=status, code="", rule="R-54")),
    st.sampled_from([(), LOST]).map(
        lambda lost: State(status=Status.VALIDEE, code="", rule="R-02", lost=lost)
    ),
    st.sampled_from(
        [
            State(status=Status.NULLE_L73, code=RefusalCode.PLAFOND_DEPASSE, rule="R-44"),
            State(status=Status.RESILIEE, code=RefusalCode.RESILIEE, rule="R-46"),
            State(status=Status.ANNULEE_L77, code=RefusalCode.DECES_OU_DROITS, rule="R-51"),
            State(status=Status.INVALIDEE, code=RefusalCode.PLAFOND_DEPASSE, rule="R-72"),
            State(status=Status.INVALIDEE, code=RefusalCode.MANDANT_NON_INSCRIT, rule="R-02"),
        ]
    ),
)


def news(state: State, has_email: bool) -> News:
    return News(rid="", state=state, filed_hash="", act_hash="act", cause="cause", has_email=has_email)


@given(st.lists(states, max_size=12))
def test_the_mandant_always_knows_what_holds_and_hears_nothing_twice(story: list[State]):
    last: Told | None = None
    for state in story:
        told = [one for one in owed(news(state, True), last) if one[0] is not MessageKind.M2]
        assert len(told) <= 1
        if state.status in SILENT:
            assert told == []
        for _, _, _, digest, against in told:
            assert last is None or digest != last.digest
            last = Told(digest, against)
        if state.digest:
            assert last is not None
            assert (last.digest, last.against) == (state.digest, state.against)
        if state.status in UNDECIDED:
            assert last is None or not last.against


@given(st.lists(states, max_size=8), states)
def test_r_59_without_an_address_nothing_is_mailed(story: list[State], end: State):
    last: Told | None = None
    for state in (*story, end):
        for kind, _, where, digest, against in owed(news(state, False), last):
            assert where == "to_tell"
            assert kind not in (MessageKind.M1, MessageKind.M2, MessageKind.M4, MessageKind.M7)
            last = Told(digest, against)


def test_r_52_what_ends_with_the_mandant_is_told_to_nobody():
    dead = State(status=Status.ANNULEE_L77, code=RefusalCode.DECES_OU_DROITS, rule="R-52")
    assert [one[0] for one in owed(news(dead, True), None)] == [MessageKind.M2]
    assert owed(news(dead, False), None) == []


def test_r_43_what_waits_for_a_person_is_not_told_at_all():
    waits = State(status=Status.EN_ATTENTE_HUMAINE, code="ORDRE_INCERTAIN", rule="R-43")
    assert owed(news(waits, True), None) == []
