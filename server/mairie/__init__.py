"""The town hall: what waits for its decision, one procuration with its evidence, validate or invalidate."""
