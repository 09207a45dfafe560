"""The small package behind the notebooks of the fact-check."""
