"""The ledger: what was signed, in the order of each log, and the proof that nothing was changed."""
