"""The outbound client over real sockets: where it connects, what it refuses to read, when it gives up."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scribe.http import addresses, client
from scribe.http.errors import BadBody, BlockedAddress, BodyTooLarge, TimedOut, Unreachable


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers), self.client_address))
        getattr(self, "answer_" + self.path.split("/")[1].split("?")[0])()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), self.client_address))
        self.reply(body)

    def reply(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_ok(self):
        self.reply(b'\xef\xbb\xbf{"a": [1, "\xc5\xa1"]}', Content_Type="application/json")

    def answer_gzip(self):
        self.reply(gzip.compress(b"packed " * 100), Content_Encoding="gzip")

    def answer_members(self):
        """Gzip's members may follow each other, here across pieces, and something else may follow them."""
        large = gzip.compress(bytes(range(256)) * 4_000, compresslevel=0)
        self.reply(large + gzip.compress(b"second") + b"\0" * 100_000, Content_Encoding="gzip")

    def answer_crumbs(self):
        self.reply(gzip.compress(b"x") * 1_000, Content_Encoding="gzip")

    def answer_cutgzip(self):
        packed = gzip.compress(b"packed " * 100)
        self.reply(packed[: len(packed) // 2], Content_Encoding="gzip")

    def answer_cutdeflate(self):
        self.reply(zlib.compress(b"packed " * 100)[:-8], Content_Encoding="deflate")

    def answer_deflate(self):
        self.reply(zlib.compress(b"packed"), Content_Encoding="deflate")

    def answer_bomb(self):
        self.reply(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")

    def answer_broken(self):
        self.reply(b"this is not gzip", Content_Encoding="gzip")

    def answer_brotli(self):
        self.reply(b"x", Content_Encoding="br")

    def answer_large(self):
        self.reply(b"x" * 2_000_000)

    def answer_endless(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
        except OSError:
            self.close_connection = True

    def answer_drip(self):
        """One byte of a header each 50 ms: each read succeeds, the whole never ends."""
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 2000:
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass
        self.close_connection = True

    def answer_slow(self):
        time.sleep(1.5)
        self.reply(b"late")

    def answer_cut(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def answer_away(self):
        self.reply(b"", 302, Location="http://169.254.169.254/latest/meta-data/")

    def answer_other(self):
        self.reply(b"", 302, Location=f"http://localhost:{self.server.server_port}/ok")

    def answer_here(self):
        self.reply(b"", 301, Location="/ok")

    def answer_circle(self):
        self.reply(b"", 302, Location="/circle")

    def answer_busy(self):
        self.reply(b"", 429, Retry_After="7")

    def log_message(self, *args):
        pass


@pytest.fixture
def site(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1", f"store.example.com:{server.server_port}"]
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def test_an_answer_comes_whole_with_its_status(site):
    answer = client.request("GET", site.url + "/ok", params={"q": "š č"}, headers={"Authorization": "Basic x"})
    assert (answer.status, answer.ok, answer.json()) == (200, True, {"a": [1, "š"]})
    path, headers, _ = site.asked[0]
    assert path == "/ok?q=%C5%A1+%C4%8D"
    assert headers["Authorization"] == "Basic x"
    assert "Cookie" not in headers


def test_bytes_and_json_are_sent_as_they_are(site):
    assert client.request("POST", site.url + "/x", json={"a": "š"}).json() == {"a": "š"}
    big = bytes(range(256)) * 2000
    assert client.request("POST", site.url + "/x", data=big).body == big


def test_connections_are_kept(site):
    for _ in range(5):
        client.request("GET", site.url + "/ok")
    assert len({address for _, _, address in site.asked}) == 1


def test_the_name_is_kept_while_the_checked_address_is_called(site, monkeypatch):
    """A name that answers differently a moment later changes nothing: it is asked once per call."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    monkeypatch.setattr(addresses, "look_up", lambda host, port: next(answers))
    assert client.request("GET", f"http://store.example.com:{site.server_port}/ok").ok
    assert site.asked[0][1]["Host"] == f"store.example.com:{site.server_port}"


def test_a_name_that_turns_private_is_refused_at_the_next_call(monkeypatch, settings):
    settings.OUTBOUND_ALLOWED_HOSTS = []
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    monkeypatch.setattr(addresses, "look_up", lambda host, port: next(answers))
    assert addresses.check_url("https://rebind.example.com/")
    with pytest.raises(BlockedAddress):
        client.request("GET", "https://rebind.example.com/")


def test_the_next_address_is_tried_when_one_is_dead(site, monkeypatch):
    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert client.request("GET", f"http://store.example.com:{site.server_port}/ok").ok


def test_packed_answers_are_unpacked(site):
    assert client.request("GET", site.url + "/gzip").body == b"packed " * 100
    assert client.request("GET", site.url + "/deflate").body == b"packed"
    assert client.request("GET", site.url + "/members").body == bytes(range(256)) * 4_000 + b"second"


@pytest.mark.parametrize("path", ["/cutgzip", "/cutdeflate"])
def test_a_packed_answer_that_breaks_off_is_no_short_one(site, path):
    """Its length was right, so half a list passed for the whole."""
    with pytest.raises(Unreachable) as error:
        client.request("GET", site.url + path)
    assert error.value.sent


@pytest.mark.parametrize("path", ["/bomb", "/large", "/endless"])
def test_too_much_is_not_read(site, path):
    with pytest.raises(BodyTooLarge):
        client.request("GET", site.url + path, max_bytes=1_000_000)
    assert client.request("GET", site.url + "/ok").ok


@pytest.mark.parametrize("path", ["/broken", "/brotli", "/crumbs"])
def test_what_cannot_be_unpacked_is_said_so(site, path):
    with pytest.raises(BadBody):
        client.request("GET", site.url + path)


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/slow", "/drip", "/endless"])
def test_the_time_is_for_the_whole_call(site, path):
    with pytest.raises(TimedOut) as error:
        client.request("GET", site.url + path, timeout=0.5, max_bytes=10**12)
    assert error.value.sent


def test_a_broken_answer_counts_as_sent_and_a_refused_connection_does_not(site, settings):
    with pytest.raises(Unreachable) as cut:
        client.request("GET", site.url + "/cut")
    assert cut.value.sent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as refused:
            client.request("GET", f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert not refused.value.sent


def test_redirects_are_answers_unless_asked_for(site):
    assert client.request("GET", site.url + "/here").status == 301
    assert client.request("GET", site.url + "/here", allow_redirects_same_host=True).ok


@pytest.mark.parametrize("path", ["/away", "/other"])
def test_no_redirect_leads_to_another_host(site, settings, path):
    settings.OUTBOUND_ALLOWED_HOSTS = [*settings.OUTBOUND_ALLOWED_HOSTS, "localhost"]
    with pytest.raises(BlockedAddress):
        client.request("GET", site.url + path, allow_redirects_same_host=True, headers={"Authorization": "secret"})
    assert [asked for asked, _, _ in site.asked] == [path]


def test_redirects_in_circles_end(site):
    with pytest.raises(Unreachable):
        client.request("GET", site.url + "/circle", allow_redirects_same_host=True)
    assert len(site.asked) == 4


def test_retry_after_is_read_as_seconds_or_date(site):
    assert client.request("GET", site.url + "/busy").retry_after == 7
    assert client.retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert client.retry_after("soon") is None


def test_no_secret_goes_with_a_plain_image(site, monkeypatch, settings):
    monkeypatch.setattr(addresses, "PORTS", {"http": {site.server_port}, "https": {443}})
    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    client.request(
        "GET",
        f"http://cdn.example.net:{site.server_port}/ok",
        public_image=True,
        headers={"Authorization": "secret", "X-API-Key": "secret"},
    )
    assert "secret" not in str(site.asked[0][1])


def test_the_certificate_must_be_for_the_name(settings, monkeypatch, tmp_path):
    """TLS is checked against the name even though the connection goes to an address."""
    import datetime
    import ssl

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    from scribe.http import transport

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.example.com")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "site.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked, server.daemon_threads = [], True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    settings.OUTBOUND_ALLOWED_HOSTS = [f"good.example.com:{port}", f"bad.example.com:{port}"]
    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["127.0.0.1"])
    try:
        with pytest.raises(Unreachable, match="certificate"):
            client.request("GET", f"https://good.example.com:{port}/ok")
        monkeypatch.setattr(transport, "CA_BUNDLE", str(pem))
        assert client.request("GET", f"https://good.example.com:{port}/ok").ok
        with pytest.raises(Unreachable, match="certificate"):
            client.request("GET", f"https://bad.example.com:{port}/ok")
        assert len(server.asked) == 1
    finally:
        server.shutdown()
        server.server_close()
