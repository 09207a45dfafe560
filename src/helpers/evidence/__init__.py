"""Evidence: sources with their provenance, extracts of facts, clean tables; nothing here knows a claim."""
