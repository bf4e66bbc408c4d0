"""Pictures and documents: what may be added, how it is kept, and what becomes of it."""
