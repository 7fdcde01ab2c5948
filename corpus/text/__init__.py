"""Text of any format and language: decoding, characters, logical lines, numerals."""
