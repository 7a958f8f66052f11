"""Speed and memory of the platform, measured by hand and, in a short form, by CI."""
