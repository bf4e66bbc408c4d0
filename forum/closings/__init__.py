"""The figures of a discussion as they were when it closed, kept for good, and what has changed since."""
