"""What words mean, whatever the document: days, periods, names, acronyms, stop words."""
