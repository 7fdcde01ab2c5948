"""Commands that say how the index and the installation are."""
