"""One reader for each file format: bytes to `Content`, logical lines with the file's metadata."""
