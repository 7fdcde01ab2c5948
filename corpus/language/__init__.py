"""Words in their language: days and periods, names and their spellings, sentences, stop words."""
