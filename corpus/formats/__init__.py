"""One reader for each file format: bytes to `Content`, logical lines with what the file states."""
