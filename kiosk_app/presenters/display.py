"""The settings of the person in front of the tablet: size of the words and contrast. They last until
the wipe.
"""

from kiosk_app.presenters.pages import Answers, ChoiceAsked, Command, DisplayPage, Option
from kiosk_app.presenters.ports import TabletView
from kiosk_app.presenters.wording import Wording

SIZES = {"1": 1.0, "1.4": 1.4, "1.75": 1.75}


class DisplaySettings:
    """Makes the page « Affichage » and applies each touch at once."""

    def __init__(self, view: TabletView, say: Wording) -> None:
        self._view, self._say = view, say
        self.reset()

    def reset(self) -> None:
        """What everybody starts with; the wipe of the screen sets the look itself."""
        self._size, self._strong = "1", False

    def reapply(self) -> None:
        """Set the look as chosen, after a wipe that does not end the session."""
        self._view.set_look(strong=self._strong, scale=SIZES[self._size])

    def page(self, bar: str) -> DisplayPage:
        """The page with the two choices and a sample."""
        say = self._say
        sizes = tuple(Option(key=size, text=say(f"display.size.{size}")) for size in SIZES)
        contrasts = tuple(
            Option(key=key, text=say(f"display.contrast.{key}")) for key in ("normal", "strong")
        )
        return DisplayPage(
            name="X3-display",
            bar=bar,
            title=say("display.title"),
            sample=say("display.sample"),
            size=ChoiceAsked(
                key="size", label=say("display.size"), options=sizes, chosen=self._size, live=True
            ),
            contrast=ChoiceAsked(
                key="contrast",
                label=say("display.contrast"),
                options=contrasts,
                chosen="strong" if self._strong else "normal",
                live=True,
            ),
            commands=(Command(key="display.done", text=say("display.done")),),
        )

    def touched(self, answers: Answers) -> None:
        """Apply what stands on the page now."""
        size = answers.get("size")
        self._size = size if isinstance(size, str) and size in SIZES else "1"
        self._strong = answers.get("contrast") == "strong"
        self._view.set_look(strong=self._strong, scale=SIZES[self._size])
