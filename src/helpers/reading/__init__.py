"""Reading: what people and machines read: pages, book, explorer, release, curves."""
