"""Times veracity and its peers in one run. Started by ../run.py."""
