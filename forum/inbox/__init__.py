"""What a member reads of their notifications: the page, the mail; and the rounds in which many are told at once."""
