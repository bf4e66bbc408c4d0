"""The settings that administrators have changed while the forum runs."""
