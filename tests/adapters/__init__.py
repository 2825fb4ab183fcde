"""Tests of the adapters: clock, spool, trust."""
