"""Strategy code, generated or a user's, runs here: in a child process with nothing to steal and little to break.

`process` is the parent's side and `job` its types; `child` is what runs on the other side.
"""
