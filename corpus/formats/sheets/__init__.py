"""Tables that are files: workbooks, and text with signs between its cells."""
