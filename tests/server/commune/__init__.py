"""The town hall without network, and what the centre owes it."""
