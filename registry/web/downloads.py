"""Files handed out: always as a download, never shown within our pages."""

from typing import IO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

OCTETS = "application/octet-stream"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(data: bytes, name: str, media_type: str = "") -> HttpResponse:
    """The bytes as a download; whatever an uploaded file claims to be, no browser may run or guess at it."""
    response = HttpResponse(data, content_type=media_type or _media_type(name))
    _only_download(response, name)
    return response


class Download(FileResponse):
    """A file that is open for reading, sent as it is read."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        super().__init__(file, content_type=_media_type(name))
        self.file, self.name = file, name
        _only_download(self, name)


def _media_type(name: str) -> str:
    kinds = {".xlsx": XLSX, ".json": JSON}
    return kinds.get(name.lower()[-5:], OCTETS)


def _only_download(response: HttpResponseBase, name: str) -> None:
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it after all, then as in a sandbox: no script, no origin of ours, nothing loaded.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
