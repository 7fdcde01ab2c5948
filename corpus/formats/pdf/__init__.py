"""PDF files: characters on pages become text runs, columns, lines and paragraphs."""
