"""The faces of Pincite: the command line and the Slack bot."""
