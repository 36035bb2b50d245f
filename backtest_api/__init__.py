"""Runs: for now the commands `backtest`, `scan_code` and `sandbox_run`."""
