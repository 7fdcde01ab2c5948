"""The commands of the command line, one file each, and the conversation of `pincite chat`."""
