"""Judging: the registry of claims, the choices, and what the evidence says of each claim."""
