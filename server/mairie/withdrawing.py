"""The page on which the town hall of the mandant takes back a fact recorded by mistake (decision 0043): which
one and why, the same once more with what follows, then the signed withdrawal."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.domain.facts import ENDS_WITH_THE_MANDATAIRE, VOTES
from procuration.errors import RuleViolated
from procuration.record.facts import WITHDRAWAL_REASON_LENGTH_MAX
from server.dossiers import facts, mentions
from server.dossiers.mentions import Mention
from server.dossiers.models import Procuration
from server.dossiers.rulings import checked_reason
from server.mairie.forms import radios
from server.mairie.sheet import mention_words
from server.mairie.views import ProcurationView
from server.pages.forms import PlainForm
from server.texts_fr import text

_WRONG: Final = {
    "MOTIF_VIDE": text("mairie.withdraw.reason.missing"),
    "MOTIF_TROP_LONG": text("mairie.withdraw.reason.long", maximum=WITHDRAWAL_REASON_LENGTH_MAX),
    "MOTIF_ILLISIBLE": text("mairie.withdraw.reason.unreadable"),
}


class WithdrawForm(PlainForm):
    """Which of the facts that count is wrong, and why."""

    mention = forms.ChoiceField(
        label=text("mairie.withdraw.which"),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("mairie.withdraw.which.missing"),
            "invalid_choice": text("mairie.withdraw.which.missing"),
        },
    )
    reason = forms.CharField(
        label=text("mairie.withdraw.reason"),
        error_messages={
            "required": text("mairie.withdraw.reason.missing"),
            "null_characters_not_allowed": text("mairie.withdraw.reason.unreadable"),
        },
    )

    def __init__(self, *args: Any, recorded: Sequence[Mention], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._recorded = {one.hash: one for one in recorded}
        self._choices = [(one.hash, mention_words(one)) for one in recorded]
        field = self.fields["mention"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = self._choices

    def clean_reason(self) -> str:
        """One line that reads the same on paper as on the screen."""
        try:
            return checked_reason(self.cleaned_data["reason"], WITHDRAWAL_REASON_LENGTH_MAX)
        except RuleViolated as error:
            raise forms.ValidationError(_WRONG[error.code]) from error

    @property
    def choices(self) -> list[dict[str, object]]:
        """Radio buttons for the template; the only one is chosen already."""
        return radios(self, "mention", self._choices, alone=True)

    @property
    def chosen(self) -> Mention:
        """The fact to withdraw, once the form is valid."""
        return self._recorded[self.cleaned_data["mention"]]


class Withdraw(ProcurationView):
    """Takes a fact of one procuration of the commune back, in two steps."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        """The form, the fact of the link chosen; without any fact there is no form."""
        procuration = self.procuration(rid)
        recorded = mentions.in_force(procuration)
        if not recorded:
            return redirect("mairie:procuration", rid=rid)
        form = WithdrawForm(initial={"mention": request.GET.get("mention", "")}, recorded=recorded)
        return self._ask(request, procuration, form, 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        """Asks again what is missing, shows the answers once more, or withdraws."""
        procuration = self.procuration(rid)
        if request.POST.get("mention") in mentions.withdrawn(procuration):  # sent twice, or by a colleague
            messages.success(request, text("mairie.withdraw.already"))
            return redirect("mairie:procuration", rid=rid)
        form = WithdrawForm(request.POST, recorded=mentions.in_force(procuration))
        if not form.is_valid():
            return self._ask(request, procuration, form, 422)
        mention, reason = form.chosen, form.cleaned_data["reason"]
        if request.POST.get("step") != "confirmed":
            return self._confirm(request, procuration, mention, reason)
        try:
            facts.withdraw_fact(rid, self.account, mention.hash, reason)
        except RuleViolated as refusal:
            return self.refused(request, procuration, refusal, "mairie.refused.withdraw.title")
        messages.success(request, text("mairie.withdraw.kept"))
        return redirect("mairie:procuration", rid=rid)

    def _ask(
        self, request: HttpRequest, procuration: Procuration, form: WithdrawForm, status: int
    ) -> HttpResponse:
        context = {"sheet": self.sheet(procuration), "form": form, "maximum": WITHDRAWAL_REASON_LENGTH_MAX}
        return render(request, "mairie/withdraw.html", context, status=status)

    def _confirm(
        self, request: HttpRequest, procuration: Procuration, mention: Mention, reason: str
    ) -> HttpResponse:
        context = {
            "sheet": self.sheet(procuration),
            "mention": mention,
            "what": mention_words(mention),
            "reason": reason,
            "effects": _effects(mention),
        }
        return render(request, "mairie/withdraw_confirm.html", context)


def _effects(mention: Mention) -> list[str]:
    """What follows, sentence by sentence: the mandant was told of a mandataire only (R-51, R-52)."""
    if mention.code in VOTES:
        return [text("mairie.withdraw.effect.vote")]
    keys = ["ending", "again"]
    if mention.code in ENDS_WITH_THE_MANDATAIRE:
        keys.append("told")
    return [text(f"mairie.withdraw.effect.{key}") for key in keys]
