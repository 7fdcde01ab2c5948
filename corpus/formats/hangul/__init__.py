"""Documents of Hangul, the word processor of Korean offices: `.hwpx` and `.hwp` of version 5."""
