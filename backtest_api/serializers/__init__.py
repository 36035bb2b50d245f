"""What the backtest endpoints take and answer."""
