"""Watches whether anybody is still there: after a while it warns, then it acts. Any touch or key starts
it again.
"""

from collections.abc import Callable

from kiosk_app.presenters.ports import Timer, Timers


class IdleWatch:
    """Calls `warn` with the seconds left, once a second, and `expire` at the end; `resume` when
    somebody answers.

    Without a warning time (the officer's station) it goes straight to `expire`.
    """

    def __init__(
        self,
        timers: Timers,
        *,
        warn: Callable[[int], None],
        resume: Callable[[], None],
        expire: Callable[[], None],
    ) -> None:
        self._timers, self._warn, self._resume, self._expire = timers, warn, resume, expire
        self._timer: Timer | None = None
        self._quiet_seconds = 0.0
        self._warning_seconds = 0
        self._left: int | None = None

    @property
    def warning(self) -> bool:
        """Whether the warning is on the screen."""
        return self._left is not None

    def start(self, quiet_seconds: float, warning_seconds: int) -> None:
        """Watch from now on, with these delays."""
        self.stop()
        self._quiet_seconds, self._warning_seconds = quiet_seconds, warning_seconds
        self._timer = self._timers.after(quiet_seconds, self._quiet_is_over)

    def stop(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._left = None, None

    def activity(self) -> None:
        """Somebody is there. During the warning any sign of life is an answer."""
        if self._timer is None:
            return
        warned = self.warning
        self.start(self._quiet_seconds, self._warning_seconds)
        if warned:
            self._resume()

    def _quiet_is_over(self) -> None:
        self._left = self._warning_seconds
        self._count_down()

    def _count_down(self) -> None:
        left = self._left or 0
        if left <= 0:
            self.stop()
            self._expire()
            return
        self._left = left - 1
        self._timer = self._timers.after(1, self._count_down)
        self._warn(left)
