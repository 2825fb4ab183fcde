"""Carries sealed files between the tablet and the centre; opens none and holds no key that would."""
