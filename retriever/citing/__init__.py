"""Citations: receipts, links, and the document behind one."""
