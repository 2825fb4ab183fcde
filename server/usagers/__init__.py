"""Electors on line: the portal of a later issue. Nothing is here yet."""
