"""Questions that somebody follows: what a new generation has that was not there before."""
