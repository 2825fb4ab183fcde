"""Template tags for the catalogue: templates hold no sentence."""

from django import template

from server import texts_fr

register = template.Library()


@register.simple_tag
def words(key: str, **values: object) -> str:
    """The sentence of a key; values are escaped with it."""
    return texts_fr.text(key, **values)


@register.simple_tag
def words_by_count(key: str, n: int) -> str:
    """Singular or plural of a key."""
    return texts_fr.counted(key, n)
