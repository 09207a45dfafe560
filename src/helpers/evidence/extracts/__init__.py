"""Extract functions: one upstream file in, one small table of facts out."""
