"""Where a person starts: their classes, and a class with its programme and discussions."""
