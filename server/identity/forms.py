"""Forms of the second factor."""

import re
from typing import Final

from django import forms

from server.pages.forms import PlainForm
from server.texts_fr import text

_SIX_DIGITS: Final = re.compile(r"[0-9]{6}", re.ASCII)
_RECOVERY: Final = re.compile(r"[0-9A-Z]{16}", re.ASCII)


class CodeForm(PlainForm):
    """Six digits of the application."""

    code = forms.CharField(
        label=text("factor.code"),
        help_text=text("factor.code_help"),
        max_length=20,
        error_messages={"required": text("factor.code_missing"), "max_length": text("factor.code_shape")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """Without the spaces that applications show."""
        typed = "".join(self.cleaned_data["code"].split())
        if not _SIX_DIGITS.fullmatch(typed):
            raise forms.ValidationError(text("factor.code_shape"))
        return typed


class RecoveryForm(PlainForm):
    """One of the ten codes."""

    code = forms.CharField(
        label=text("factor.recovery"),
        help_text=text("factor.recovery_help"),
        max_length=40,
        error_messages={
            "required": text("factor.recovery_missing"),
            "max_length": text("factor.recovery_shape"),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """Without the hyphens and spaces of its groups."""
        typed = re.sub(r"[\s-]", "", self.cleaned_data["code"]).upper()
        if not _RECOVERY.fullmatch(typed):
            raise forms.ValidationError(text("factor.recovery_shape"))
        return typed
