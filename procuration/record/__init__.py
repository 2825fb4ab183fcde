"""Bytes to trusted objects and back (SECURITY-DESIGN 1 to 10). Still no input or output."""
