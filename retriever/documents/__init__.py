"""Documents as wholes: which of them mention something, and which are copies of each other."""
