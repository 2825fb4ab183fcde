"""Tests of the agent, against a real HTTPS server on loopback."""
