"""One file an engine: `version()`, and `open(job)`, which returns the function that computes a batch."""
