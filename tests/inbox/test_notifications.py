"""Who is told of a post, and what can still be seen of it."""
