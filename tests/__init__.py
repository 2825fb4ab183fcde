"""Tests: they mirror the packages, and start every real component themselves."""
