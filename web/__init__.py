"""What the browser receives beside the pages: styles, scripts, and how they get there."""
