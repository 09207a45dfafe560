"""Extract functions."""

SCHEMAS: dict = {}
