"""Evidence: sources with their provenance, extracts of facts, clean tables.

Nothing here knows a claim.
"""
