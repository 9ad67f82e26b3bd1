# XC Scribe: one image for web, worker and beat.
# Base images, with digests in a release (`make pin-images`).
ARG PYTHON_IMAGE=python:3.13-slim-trixie
ARG POSTGRES_IMAGE=postgres:18-trixie

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy
WORKDIR /app
# --build-arg OTEL=yes adds what traces need (docs/guides/operating.md, "Traces").
ARG OTEL=
COPY requirements.txt requirements-otel.txt ./
RUN pip install --no-cache-dir uv==0.13.9 \
 && uv venv /opt/venv \
 && uv pip install --python /opt/venv/bin/python --no-cache --compile-bytecode --require-hashes -r requirements.txt ${OTEL:+-r requirements-otel.txt}

# pg_dump and pg_restore for `manage.py backup`: of the server's version or a newer one.
FROM ${POSTGRES_IMAGE} AS postgres

FROM ${PYTHON_IMAGE}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libpq5 liblz4-1 libzstd1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --uid 10001 scribe \
 && install -d -m 0700 -o scribe -g scribe /data
# The defaults of DATA_DIR and STATIC_ROOT here: an empty line for these in an env file means them, too.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 IMAGE_DATA_DIR=/data IMAGE_STATIC_ROOT=/opt/static
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=postgres /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/local/bin/
COPY --from=postgres /usr/lib/*-linux-gnu/libpq.so.5* /usr/local/lib/
RUN ldconfig && pg_dump --version && pg_restore --version
COPY . .
# Nobody may write here later, so that each process would compile every module anew.
RUN python -m compileall -q .
RUN python manage.py collectstatic --noinput -v0
USER scribe
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["python", "-m", "scribe.web", "--host", "0.0.0.0", "--port", "8000", "--grace", "20"]
