"""The QR code on the screen: dark squares on white in both contrasts, with its quiet zone."""

import segno
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk_app.screens.kit.focus import Accessible

QUIET_MODULES = 4


class QrView(Accessible, Widget):
    """A square that shows `text` as a QR code of level M, each module a whole number of pixels."""

    text = StringProperty("")
    texture = ObjectProperty(None, allownone=True)
    side = NumericProperty(0)

    def on_text(self, _: object, text: str) -> None:
        self.texture = module_texture(text) if text else None

    def wipe(self) -> None:
        """Forget the code and its picture."""
        self.text = ""

    def on_texture(self, *_: object) -> None:
        self._fit()

    def on_size(self, *_: object) -> None:
        self._fit()

    def _fit(self) -> None:
        """The side of the picture is the largest whole multiple of its modules that fits."""
        modules = self.texture.width if self.texture is not None else 0
        self.side = max(1, int(min(self.width, self.height) // modules)) * modules if modules else 0


def module_texture(text: str) -> Texture:
    """One pixel for each module, quiet zone included."""
    rows = list(segno.make_qr(text, error="m", boost_error=False).matrix_iter(border=QUIET_MODULES))
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    pixels = bytes(0 if module else 255 for row in reversed(rows) for module in row)
    texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    return texture
