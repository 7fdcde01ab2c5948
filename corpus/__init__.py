"""Documents to passages: files are read into documents with dates, titles and labelled passages."""
