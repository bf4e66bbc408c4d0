"""Participation figures: their pages and files, and the check that recounts them."""
