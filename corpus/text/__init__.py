"""Text below any format: decoding, characters, lines, sentences, numerals."""
