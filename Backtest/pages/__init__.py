"""Web pages that a user names: fetched behind a guard, and turned into plain text."""
