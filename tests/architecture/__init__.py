"""Checks of the tree itself: who imports whom, how long things are, what no file may say."""
