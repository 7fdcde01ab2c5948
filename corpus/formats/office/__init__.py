"""Office files: Word, OpenDocument and rich text become lines."""
