"""The only input and output of the shared core: clock, keys, spool, trust."""
