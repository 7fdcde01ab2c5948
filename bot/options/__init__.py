"""Options that several commands have, and the types of what options take."""
