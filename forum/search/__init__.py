"""Finding posts, people and discussions in the classes that a member may see."""
