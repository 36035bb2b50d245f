"""Commands in real processes, as in the tests of the commands."""

from tests.commands.conftest import manage

__all__ = ["manage"]
