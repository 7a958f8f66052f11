"""Answers → sentences and tables. Knows neither screen, file nor database: rows are handed in."""
