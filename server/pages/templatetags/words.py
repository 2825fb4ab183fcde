"""Template tags for the catalogue: templates hold no sentence."""

from types import ModuleType
from typing import Any

from django import template
from django.template.loader import render_to_string

from server import texts_en, texts_fr

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context: dict[str, Any], key: str, **values: object) -> str:
    """The sentence of a key, in French unless the page speaks English; values are escaped with it."""
    return str(_catalogue(context).text(key, **values))


@register.simple_tag(takes_context=True)
def words_by_count(context: dict[str, Any], key: str, n: int) -> str:
    """Singular or plural of a key."""
    return str(_catalogue(context).counted(key, n))


def _catalogue(context: dict[str, Any]) -> ModuleType:
    return texts_en if context.get("language") == "en" else texts_fr


@register.simple_block_tag(takes_context=True)
def listing(context: dict[str, Any], content: str, about: str, *columns: str, caption: str = "") -> str:
    """A table whose rows are written between this tag and `endlisting`; on a telephone each row is a card.

    Args:
        about: the beginning of its keys: `about` + "caption" says what the rows are.
        columns: the titles, as keys; without a dot, what follows `about` + "column.". "size:number" gives the
            title the class of its column.
        caption: the key that says what the rows are, where `about` has none.
    """
    titles = [column.partition(":") for column in columns]
    text = _catalogue(context).text
    shown = [(text(name if "." in name else f"{about}column.{name}"), kind) for name, _, kind in titles]
    table = {"caption": text(caption or f"{about}caption"), "columns": shown, "rows": content}
    return render_to_string("listing.html", table)
