"""Topics: one module a noun that notebooks import; tables in, tables out."""
