"""Migrations of the officers on line."""
