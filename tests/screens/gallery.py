"""`python -m tests.screens.gallery --out DIR`: a picture of every screen in every state, to be looked at."""

import argparse
from pathlib import Path

from kiosk_app.presenters.wording import Language
from tests.screens.looks import SIZES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="names that start with this")
    parser.add_argument("--size", choices=SIZES, default="1280x800")
    parser.add_argument("--strong", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--language", type=Language, choices=list(Language), default=Language.FRENCH)
    options = parser.parse_args()
    from tests.screens.states import all_states
    from tests.screens.tablet import Tablet

    options.out.mkdir(parents=True, exist_ok=True)
    tablet = Tablet()
    tablet.driver.resize(*SIZES[options.size])
    for state in all_states():
        if state.name.startswith(options.only):
            tablet.reach(state, strong=options.strong, scale=options.scale, language=options.language)
            tablet.driver.picture().save(options.out / f"{state.name}.png")
            print(state.name, flush=True)
    tablet.close()


if __name__ == "__main__":
    main()
