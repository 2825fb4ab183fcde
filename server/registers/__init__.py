"""The registers of procurations, on screen, as PDF and as CSV: those of a town hall, those of the units."""
