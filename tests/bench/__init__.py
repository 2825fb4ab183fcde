"""Measurements. Each module has `measure()`, which yields `{"name", "value", "unit", "context"}`; a
context may hold `at_most` or `at_least`."""
