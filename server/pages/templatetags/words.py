"""Template tags for the catalogue: templates hold no sentence."""

from typing import Any

from django import template

from server import texts_en, texts_fr

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context: dict[str, Any], key: str, **values: object) -> str:
    """The sentence of a key, in French unless the page speaks English; values are escaped with it."""
    text = texts_en.text if context.get("language") == "en" else texts_fr.text
    return text(key, **values)


@register.simple_tag
def words_by_count(key: str, n: int) -> str:
    """Singular or plural of a key."""
    return texts_fr.counted(key, n)
