"""A release: its head, boilerplate, labelled paragraphs, event days and near duplicates."""
