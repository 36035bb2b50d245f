"""Pages fetched from a real server: what is read, and what the guard refuses."""

import gzip
import zlib

import pytest

from Backtest.errors import PageRefused, SourceUnavailable
from Backtest.pages.fetch import MAX_BYTES, MAX_REDIRECTS, fetch
from tests.web.server import PUBLIC, Rerouted, Server

PAGE = b"<html><body><p>Buy when RSI(14) drops below 30</p></body></html>"


def test_a_page_is_fetched_from_the_address_that_was_checked(server: Server, network: Rerouted) -> None:
    server.page("/rsi", PAGE, kind="text/html; charset=utf-8")
    document = fetch("http://blog.test/rsi#rules", network)
    assert (document.url, document.content_type, document.charset) == ("http://blog.test/rsi", "text/html", "utf-8")
    assert document.content == PAGE
    assert (network.connected, network.looked_up) == ([(PUBLIC, 80)], ["blog.test"])


def test_the_request_carries_neither_cookies_nor_credentials(server: Server, network: Rerouted) -> None:
    server.page("/", PAGE, Set_Cookie="a=1", Location="/")
    server.page("/again", b"", status="302 Found", Location="/", Set_Cookie="b=2")
    fetch("http://blog.test/again", network)
    assert len(server.requests) == 2
    assert not any(name in request.lower() for request in server.requests for name in (b"cookie", b"authorization"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://①②⑦.⓪.⓪.①/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:93.184.215.14]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
    ],
)
def test_an_address_inside_a_network_is_refused_before_anything_is_sent(url: str, network: Rerouted) -> None:
    with pytest.raises(PageRefused):
        fetch(url, network)
    assert network.connected == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "169.254.169.254",
        "100.100.100.200",
        "::1",
        "::ffff:10.0.0.5",
        "64:ff9b::a00:5",
        "fd00::1",
    ],
)
def test_a_name_that_means_an_address_inside_is_refused(address: str, network: Rerouted) -> None:
    network.names["inside.test"] = [[address]]
    with pytest.raises(PageRefused, match="not on the public web"):
        fetch("http://inside.test/", network)
    assert network.connected == []


def test_a_name_with_one_address_inside_among_public_ones_is_refused(network: Rerouted) -> None:
    network.names["mixed.test"] = [[PUBLIC, "127.0.0.1"]]
    with pytest.raises(PageRefused):
        fetch("http://mixed.test/", network)
    assert network.connected == []


def test_a_name_that_changes_its_meaning_is_asked_once_and_never_again(server: Server, network: Rerouted) -> None:
    network.names["rebinding.test"] = [[PUBLIC], ["127.0.0.1"]]
    server.page("/", PAGE)
    assert fetch("http://rebinding.test/", network).content == PAGE
    assert network.connected == [(PUBLIC, 80)]


def test_a_name_that_changes_its_meaning_by_the_redirect_is_refused(server: Server, network: Rerouted) -> None:
    network.names["rebinding.test"] = [[PUBLIC], ["127.0.0.1"]]
    server.redirect("/", "/secret")
    with pytest.raises(PageRefused, match="not on the public web"):
        fetch("http://rebinding.test/", network)
    assert network.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "//localhost/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://user:secret@blog.test/",
        "http://blog.test:8000/",
        "file:///etc/passwd",
        "ftp://blog.test/",
        "gopher://127.0.0.1/",
    ],
)
def test_a_redirect_is_judged_as_the_first_address_is(location: str, server: Server, network: Rerouted) -> None:
    server.redirect("/", location)
    with pytest.raises(PageRefused):
        fetch("http://blog.test/", network)
    assert network.connected == [(PUBLIC, 80)]


def test_redirects_are_followed_to_their_end(server: Server, network: Rerouted) -> None:
    network.names["new.test"] = [[PUBLIC]]
    server.redirect("/old", "http://new.test/a/b")
    server.redirect("/a/b", "../rules?x=1")
    server.page("/rules?x=1", PAGE)
    assert fetch("http://blog.test/old", network).url == "http://new.test/rules?x=1"


def test_endless_redirects_are_given_up(server: Server, network: Rerouted) -> None:
    server.redirect("/", "/")
    with pytest.raises(PageRefused, match="redirects more than"):
        fetch("http://blog.test/", network)
    assert len(network.connected) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://blog.test/", "ftp:// can't be read"),
        ("file:///etc/passwd", "file:// can't be read"),
        ("http://ada:secret@blog.test/", "user name or a password"),
        ("http://blog.test:22/", "port 22"),
        ("http://blog.test:443/", "port 443"),
        ("http://blog.test:99999/", "no web address"),
        ("http:///x", "no host"),
        ("http://blog.test/a\r\nHost: 127.0.0.1", "control character"),
        ("http://blog.test\\@127.0.0.1/", "backslash"),
        (f"http://blog.test/{'a' * 2000}", "more than 2,000"),
        (f"http://{'a' * 64}.test/", "is no host"),
        ("http://bl%6fg.test/", "is no host"),
    ],
)
def test_an_address_that_can_t_be_asked_says_why(url: str, message: str, network: Rerouted) -> None:
    with pytest.raises(PageRefused, match=message) as caught:
        fetch(url, network)
    assert caught.value.issues[0].suggestion
    assert network.connected == []


def test_a_body_that_comes_a_byte_at_a_time_is_given_up_in_time(server: Server, network: Rerouted) -> None:
    server.drip("/", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", 0.05)
    with pytest.raises(SourceUnavailable, match=r"longer than 0\.4 s"):
        fetch("http://blog.test/", network, timeout_s=0.4)


def test_a_head_that_comes_a_byte_at_a_time_is_given_up_in_time(server: Server, network: Rerouted) -> None:
    server.drip("/", b"HTTP/1.1 200 OK\r\nX: ", 0.05)
    with pytest.raises(SourceUnavailable, match="longer than"):
        fetch("http://blog.test/", network, timeout_s=0.4)


def test_a_name_that_is_never_looked_up_is_given_up_in_time(network: Rerouted) -> None:
    import threading

    class Stuck(Rerouted):
        def resolve(self, host: str, port: int) -> list[str]:
            threading.Event().wait(5)
            return []

    with pytest.raises(SourceUnavailable, match="longer than"):
        fetch("http://blog.test/", Stuck(network.server, {}), timeout_s=0.2)


def test_a_body_larger_than_a_page_is_refused_without_being_read_whole(server: Server, network: Rerouted) -> None:
    server.page("/", b"x" * (MAX_BYTES + 1), kind="text/plain")
    with pytest.raises(PageRefused, match="larger than 2 MB"):
        fetch("http://blog.test/", network)


def test_a_body_of_the_largest_size_is_read(server: Server, network: Rerouted) -> None:
    server.page("/", b"x" * MAX_BYTES, kind="text/plain")
    assert len(fetch("http://blog.test/", network).content) == MAX_BYTES


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_packed_page_is_unpacked(encoding: str, pack: object, server: Server, network: Rerouted) -> None:
    server.page("/", pack(PAGE), Content_Encoding=encoding)  # type: ignore[operator]
    assert fetch("http://blog.test/", network).content == PAGE


def test_a_page_that_grows_when_it_is_unpacked_is_refused(server: Server, network: Rerouted) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    assert len(bomb) < MAX_BYTES
    server.page("/", bomb, Content_Encoding="gzip")
    with pytest.raises(PageRefused, match="larger than 2 MB"):
        fetch("http://blog.test/", network)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json", "application/octet-stream"])
def test_what_is_no_page_of_text_is_refused(kind: str, server: Server, network: Rerouted) -> None:
    server.page("/", PAGE, kind=kind)
    with pytest.raises(PageRefused, match=kind):
        fetch("http://blog.test/", network)


def test_an_error_of_the_server_is_told_with_its_status(server: Server, network: Rerouted) -> None:
    server.page("/", PAGE, status="404 Not Found")
    with pytest.raises(PageRefused, match="answers 404 Not Found"):
        fetch("http://blog.test/", network)


def test_what_speaks_no_http_is_unavailable(server: Server, network: Rerouted) -> None:
    server.handlers["/"] = lambda sock, request: sock.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    with pytest.raises(SourceUnavailable, match="does not answer as a web server"):
        fetch("http://blog.test/", network)


def test_a_host_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match="can't be looked up"):
        fetch("http://no-such-host.invalid/")


def test_tls_is_spoken_with_the_name_that_was_asked_for(secure_server: Server, secure_network: Rerouted) -> None:
    secure_server.page("/", PAGE)
    assert fetch("https://blog.test/", secure_network).content == PAGE
    assert secure_network.connected == [(PUBLIC, 443)]


def test_a_certificate_of_another_name_is_refused(secure_server: Server, secure_network: Rerouted) -> None:
    secure_server.page("/", PAGE)
    with pytest.raises(SourceUnavailable, match="certificate is not valid"):
        fetch("https://other.test/", secure_network)
    assert secure_server.requests == []


def test_a_redirect_out_of_tls_is_refused(secure_server: Server, secure_network: Rerouted) -> None:
    secure_server.redirect("/", "http://blog.test/")
    with pytest.raises(PageRefused, match="from https:// to http://"):
        fetch("https://blog.test/", secure_network)
