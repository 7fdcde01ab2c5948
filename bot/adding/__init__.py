"""Files and pages that are put into a corpus folder."""
