"""Members: accounts, sign-in, one-time links."""
