"""Trading English to a canonical spec: a lexicon, a grammar and the conventions' defaults; no model, no network."""
