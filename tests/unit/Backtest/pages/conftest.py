import ssl
from collections.abc import Iterator

import pytest

from tests.web.server import HERE, PUBLIC, Rerouted, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    yield from serving(None)


@pytest.fixture
def secure_server() -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "blog.test.pem")
    yield from serving(context)


@pytest.fixture
def network(server: Server) -> Rerouted:
    return Rerouted(server, {"blog.test": [[PUBLIC]]})


@pytest.fixture
def secure_network(secure_server: Server) -> Rerouted:
    return Rerouted(secure_server, {"blog.test": [[PUBLIC]], "other.test": [[PUBLIC]]})
