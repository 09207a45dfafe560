"""Cleaning: source tables in, the clean tables that notebooks read out."""
