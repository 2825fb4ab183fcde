"""The table of all parsers under fuzz."""

from tests.fuzz import file_targets, record_targets
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target for target in (*record_targets.list_targets(), *file_targets.list_targets())
}
