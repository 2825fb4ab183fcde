"""`procuration-server bounce`: takes in one mail that the relay returns, on the standard input. The mail
server runs it for each mail to the sender's address (docs/decisions/0035).

Example: procuration-server --home DIR bounce < mail
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from procuration.errors import ProcurationError
from server.config.centre import current_centre
from server.notices.reports import REPORT_BYTES_MAX, read_report
from server.notices.returned import record_return


class Command(BaseCommand):
    """One mail. Nothing of it is printed or kept: a code, and the request that it is about."""

    help = "Take in one mail that came back. Example: procuration-server bounce < mail"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Exit status 0 whatever the mail is: a mail server that is told of an error would write to somebody.
        Only a database that does not answer ends with 3."""
        data = sys.stdin.buffer.read(REPORT_BYTES_MAX + 1)
        try:
            notice = record_return(read_report(data), current_centre().clock.now())
        except ProcurationError as error:
            self.stdout.write(f"ignored {error.code}")
        else:
            self.stdout.write(f"marked {notice.rid[:8]}")
