"""The side-by-side benchmark: see ../README.md."""
