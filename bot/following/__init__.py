"""The commands that follow questions on the command line, and what they keep of them."""
