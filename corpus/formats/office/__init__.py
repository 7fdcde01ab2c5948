"""Word, OpenDocument and rich text, through pandoc."""
