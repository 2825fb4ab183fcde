"""Random faults that can be seen again: every test prints its seed, and takes one from the environment."""

import os
import random

SEED = "PROCURATION_TEST_SEED"


def seeded(number: int = 0) -> random.Random:
    """A source of chance; the same seed and number give the same faults."""
    seed = int(os.environ.get(SEED, random.SystemRandom().randrange(2**32)))
    print(f"{SEED}={seed}")
    return random.Random(seed + number)
