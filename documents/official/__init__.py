"""Official documents as GB/T 9704 sets them: page, headings, ruled tables."""
