"""Every parser of foreign bytes against mutated records: the table of parsers, the mutators, the runs.

`python -m tests.fuzz` runs them by the million; README.md says the rest.
"""
