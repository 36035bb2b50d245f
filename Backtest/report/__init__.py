"""What a run leaves behind: trades.csv, equity.csv, report.html and manifest.json, rendered from validated results."""
