"""Who was there when the class met in person, and who spoke in the room."""
