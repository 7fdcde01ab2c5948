"""The conversation of `pincite chat`: what a line gives, and the prompt that takes it."""
