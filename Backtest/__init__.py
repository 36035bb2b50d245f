"""The engine: plain Python that knows no Django, no HTTP and no ORM."""
