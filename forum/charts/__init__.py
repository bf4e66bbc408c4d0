"""The figures as pictures, each with its table."""
