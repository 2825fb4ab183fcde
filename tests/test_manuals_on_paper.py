"""Each manual is four pages of A4, printed at 11 points with pictures of 78 mm. The count is the same with
pictures from 70 to 84 mm: a sentence more or less does not change it, half a page does.
"""

import pytest

from tests.paper import html_of, pages_of
from tests.test_manuals import MANUALS

PAGES = 4


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_a_manual_is_four_pages_of_paper(manual):
    assert pages_of(manual) == PAGES


def test_another_half_page_would_be_seen(tmp_path):
    (manual,) = [path for path in MANUALS if path.stem == "accueil"]
    longer = tmp_path / "accueil.md"
    text = manual.read_text("utf-8").replace("](../", f"]({manual.parent.parent.as_uri()}/")
    longer.write_text(text + "\n\nUne phrase de plus, sur une ligne entière de cette page." * 40, "utf-8")
    assert pages_of(longer) > PAGES


def test_what_the_manuals_write_becomes_what_they_mean():
    assert html_of("## Un *titre*\n\n1. un\n2. **deux**\n   encore") == (
        "<h2>Un *titre*</h2>\n<ol><li>un</li><li><b>deux</b> encore</li></ol>"
    )
    assert html_of("| a | b |\n|---|---|\n| c | `d` |") == (
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td><code>d</code></td></tr></table>"
    )
    assert "<img" in html_of("![Une image](a.png)")
