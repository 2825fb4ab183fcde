"""What gunicorn says, through the log of the centre and by its rules.

Left alone, gunicorn writes its own lines on standard error, with the address of the browser and a piece of
what it sent: the end of a badly written address, a header, or the whole address of a request that failed.
Each may hold a name or a reference (SECURITY-DESIGN 12).
"""

from typing import Any

from gunicorn.glogging import Logger


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's logger without handlers of its own; of a request it says only that something was wrong."""

    def setup(self, cfg: Any) -> None:
        """Hand every line to the log of the centre."""
        super().setup(cfg)
        for handler in list(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Without arguments, gunicorn has already put the request in, after « from »."""
        super().warning(msg if args else str(msg).partition(" from ")[0], *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """The class and the place of the error stand beside; its arguments are the address asked for."""
        super().exception(str(msg).partition(" %")[0], **kwargs)
