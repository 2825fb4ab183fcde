"""Template tags for the catalogues of the electors: templates hold no sentence."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **values: object) -> str:
    """The sentence of a key in the language of the page; values are escaped with it."""
    return str(context["wording"](key, **values))


@register.simple_tag(takes_context=True)
def say_by_count(context: dict[str, Any], key: str, n: int) -> str:
    """Singular or plural of a key."""
    return str(context["wording"].counted(key, n))
