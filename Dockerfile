# One image for every process of the product; docker-compose.yml says which one a container runs.

FROM node:24-slim AS front-end
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build


FROM python:3.11-slim AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/annotator-venv \
    && /opt/annotator-venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /tmp/requirements.txt


FROM python:3.11-slim
ENV PATH=/opt/annotator-venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=annotator.settings \
    ANNOTATOR_VENV=/opt/annotator-venv \
    ANNOTATOR_DATA_DIR=/data \
    ANNOTATOR_HOST=0.0.0.0 \
    PORT=8000
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin annotator \
    && install --directory --owner=annotator --group=annotator --mode=0750 /data
WORKDIR /srv/annotator
COPY --from=packages /opt/annotator-venv /opt/annotator-venv
COPY manage.py ./
COPY annotator/ annotator/
COPY datasets_app/ datasets_app/
COPY training_app/ training_app/
COPY launcher/ launcher/
COPY --from=front-end /build/dist frontend/dist/
USER annotator
VOLUME /data
EXPOSE 8000
# Workers finish or give back what they do; gunicorn closes its event streams.
STOPSIGNAL SIGTERM
CMD ["python", "-m", "launcher", "process", "web"]
