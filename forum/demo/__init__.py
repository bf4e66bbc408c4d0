"""The two reference classes, with invented people and texts, for trying the product out."""
