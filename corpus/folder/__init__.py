"""What a corpus folder holds: its files, their bytes, the sidecars beside them, its limits."""
