"""Two executions of a spec without its generated code: a fast kernel, and a plain interpreter as its oracle."""
