"""Discussions: threads, posts, comments, participation."""
