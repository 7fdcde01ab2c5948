"""The reading page: documents and answers in a browser, each with its permanent address."""
