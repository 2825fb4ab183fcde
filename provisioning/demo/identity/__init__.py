"""Identity providers of the demonstration and of the tests, on this machine only."""
