"""The strategy language: one document, one meaning. `parse.parse_spec` is the way in."""
