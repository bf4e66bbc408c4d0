"""The matrix trainee x discussion: who spoke where."""
