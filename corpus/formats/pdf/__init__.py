"""PDF files: from characters on pages to paragraphs."""
