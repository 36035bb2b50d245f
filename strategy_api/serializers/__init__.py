"""What the strategy endpoints take and answer."""
