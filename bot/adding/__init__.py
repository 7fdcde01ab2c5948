"""Adding files and web pages to a folder of the corpus."""
