"""Syntax trees of Python sources, made by one thread at a time.

CPython 3.11 counts the depth of a tree under construction once per process: two threads that parse at the same time
may get a SystemError (python/cpython#106905).
"""

import ast
import threading
import warnings
from typing import Final

_PARSER: Final = threading.Lock()


def parse_source(text: str, file_name: str) -> ast.Module:
    """The tree of a source; raises what `ast.parse` raises. Warnings of doubtful escapes are the author's business."""
    with _PARSER, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, filename=file_name)
