"""The engine: plain Python that knows no Django, no HTTP and no ORM."""

__version__ = "0.1.0"
