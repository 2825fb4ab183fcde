"""What a screen reader is told of every page in every state, and what it may do there as a finger would."""

import pytest

from kiosk_app.presenters.wording import Language
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, Brigade
from tests.screens.states import all_states, answer_until

MARK = "Marquesienne"
PROFILES = ["accueil", "brigade", "install"]


@pytest.fixture
def tree_of(only_tablet):
    from kiosk_app.screens.access_tree import tree_of

    return lambda stage: tree_of(stage, only_tablet.say)


@pytest.fixture
def obey(only_tablet):
    from kiosk_app.screens.access_hand import Wish, obey

    return lambda stage, target, what, **more: obey(stage, Wish(target=target, what=what, **more))


def in_order(tree):
    """The nodes as they are read, from the root down."""

    def below(node):
        yield node
        for child in node.children:
            yield from below(tree.nodes[child])

    return list(below(tree.nodes[tree.root]))


def find(tree, role, name):
    wanted = " ".join(name.split())
    found = [n for n in in_order(tree) if n.role == role and " ".join(n.name.split()) == wanted]
    assert found, f"no {role} « {name} »"
    return found[0]


def each_state(tablet, profile):
    for state in all_states():
        if state.profile == profile:
            tablet.reach(state)
            yield state.name, tablet.stage


def sound(tree):
    """What AccessKit would not survive: a node twice, or one that is named and is not there."""
    read = [node.id for node in in_order(tree)]
    if len(read) != len(set(read)):
        yield "a node twice"
    if set(read) != set(tree.nodes):
        yield "a node that hangs nowhere"
    if tree.focus not in tree.nodes:
        yield "the focus is nowhere"


def in_the_order_of_tab(tree, stage):
    from kiosk_app.screens.access_tree import node_id
    from kiosk_app.screens.kit.focus import focusables

    ring = [node_id(widget) for widget in focusables(stage.dialog or stage.page)]
    if [node.id for node in in_order(tree) if "focus" in node.actions] != ring:
        yield "the order of reading is not that of Tab"


def named_and_known(tree):
    from kiosk_app.screens.access_update import ROLES

    for node in tree.nodes.values():
        if (
            node.actions or node.role in ("radiogroup", "group", "dialog", "alert", "page")
        ) and not node.name:
            yield f"{node.role} without a name"
        if node.role not in ROLES:
            yield f"{node.role} is no role of AccessKit"


def titled(tree, stage):
    headings = [node.name for node in tree.nodes.values() if node.role == "heading"]
    scope = tree.nodes[stage_scope(stage)]
    if headings[:1] != [scope.name] or tree.nodes[tree.root].name != scope.name:
        yield f"the page is called {scope.name!r}, its heading {headings!r}"


def stage_scope(stage):
    from kiosk_app.screens.access_tree import node_id

    return node_id(stage.dialog or stage.page)


def errors_described(tree, stage):
    """Whoever comes to a wrong box hears what is wrong with it, not only that something is."""
    from kiosk_app.screens.access_tree import node_id
    from kiosk_app.screens.kit import Field

    for widget in stage.page.walk(restrict=True):
        if isinstance(widget, Field) and widget.error and stage.dialog is None:
            inside = [tree.nodes.get(node_id(part)) for part in widget.walk(restrict=True)]
            told = [node for node in inside if node is not None and widget.error in node.description]
            if not told:
                yield f"{widget.error!r} describes nothing"
            yield from (
                f"{n.name!r} is wrong without a word"
                for n in inside
                if n is not None and n.role in ("textbox", "password") and widget.error not in n.description
            )


def states_told(tree, stage):
    from kiosk_app.screens.access_tree import node_id
    from kiosk_app.screens.kit import Choice, Stepper, TextBox

    scope = stage.dialog or stage.page
    for widget in scope.walk(restrict=True):
        node = tree.nodes.get(node_id(widget))
        match widget:
            case Choice():
                if ("checked" in node.states) != widget.checked:
                    yield f"{node.name!r} is told otherwise than it is checked"
                if widget.shape == "radio" and not node.place:
                    yield f"{node.name!r} does not say which of how many"
            case Stepper():
                if node.amount != (widget.step, 4):
                    yield f"step {widget.step} is told as {node.amount}"
            case TextBox():
                dots = "•" * len(widget.text)
                if node.value != (dots if widget.secret else widget.text):
                    yield f"{node.name!r} is told otherwise than it is filled"


@pytest.mark.parametrize("profile", PROFILES)
def test_every_page_is_told_whole_in_the_order_of_tab_with_names_states_and_errors(tablet, tree_of, profile):
    wrong = []
    for name, stage in each_state(tablet, profile):
        tree = tree_of(stage)
        for fault in (
            *sound(tree),
            *in_the_order_of_tab(tree, stage),
            *named_and_known(tree),
            *titled(tree, stage),
            *errors_described(tree, stage),
            *states_told(tree, stage),
        ):
            wrong.append(f"{name}: {fault}")
    assert wrong == []


@pytest.mark.parametrize("profile", PROFILES)
def test_every_word_on_a_page_is_told(tablet, tree_of, profile):
    from tests.screens.audits import shown

    wrong = []
    for name, stage in each_state(tablet, profile):
        told = " | ".join(f"{n.name} {n.value} {n.description}" for n in tree_of(stage).nodes.values())
        if stage.dialog is None:
            texts = [getattr(widget, "text", "") for widget in shown(stage.page) if has_words(widget)]
            wrong += [f"{name}: {text!r}" for text in texts if text and text not in told]
    assert wrong == []


def has_words(widget):
    """Keys say their names, a secret its dots; a QR code is a picture, whose text is a request."""
    from kiosk_app.screens.kit.keyboard import Key
    from kiosk_app.screens.kit.qr_view import QrView

    return not isinstance(widget, Key | QrView) and not getattr(widget, "secret", False)


@pytest.mark.parametrize(
    ("language", "tag", "keyboard"),
    [("fr", "fr", "Clavier"), ("en", "en", "Keyboard"), ("falc", "fr", "Clavier")],
)
def test_the_tree_speaks_the_language_of_the_page(tablet, tree_of, language, tag, keyboard):
    name = next(state for state in all_states() if state.name == "K2-birth-name")
    tablet.reach(name, language=Language(language))
    tree = tree_of(tablet.stage)
    assert tree.language == tag
    assert [node.name for node in tree.nodes.values() if node.role == "keyboard"] == [keyboard]


def test_the_text_of_a_qr_code_is_not_told(tablet, tree_of):
    filed = next(state for state in all_states() if state.name == "K7-filed")
    tablet.reach(filed)
    told = tree_of(tablet.stage).nodes.values()
    assert [node for node in told if node.role == "image" and node.name]
    assert "PRQ1:" not in str([(node.name, node.value, node.description) for node in told])


def test_a_code_is_never_in_the_tree(tablet, tree_of):
    tablet.start(Brigade())
    tablet.driver.frames(5)
    tablet.driver.type("271828")
    told = [n for n in tree_of(tablet.stage).nodes.values() if n.role == "password"]
    assert [n.value for n in told] == ["••••••"]
    assert "271828" not in str([(n.name, n.value, n.description) for n in in_order(tree_of(tablet.stage))])


def test_what_was_typed_is_not_in_the_printed_form_of_the_tree(tablet, tree_of):
    to_the_name(tablet)
    tablet.driver.type(MARK)
    tree = tree_of(tablet.stage)
    assert MARK in {node.value for node in tree.nodes.values()}
    assert MARK not in repr(tree) + repr(list(tree.nodes.values()))


def test_a_question_hides_the_page_below_it(tablet, tree_of):
    to_the_name(tablet)
    tablet.presenter.act("quit", {})
    tablet.driver.frames(5)
    tree = tree_of(tablet.stage)
    assert [n.role for n in in_order(tree) if n.role in ("dialog", "page", "textbox")] == ["dialog"]
    assert tree.nodes[tree.focus].name == "Continuer ma demande"


def test_nothing_typed_is_in_the_tree_after_the_wipe(tablet, tree_of):
    to_the_name(tablet)
    tablet.driver.type(MARK)
    tablet.stage.wipe()
    assert MARK not in str([(n.name, n.value, n.description) for n in in_order(tree_of(tablet.stage))])


def to_the_name(tablet):
    tablet.start(Accueil())
    tablet.presenter.act("unlock", {"code": RIGHT_CODE})
    tablet.presenter.act("start", {})
    tablet.presenter.act("understood", {})
    tablet.driver.frames(5)


def test_pressing_a_button_does_what_a_finger_does(tablet, tree_of, obey):
    tablet.start(Accueil())
    tablet.presenter.act("unlock", {"code": RIGHT_CODE})
    tablet.driver.frames(3)
    assert obey(tablet.stage, find(tree_of(tablet.stage), "button", "Commencer").id, "click")
    tablet.driver.frames(3)
    assert find(tree_of(tablet.stage), "heading", "Vos données")


@pytest.mark.parametrize(("moved", "asked_whether_there"), [(True, False), (False, True)])
def test_whoever_moves_by_a_reader_is_not_taken_for_gone(tablet, tree_of, obey, moved, asked_whether_there):
    to_the_name(tablet)
    tablet.world.time.pass_seconds(170)
    if moved:
        assert obey(tablet.stage, find(tree_of(tablet.stage), "button", "Précédent").id, "focus")
    tablet.driver.frames(3)
    tablet.world.time.pass_seconds(20)
    assert (tablet.stage.dialog is not None) is asked_whether_there


def test_a_key_writes_into_the_box_that_keeps_the_focus(tablet, tree_of, obey):
    to_the_name(tablet)
    tree = tree_of(tablet.stage)
    assert obey(tablet.stage, find(tree, "button", "É").id, "click")
    tablet.driver.frames(2)
    tree = tree_of(tablet.stage)
    assert tree.nodes[tree.focus].value == "É"
    assert tree.nodes[tree.focus].caret == 1


def test_a_written_value_keeps_the_limit_of_the_box(tablet, tree_of, obey):
    to_the_name(tablet)
    box = tree_of(tablet.stage).focus
    limit = tablet.stage.page.text_boxes()[0].chars_max
    assert obey(tablet.stage, box, "write", text="x" * 100_000 + "\n")
    assert tablet.stage.page.text_boxes()[0].text == "x" * limit
    assert obey(tablet.stage, box, "write", text=MARK)
    assert obey(tablet.stage, box, "move", caret=-5)
    assert tree_of(tablet.stage).nodes[box].caret == 0
    assert obey(tablet.stage, box, "move", caret=10_000)
    assert tree_of(tablet.stage).nodes[box].caret == len(MARK)


def test_a_choice_is_made_and_told(tablet, tree_of, obey):
    answer_until(start(tablet), "mandant.sex")
    tablet.driver.frames(3)
    tree = tree_of(tablet.stage)
    assert obey(tablet.stage, find(tree, "radio", "Féminin").id, "click")
    tree = tree_of(tablet.stage)
    assert "checked" in find(tree, "radio", "Féminin").states
    assert "checked" not in find(tree, "radio", "Masculin").states


def start(tablet):
    tablet.start(Accueil())
    return tablet.presenter


def test_what_lies_below_a_question_or_is_gone_can_not_be_pressed(tablet, tree_of, obey):
    to_the_name(tablet)
    tree = tree_of(tablet.stage)
    go_on, quit_ = find(tree, "button", "Continuer"), find(tree, "button", "Quitter")
    assert obey(tablet.stage, quit_.id, "click")
    tablet.driver.frames(3)
    assert not obey(tablet.stage, go_on.id, "click")
    assert not obey(tablet.stage, 10**18, "click")
    tablet.stage.wipe()
    assert not obey(tablet.stage, quit_.id, "click")


def test_words_can_not_be_pressed_nor_written(tablet, tree_of, obey):
    to_the_name(tablet)
    heading = find(tree_of(tablet.stage), "heading", "Quel est votre nom de naissance ?")
    assert not obey(tablet.stage, heading.id, "click")
    assert not obey(tablet.stage, heading.id, "write", text=MARK)
    assert obey(tablet.stage, heading.id, "show")
