"""All of a request in one thread."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def one_thread(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that does nothing, and the innermost one: since it is not for event loops, Django runs those around
    it in the view's own thread, rather than each of their steps in a thread asked for anew."""
    return get_response
