"""The fourth step: the next ballot with its rounds, or a period. Ballots, days and limits are signed
reference data.
"""

from collections.abc import Callable
from datetime import date
from functools import reduce

from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.formats import day_in_words, days_in_words
from kiosk_app.presenters.pages import Answers, ChoiceAsked, DateAsked, Option
from kiosk_app.presenters.ports import Calendar
from kiosk_app.presenters.questions import (
    Body,
    Errors,
    PlainQuestion,
    Refusals,
    WrongAnswers,
    date_of,
    text_of,
)
from kiosk_app.presenters.typed_date import NOTHING, parse_day, typed_from
from kiosk_app.presenters.wording import Wording
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import Period, Rounds, check_period
from procuration.errors import RuleViolated


def scrutin_in_words(say: Wording, scrutin: Scrutin) -> str:
    """« Élections départementales et régionales »; a code that the catalogue does not know is shown as
    it is.
    """
    named = [say(f"scrutin.{code}") if say.has(f"scrutin.{code}") else code for code in scrutin.elections]
    names = reduce(lambda first, last: say("when.and", first=first, last=last), named)
    if scrutin.elections[0] not in ("referendum", "consultation"):
        title = "scrutin.title.one" if scrutin.elections == ("presidentielle",) else "scrutin.title"
        names = say(title, names=names)
    return f"{names[:1].upper()}{names[1:]}"


def rounds_in_words(say: Wording, rounds: Rounds) -> str:
    """« Le 1er tour », « Les deux tours »."""
    return say(f"election.round.{rounds.value}")


class ElectionQuestion(PlainQuestion):
    """A question of the fourth step; asked once the commune is known."""

    step = 4

    def __init__(self, say: Wording, calendar: Calendar) -> None:
        self._say, self._calendar = say, calendar

    def open_scrutins(self, draft: Draft) -> tuple[Scrutin, ...]:
        """What this elector may still choose."""
        return self._calendar.open_scrutins(draft.mandant.place.place) if draft.mandant.place else ()


class KindQuestion(ElectionQuestion):
    """« Pour quelles élections ? »: without a known ballot there is only the period."""

    key, name = "election.kind", "K5-kind"

    def wanted(self, draft: Draft) -> bool:
        if draft.mandant.place is not None and not self.open_scrutins(draft):
            draft.by_period = True
            return False
        return True

    def body(self, draft: Draft, errors: Errors) -> Body:
        chosen = "" if draft.by_period is None else "period" if draft.by_period else "next"
        scrutins = self.open_scrutins(draft)
        detail = self._described(scrutins[0]) if len(scrutins) == 1 else ""
        options = (
            Option(key="next", text=self._say("election.next"), detail=detail),
            Option(
                key="period", text=self._say("election.period"), detail=self._say("election.period.detail")
            ),
        )
        return Body(
            asked=(
                ChoiceAsked(
                    key="kind",
                    label=self._say(self.key),
                    options=options,
                    chosen=chosen,
                    error=errors.get("kind", ""),
                ),
            )
        )

    def _described(self, scrutin: Scrutin) -> str:
        days = days_in_words(self._say, tuple(round_.day for round_ in scrutin.rounds))
        return f"{scrutin_in_words(self._say, scrutin)}, {days}"

    def keep(self, draft: Draft, answers: Answers) -> None:
        chosen = text_of(answers, "kind")
        draft.by_period = None if not chosen else chosen == "period"

    def accept(self, draft: Draft) -> None:
        if draft.by_period is None:
            raise WrongAnswers({"kind": self._say("error.ELECTION_MANQUANTE")})


class ScrutinQuestion(ElectionQuestion):
    """« Quelle élection ? »: asked when there are several; one alone is taken."""

    key, name = "election.which", "K5-scrutin"

    def wanted(self, draft: Draft) -> bool:
        scrutins = self.open_scrutins(draft)
        if draft.by_period is False and len(scrutins) == 1:
            draft.scrutin = scrutins[0]
        return draft.by_period is False and len(scrutins) > 1

    def body(self, draft: Draft, errors: Errors) -> Body:
        options = tuple(
            Option(
                key=scrutin.id,
                text=scrutin_in_words(self._say, scrutin),
                detail=days_in_words(self._say, tuple(round_.day for round_ in scrutin.rounds)),
            )
            for scrutin in self.open_scrutins(draft)
        )
        return Body(
            asked=(
                ChoiceAsked(
                    key="scrutin",
                    label=self._say(self.key),
                    options=options,
                    chosen=draft.scrutin.id if draft.scrutin else "",
                    error=errors.get("scrutin", ""),
                ),
            )
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        chosen = text_of(answers, "scrutin")
        before = draft.scrutin
        draft.scrutin = next((scrutin for scrutin in self.open_scrutins(draft) if scrutin.id == chosen), None)
        if before is not None and draft.scrutin != before:
            draft.rounds = None
            draft.answered.discard(RoundsQuestion.key)

    def accept(self, draft: Draft) -> None:
        if draft.scrutin is None:
            raise WrongAnswers({"scrutin": self._say("error.ELECTION_MANQUANTE")})


class RoundsQuestion(ElectionQuestion):
    """« Pour quel tour ? »: only the rounds whose day has not passed; one alone is taken."""

    key, name = "election.rounds", "K5-rounds"

    def __init__(self, say: Wording, calendar: Calendar, today: Callable[[], date]) -> None:
        super().__init__(say, calendar)
        self._today = today

    def _open_rounds(self, draft: Draft) -> tuple[Rounds, ...]:
        if draft.scrutin is None:
            return ()
        numbers = [
            Rounds(1 << position)
            for position, round_ in enumerate(draft.scrutin.rounds)
            if round_.day >= self._today()
        ]
        return (*numbers, Rounds.BOTH) if len(numbers) == 2 else tuple(numbers)

    def wanted(self, draft: Draft) -> bool:
        rounds = self._open_rounds(draft)
        if draft.by_period is False and len(rounds) == 1:
            draft.rounds = rounds[0]
        return draft.by_period is False and len(rounds) != 1

    def body(self, draft: Draft, errors: Errors) -> Body:
        scrutin = draft.scrutin
        options = tuple(
            Option(
                key=str(rounds.value),
                text=rounds_in_words(self._say, rounds),
                detail=days_in_words(
                    self._say,
                    tuple(
                        round_.day
                        for position, round_ in enumerate(scrutin.rounds)
                        if rounds & Rounds(1 << position)
                    ),
                )
                if scrutin
                else "",
            )
            for rounds in self._open_rounds(draft)
        )
        return Body(
            hint=scrutin_in_words(self._say, scrutin) if scrutin else "",
            asked=(
                ChoiceAsked(
                    key="rounds",
                    label=self._say(self.key),
                    options=options,
                    chosen=str(draft.rounds.value) if draft.rounds else "",
                    error=errors.get("rounds", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        chosen = text_of(answers, "rounds")
        draft.rounds = next(
            (rounds for rounds in self._open_rounds(draft) if str(rounds.value) == chosen), None
        )

    def accept(self, draft: Draft) -> None:
        if draft.rounds is None:
            raise WrongAnswers({"rounds": self._say("error.TOURS_MANQUANTS")})


class PeriodQuestion(ElectionQuestion):
    """« Du … au … »: starts today or later, and lasts no longer than the law allows (checked again at
    the brigade).
    """

    key, name = "election.dates", "K5-period"

    def __init__(self, say: Wording, calendar: Calendar, today: Callable[[], date]) -> None:
        super().__init__(say, calendar)
        self._today = today

    def wanted(self, draft: Draft) -> bool:
        return draft.by_period is True

    def body(self, draft: Draft, errors: Errors) -> Body:
        say = self._say
        labels = (say("date.day"), say("date.month"), say("date.year"))
        first = typed_from(self._today()) if draft.typed_first == NOTHING else draft.typed_first
        return Body(
            focus="last",
            hint=say.counted("election.dates.hint", self._years_max(draft)),
            asked=(
                DateAsked(
                    key="first",
                    label=say("election.from"),
                    labels=labels,
                    values=first,
                    error=errors.get("first", ""),
                ),
                DateAsked(
                    key="last",
                    label=say("election.to"),
                    labels=labels,
                    values=draft.typed_last,
                    error=errors.get("last", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        draft.typed_first, draft.typed_last = date_of(answers, "first"), date_of(answers, "last")

    def accept(self, draft: Draft) -> None:
        first, last = Refusals(self._say, "from"), Refusals(self._say, "to")
        first.trying("first", lambda: self._check_first(draft))
        last.trying("last", lambda: parse_day(draft.typed_last))
        if not first.errors and not last.errors:
            last.errors |= self._check_length(draft)
        last.errors = first.errors | last.errors
        last.finish()

    def _years_max(self, draft: Draft) -> int:
        return self._calendar.period_years_max(draft.mandant.place.place) if draft.mandant.place else 1

    def _check_first(self, draft: Draft) -> None:
        if parse_day(draft.typed_first) < self._today():
            raise RuleViolated("PERIODE_COMMENCEE")

    def _check_length(self, draft: Draft) -> Errors:
        period = Period(first_day=parse_day(draft.typed_first), last_day=parse_day(draft.typed_last))
        years = self._years_max(draft)
        try:
            check_period(period, years, self._today())
        except RuleViolated as error:
            if error.code == "DUREE_EXCESSIVE":
                return {"last": self._say.counted("error.DUREE_EXCESSIVE", years)}
            return {"last": self._say.of_error(error)}
        draft.period = period
        return {}


def validity_in_words(say: Wording, draft: Draft) -> str:
    """What the procuration is for, on one line."""
    if draft.by_period and draft.period is not None:
        return period_in_words(say, draft.period)
    if draft.scrutin is None or draft.rounds is None:
        return ""
    return choice_in_words(say, draft.scrutin, draft.rounds)


def period_in_words(say: Wording, period: Period) -> str:
    """« Du 1er décembre 2026 au 30 juin 2027 »."""
    first, last = day_in_words(say, period.first_day), day_in_words(say, period.last_day)
    return say("review.period", first=first, last=last)


def choice_in_words(say: Wording, scrutin: Scrutin, chosen: Rounds) -> str:
    """« Élection présidentielle, les deux tours, 11 et 25 avril 2027 »."""
    days = days_in_words(
        say,
        tuple(round_.day for position, round_ in enumerate(scrutin.rounds) if chosen & Rounds(1 << position)),
    )
    rounds = rounds_in_words(say, chosen)
    which = f"{rounds[0].lower()}{rounds[1:]}" if len(scrutin.rounds) > 1 else ""
    return ", ".join(part for part in (scrutin_in_words(say, scrutin), which, days) if part)
