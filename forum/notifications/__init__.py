"""What members are told of: the rows, who wants which, when by mail."""
