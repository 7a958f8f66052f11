"""What may be written: each module checks and appends one kind of entry."""
