"""State of each procuration, folded from the ledger and rebuilt from it at will."""
