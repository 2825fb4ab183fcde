"""The messages to the mandant (DOMAIN 1.5): an outbox written with its cause, and the worker that sends
it."""
