"""A folder of signed tables that anybody may have written: it is believed or refused, whatever it holds.

The keys of a repository are new at each run, so it has no place in the corpus.
"""

import shutil
from pathlib import Path
from random import Random

import pytest

from procuration.adapters.trust import verified_targets
from procuration.errors import RecordRejected
from tests.adapters.small_repository import SmallRepository
from tests.fuzz.mutator import LINES, Mutator
from tests.fuzz.run import no_longer_than
from tests.fuzz.test_mutations import SEED

MUTATIONS = 60


def outcome(first_root: bytes, repository: SmallRepository, cache: Path) -> str:
    """Whether the tables are believed, which must then be the true ones, or the code."""
    try:
        found = verified_targets(first_root, repository.folder, cache)
    except RecordRejected as error:
        return error.code
    return "believed" if found == repository.tables else "deceived"


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "name", ["timestamp.json", "1.snapshot.json", "1.targets.json", "2.root.json", "first root", "a table"]
)
def test_a_folder_with_one_file_changed_is_believed_or_refused(tmp_path, name, budget):
    print(f"PROCURATION_TEST_SEED={SEED}")
    repository = SmallRepository(tmp_path / "stick")
    repository.publish_root()
    path = repository.target_path("directory.cbor") if name == "a table" else None
    path = path or repository.folder / "metadata" / name.replace("first root", "1.root.json")
    true = path.read_bytes()
    mutations = Mutator([true], LINES, Random(f"{SEED} {name}"))
    for _ in range(MUTATIONS * budget):
        changed = mutations()
        path.write_bytes(changed)
        first_root = changed if name == "first root" else repository.first_root
        with no_longer_than(10):
            assert outcome(first_root, repository, tmp_path / "cache").startswith(("believed", "TRUST_")), (
                changed
            )
        shutil.rmtree(tmp_path / "cache")
