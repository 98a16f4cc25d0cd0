"""Files handed out: always as a download, never shown within our pages."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

OCTETS = "application/octet-stream"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(data: bytes, name: str, media_type: str = "") -> HttpResponse:
    """The bytes as a download; whatever an uploaded file claims to be, no browser may run or guess at it."""
    kinds = {".xlsx": XLSX, ".json": JSON}
    response = HttpResponse(data, content_type=media_type or kinds.get(name.lower()[-5:], OCTETS))
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it after all, then as in a sandbox: no script, no origin of ours, nothing loaded.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
