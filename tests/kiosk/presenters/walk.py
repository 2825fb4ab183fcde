"""Walks an elector through the questions, and an officer to a request, by what the screens would tell."""

from kiosk_app.presenters.accueil import AccueilPresenter
from tests.screens.states import ANSWERS, CHECKED, SEARCH, answer_until, first_question, found, unlocked

__all__ = [
    "ANSWERS",
    "CHECKED",
    "SEARCH",
    "answer_until",
    "first_question",
    "found",
    "to_the_review",
    "unlocked",
]


def to_the_review(presenter: AccueilPresenter, changes: dict | None = None) -> None:
    answer_until(presenter, "", changes)
