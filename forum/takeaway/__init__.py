"""What a member takes away: all they wrote, and all that is kept of them, in a file of their own."""
