"""The elector opens the mailbox of the demonstration and reads each message."""

from collections.abc import Callable
from typing import Final

from provisioning.demo.mailbox import write_pages
from provisioning.demo.processes import Actor, Programs, python
from provisioning.demo.stage import Stage

MESSAGES: Final = 3
"""Acknowledgment, récépissé, decision."""


def read_mails(stage: Stage, programs: Programs, picture: Callable[[Actor, str], None]) -> None:
    """Look at the list and at each message, with a picture of each; the same pages are kept as files.

    Raises: DemoFailed, when one is missing or is not in two languages.
    """
    browser = Actor(programs, "mail-reader", python("tests.demo.town_hall"), {})
    browser.do("open", url=stage.mailbox)
    browser.do("wait", text="Boîte de réception")
    picture(browser, "courriels")
    for number in range(1, MESSAGES + 1):
        browser.do("open", url=f"{stage.mailbox}{number}.html")
        browser.do("wait", text="English version below.")
        picture(browser, f"courriel-{number}")
    programs.stop("mail-reader")
    write_pages(stage.mail, stage.out / "mails")
