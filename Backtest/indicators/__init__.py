"""Every indicator once: what it is called and takes (`indicator_registry`, light) and how it is computed (`arrays`)."""
