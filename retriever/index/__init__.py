"""What a generation holds on disk, and reading it."""
