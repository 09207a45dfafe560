"""Clean tables."""

TABLES: dict = {}
