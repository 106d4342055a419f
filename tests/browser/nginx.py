"""The dashboard behind Debian's nginx, as somebody sets it up who has read nginx's own page."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import Server, dashboard, free_port, serving

_SITE = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{health};
        location / {{ proxy_pass http://127.0.0.1:{behind}; }}
    }}
    server {{
        listen 127.0.0.1:{port}{listen};
        {certificate}
        {beside}
        location {prefix}/ {{
            proxy_pass http://127.0.0.1:{behind}{taken};
            proxy_http_version 1.1;
            {lines}
        }}
    }}
}}
"""

#: What else the site has where the map is below a prefix: its own first page.
_BESIDE = (
    "location = / {{ root {folder}; try_files /index.html =404; }} location / {{ return 404; }}"
)

HOST = "proxy_set_header Host $http_host;"
WEBSOCKETS = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'


@dataclass(frozen=True, slots=True)
class Placed:
    """A page's address, and what must come before every path that it asks for."""

    address: str
    prefix: str
    server: Server


@contextmanager
def behind_nginx(
    folder: Path,
    prefix: str = "",
    *,
    taken: bool = False,
    environ: Mapping[str, str] | None = None,
    lines: str = f"{HOST} {WEBSOCKETS}",
    http2: bool = False,
    port: int | None = None,
) -> Iterator[Placed]:
    """The seeds behind nginx below a prefix, which it takes away or hands on.

    `lines` are what its location says; with `http2` it speaks that to browsers, by TLS. `port` is
    where, any where it is None.
    """
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    assert nginx, "nginx stands before the server: apt install nginx-light"
    own = {"MAPAPP_ACCESS": "public"} | dict(environ or {})
    base = own.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    health = f"/{base}/healthz" if base else "/healthz"
    with dashboard(folder / "var", folder, health=health, environ=own) as server:
        port, plain = port or free_port(), free_port()
        site = _SITE.format(
            folder=folder, port=port, health=plain, prefix=prefix, behind=server.port,
            taken="/" if taken else "", lines=lines, listen=" ssl http2" if http2 else "",
            certificate=_certificate(folder) if http2 else "",
            beside=_BESIDE.format(folder=folder) if prefix else "",
        )  # fmt: skip
        (folder / "nginx.conf").write_text(site, "utf-8")
        command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with serving(command, folder / "nginx.log", health, plain):
            scheme = "https" if http2 else "http"
            yield Placed(f"{scheme}://127.0.0.1:{port}{prefix}/", prefix, server)


def _certificate(folder: Path) -> str:
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
        "-subj", "/CN=127.0.0.1",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"
