"""Tasks of one ledger held in memory for counting: facets, search, cross tables."""
