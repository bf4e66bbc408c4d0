"""What each instructor did: comments, whom they reached, how soon, how evenly."""
