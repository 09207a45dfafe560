"""Running: how notebooks are executed, swept and compared."""
