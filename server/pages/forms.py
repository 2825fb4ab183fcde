"""Forms of the web pages: django-dsfr's markup, our words, no dependence on scripts."""

from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm

from server.texts_fr import counted, text


class PlainForm(DsfrBaseForm):  # type: ignore[misc]  # django-dsfr ships no types
    """A form whose errors stand in a summary and beside their field, in the same words."""

    def get_context(self) -> dict[str, Any]:
        """Optional fields are marked, not the others. django-dsfr's own method warns whatever the setting
        says."""
        return {**forms.Form.get_context(self), "DSFR_MARK_OPTIONAL_FIELDS": True}

    @property
    def error_count_sentence(self) -> str:
        """Title of the error summary."""
        return counted("errors.summary", sum(len(errors) for errors in self.errors.values()))


class SignInForm(PlainForm):
    """Account name and password."""

    username = forms.CharField(
        label=text("login.username"),
        max_length=150,
        error_messages={"required": text("login.username_missing")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=text("login.password"),
        max_length=4096,
        strip=False,
        error_messages={"required": text("login.password_missing")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
