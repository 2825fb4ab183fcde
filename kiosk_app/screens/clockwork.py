"""Appointments and long work for the presenters, on Kivy's clock."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from kivy.clock import Clock

from kiosk_app.freed_memory import write_over_cached_blocks
from kiosk_app.presenters.ports import Timer

T = TypeVar("T")


class KivyTimers:
    """Appointments kept by the event loop of the screen; it does not follow the wall clock."""

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call once, later."""
        event: Timer = Clock.schedule_once(lambda _: act(), seconds)
        return event


class BackgroundThread:
    """One thread for what would freeze the screen: checking a code, signing, printing.

    A failure that nobody expected is raised again on the screen's thread: it ends the program, it is
    never swallowed.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")

    def __call__(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run the work aside, then go on with its result."""

        def finished(future: Future[T]) -> None:
            Clock.schedule_once(lambda _: then(future.result()), 0)

        def job() -> T:
            try:
                return work()
            finally:
                write_over_cached_blocks()  # nobody else can reach what this thread holds free

        self._executor.submit(job).add_done_callback(finished)

    def close(self) -> None:
        """Wait for the work in hand, and take no more."""
        self._executor.shutdown(wait=True)
