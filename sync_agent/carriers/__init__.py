"""The two ways a sealed file travels: HTTPS and a USB key."""
