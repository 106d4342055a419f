# syntax=docker/dockerfile:1
# The dashboard in a container: nothing but /data and /tmp is written, and no root is needed.
# docs/hosting.md says how it is run; scripts/build_without_docker.py runs these very steps.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim-bookworm
# The fonts are for pictures (PNG). Debian's security updates are wanted, so no version is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 mapapp \
 && useradd --system --uid 10001 --gid mapapp --home-dir /tmp --shell /usr/sbin/nologin mapapp \
 && install -d -o mapapp -g mapapp /data /backups
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE NOTICE ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY docs/method.md docs/method.md
COPY gazetteer gazetteer
COPY seeds seeds
COPY mapapp mapapp
# Compiled here: the file system is read-only when it runs.
RUN /opt/venv/bin/python -m compileall -q gazetteer mapapp
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    MAPAPP_DATA_DIR=/data \
    MAPAPP_LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
CMD ["python", "-m", "mapapp", "serve", "--host", "0.0.0.0", "--port", "8501"]
