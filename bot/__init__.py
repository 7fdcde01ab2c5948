"""The faces of Pincite: the command line, its settings, and the rendering of answers."""
