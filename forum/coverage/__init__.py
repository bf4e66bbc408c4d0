"""Units covered, and who of each has not been heard."""
