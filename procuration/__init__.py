"""The shared core: what a procuration is, and how it is proved. Imports no program of this project."""
