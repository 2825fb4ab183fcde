"""`tests.demo.player` with the stopwatch of `_timed_hand`."""

import sys

from tests.demo.player import main

if __name__ == "__main__":
    sys.exit(main("tests.bench._timed_hand"))
