"""The mail relay: one conversation, in the three steps whose failures mean different things."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Final

from django.conf import settings

from procuration.errors import CarrierUnavailable, RuleViolated
from server.notices.enums import NoticeCode

_PERMANENT: Final = 500


class HandoverUncertain(Exception):
    """The line broke while the text was handed over: it may have been accepted or not."""


class Relay:
    """An open conversation with the relay."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def address(self, sender: str, recipient: str) -> None:
        """Say who writes to whom; nothing is handed over yet, so any failure may be tried again.

        Raises: CarrierUnavailable RELAIS_INJOIGNABLE or REFUS_TEMPORAIRE; RuleViolated ADRESSE_REFUSEE for
            good.
        """
        try:
            self._smtp.rset()
            self._check(self._smtp.mail(sender)[0], NoticeCode.MESSAGE_REFUSED)
            self._check(self._smtp.rcpt(recipient)[0], NoticeCode.ADDRESS_REFUSED)
        except (OSError, smtplib.SMTPException) as error:
            raise CarrierUnavailable(NoticeCode.RELAY) from error

    def hand_over(self, message: EmailMessage) -> None:
        """Hand the text over.

        Raises: HandoverUncertain; CarrierUnavailable REFUS_TEMPORAIRE; RuleViolated MESSAGE_REFUSE for good.
        """
        try:
            status = self._smtp.data(message.as_bytes())[0]
        except smtplib.SMTPDataError as error:  # the relay did not even want to hear it
            status = error.smtp_code
        except (OSError, smtplib.SMTPException) as error:
            raise HandoverUncertain from error
        self._check(status, NoticeCode.MESSAGE_REFUSED)

    @staticmethod
    def _check(status: int, code: NoticeCode) -> None:
        """2xx goes on; 4xx: later; 5xx: never."""
        if status >= _PERMANENT:
            raise RuleViolated(code)
        if status >= 400:  # SMTP, RFC 5321 section 4.2.1
            raise CarrierUnavailable(NoticeCode.REFUSED_FOR_NOW)


@contextmanager
def open_relay() -> Iterator[Relay]:
    """A conversation with the relay of the settings. Raises: CarrierUnavailable RELAIS_INJOIGNABLE."""
    try:
        smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
    except (OSError, smtplib.SMTPException) as error:
        raise CarrierUnavailable(NoticeCode.RELAY) from error
    try:
        _introduce(smtp)
        yield Relay(smtp)
    finally:
        _leave(smtp)


def _introduce(smtp: smtplib.SMTP) -> None:
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls()
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException) as error:
        raise CarrierUnavailable(NoticeCode.RELAY) from error


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; what was handed over is acknowledged already, so a rude relay changes nothing."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()
