"""A cited document is opened at the passage, in the program that a person has for it."""
