"""A tablet on its real screens with the use cases of a test: started once, brought to one state after
another.
"""

import gc

from tests.screens.driver import Driver  # isort: split

from kiosk_app.presenters.ports import TabletView
from kiosk_app.presenters.wording import Language
from kiosk_app.screens.app import TabletApp
from kiosk_app.screens.tokens import look
from tests.kiosk.presenters.fakes import Accueil, Brigade, Installer, ScreenSeen, wording
from tests.screens.states import State


class Relay(ScreenSeen):
    """Draws only the page on which the walk ends: the pages on the way would cost most of the time."""

    def play(self, stage: TabletView) -> None:
        stage.alarm(self.alarmed)
        stage.training(self.trained)
        stage.show(self.page)
        if self.dialog is not None:
            stage.ask(self.dialog)
        if self.offered or self.offered_empty:
            stage.offer(self.offered, self.offered_empty)


class Tablet:
    """The running application; `reach` shows a state on it."""

    def __init__(self) -> None:
        self.say = wording()
        self.world: Accueil | Brigade | Installer = Accueil(say=self.say)
        self.driver = Driver(TabletApp(say=self.say, presenter_for=self._presenter))

    def _presenter(self, view: TabletView) -> object:
        self.world.view = view
        return self.world.presenter()

    @property
    def stage(self) -> object:
        return self.driver.app.root

    @property
    def presenter(self) -> object:
        return self.driver.app.presenter

    def start(
        self,
        world: Accueil | Brigade | Installer,
        view: TabletView | None = None,
        language: Language = Language.FRENCH,
    ) -> None:
        """Switch to another tablet: another world, the same window, and the language that it starts in."""
        self.say.first = language
        self.say.speak(language)
        self.stage.name_again()
        if view is None:
            self.stage.wipe()
        self.world = world
        world.say = self.say
        world.view = view or self.stage
        self.driver.app.presenter = world.presenter()
        self.stage.listen_with(self.presenter)
        self.presenter.start()

    def reach(
        self,
        state: State,
        *,
        strong: bool = False,
        scale: float = 1.0,
        language: Language = Language.FRENCH,
    ) -> None:
        """Show one state in one look and one language."""
        self.stage.wipe()
        gc.collect()  # as the stage does a second later: the next person finds nothing of the one before
        look.strong, look.scale = strong, scale
        relay = Relay()
        self.start(state.make(), relay, language)
        state.reach(self.presenter)
        relay.play(self.stage)
        self.driver.frames(6)

    def close(self) -> None:
        self.driver.close()
