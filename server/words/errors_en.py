"""Sentences of the error pages and of an ended session, in English, for electors."""

from typing import Final

ERRORS_EN: Final[dict[str, str]] = {
    "error.400.title": "This request cannot be read",
    "error.400.text": "Go back to the page before, then try again. Nothing has been recorded.",
    "error.403.title": "You have no access to this page",
    "error.403.text": "Your account does not give this right. Nothing has been recorded.",
    "error.csrf.text": (
        "The page has been open for too long. Reload the page, then try again. Nothing has been recorded."
    ),
    "error.404.title": "This page does not exist",
    "error.404.text": "The address may be incomplete.",
    "error.405.title": "This page cannot be opened this way",
    "error.405.text": "Go back to the page before, and use its button. Nothing has been recorded.",
    "error.413.title": "What was sent is too large",
    "error.413.text": "Choose a smaller file. Nothing has been recorded.",
    "error.429.title": "Too many requests in a short time",
    "error.429.text.one": "Come back in one minute. Nothing has been recorded.",
    "error.429.text.many": "Come back in {n} minutes. Nothing has been recorded.",
    "error.500.title": "The service has met a problem",
    "error.500.elector": (
        "This is not your doing. Try again in a few minutes. If the ballot is near, the paper way stays open."
    ),
    "error.trace.title": "This page cannot open now",
    "error.trace.text": (
        "Each reading of personal data must be noted. The service cannot write any more. "
        "Try again in a few minutes."
    ),
    "error.restored.title": "The service is waiting for its operator",
    "error.restored.text": (
        "A backup was put back while the service was running, or one of its files is damaged. "
        "Nothing can be recorded, and your request has not been. "
        "Call the operator of the service and read out this code: {code}. "
        "If the ballot is near, the paper way stays open."
    ),
    "error.home": "Go to the first page",
    "session.ended.title": "Your session has ended",
    "session.ended.text": (
        "The page was idle for 15 minutes, or your session is 12 hours old. "
        "Sign in again: the page that you asked for will open."
    ),
    "session.ended.form": "What you had written without recording it is not kept.",
    "login.submit": "Sign in",
}
