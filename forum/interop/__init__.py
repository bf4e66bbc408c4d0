"""Foreign formats in and out, through operations."""
