"""Who read whose personal data: the audit trail of reads, kept apart from the database (CNIL 2021-122)."""
