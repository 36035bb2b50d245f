"""A strategy's source becomes a module, the module a class, and what the code raises a sentence with its line."""

import difflib
import inspect
import linecache
import sys
import traceback
from types import ModuleType
from typing import Any

from backtesting import Strategy

MODULE_NAME = "strategy"
FILE_NAME = "strategy.py"
MAX_MESSAGE_CHARACTERS = 500


class NoStrategy(Exception):
    """The code defines no strategy to run, or not the one that was asked for."""


def load_module(code: str) -> ModuleType:
    """Execute the code as a module of its own (never as `__main__`)."""
    code = code.removeprefix("\ufeff")
    module = ModuleType(MODULE_NAME)
    module.__file__ = FILE_NAME
    sys.modules[MODULE_NAME] = module  # dataclasses look their module up
    linecache.cache[FILE_NAME] = (len(code), None, code.splitlines(keepends=True), FILE_NAME)
    exec(compile(code, FILE_NAME, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - what the sandbox is for
    return module


def forget_module() -> None:
    """Undo what `load_module` left behind."""
    sys.modules.pop(MODULE_NAME, None)
    linecache.cache.pop(FILE_NAME, None)


def find_strategy(module: ModuleType, class_name: str | None) -> tuple[type[Any], str | None]:
    """The class to run, and a notice when the choice needs saying: of several the last that no other is built on."""
    defined = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Strategy) and value.__module__ == MODULE_NAME
    }
    if class_name is not None:
        if class_name not in defined:
            close = difflib.get_close_matches(class_name, defined, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise NoStrategy(f"The code defines no strategy named {class_name}.{hint}")
        return defined[class_name], None
    classes = list(dict.fromkeys(defined.values()))
    bases = {base for value in classes for base in value.__mro__[1:]}
    candidates = [value for value in classes if value not in bases and not inspect.isabstract(value)]
    if not candidates:
        raise NoStrategy(
            "The code defines no strategy: write one class that extends backtesting.Strategy with init() and next()."
        )
    if len(candidates) == 1:
        return candidates[0], None
    names = ", ".join(value.__name__ for value in candidates)
    chosen = candidates[-1]
    return chosen, f"The code defines {len(candidates)} strategies ({names}); {chosen.__name__}, the last, was run."


def describe_error(error: BaseException) -> tuple[str, int | None]:
    """What went wrong as one sentence, and the line of the strategy, such as `KeyError: 'x' (line 14, in next)`."""
    while error.__cause__ is not None:  # backtesting.py wraps what an indicator's function raises
        error = error.__cause__
    text = _text(error)
    if isinstance(error, NoStrategy):
        return text, None
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename == FILE_NAME:
        return f"{type(error).__name__}: {error.msg} (line {error.lineno})", error.lineno
    place = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE_NAME]
    if not place:
        return message, None
    line, function = place[-1].lineno, place[-1].name
    where = f"line {line}" if function == "<module>" else f"line {line}, in {function}"
    return f"{message} ({where})", line


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the strategy's own exception class may fail here as well
        return ""
    return " ".join(text.split())[:MAX_MESSAGE_CHARACTERS]
