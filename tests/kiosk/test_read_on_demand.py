"""What few visits need is not read for all of them. In a process of its own: the suite has read
it all.
"""

import subprocess
import sys

from kiosk_app import months
from kiosk_app.languages import sentences_of
from kiosk_app.presenters.wording import Language


def modules_after(script):
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{script}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


def test_a_typed_date_has_no_catalogue_read():
    read = modules_after("""
from kiosk_app.presenters.typed_date import parse_birth_date
parse_birth_date(("14", "march", "1950"), partial=False)
""")
    assert "kiosk_app.presenters.typed_date" in read
    assert not {"kiosk_app.texts_en", "kiosk_app.texts_falc"} & read


def test_the_months_that_may_be_typed_are_those_of_the_catalogues():
    assert {sentences_of(language)["when.months"] for language in Language} == set(months.ALL)


def test_a_paper_has_only_its_own_formats_read():
    read = modules_after("""
from kiosk_app.receipt_image import trial_page
paper = trial_page()
assert paper.png.startswith(b"\\x89PNG") and paper.pdf.startswith(b"%PDF")
""")
    assert "PIL.PdfImagePlugin" in read
    assert not {"PIL.AvifImagePlugin", "PIL.PsdImagePlugin", "PIL.WmfImagePlugin"} & read
