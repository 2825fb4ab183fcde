"""What the tablet keeps: an encrypted database, the slots that open it, and the only SQL of this program."""
