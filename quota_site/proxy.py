"""Who is at the other end, where a proxy stands between."""

from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address that the proxy saw (it overwrites whatever the client sent); without a proxy the connection's own."""
    return request.headers.get("X-Real-IP") or request.META.get("REMOTE_ADDR", "")
