"""A corpus folder: its files listed, their sidecars and bytes read, a worker pool within limits."""
