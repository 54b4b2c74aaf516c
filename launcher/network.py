"""Owns questions about the address to listen on: is it free, and does the web process answer there."""

import http.client
import socket

from launcher.errors import LaunchError

HEALTH_PATH = "/health/"


def port_check(host: str, port: int) -> None:
    """Raises `LaunchError` when nothing can listen on `host`:`port`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise LaunchError(f"ANNOTATOR_HOST is {host!r}, which is no address of this machine.") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise LaunchError(f"Port {port} may not be used by this user. Choose one above 1023 with PORT.") from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise LaunchError(
                f"Port {port} on {host} is taken by another program ({error.strerror}). "
                f"Stop that one, or choose another port, for example: make run PORT={other}"
            ) from error


def web_status(host: str, port: int) -> int | None:
    """The status with which the web process answers its health check now, or None when it does not answer."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  translated, not bound
    connection = http.client.HTTPConnection(shown, port, timeout=2)
    try:
        connection.request("GET", HEALTH_PATH, headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
