"""The French catalogue, one module per place where its sentences are read."""
