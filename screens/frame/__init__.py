"""What stands around every page: window title, menu, filters, and the report month."""
