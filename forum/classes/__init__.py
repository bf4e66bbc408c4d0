"""Training classes: programme, groups, enrolments."""
