# One slim image per service: `docker build --target abtest .` (or metrics, landing, admin-ui). Compose does all four.
#
#   plan ──► dependencies ──► build ──► abtest, metrics, landing
#                  client ─────┘ (the page's script is embedded in landing)
#                  admin ────────────► admin-ui
#
# It keeps to what the classic builder knows (no cache mounts, no heredocs), so that it builds with any engine.

# The manifests, and next to nothing in the place of each crate's code: a layer that stays the same, byte for byte, until
# a dependency changes.
FROM rust:1.95-slim-bookworm AS plan
WORKDIR /plan
COPY . .
RUN find . -type f ! -name Cargo.toml ! -name Cargo.lock ! -name build.rs ! -path '*/src/lib.rs' ! -path '*/src/main.rs' -delete \
 && find . -path '*/src/lib.rs' -exec truncate --size 0 {} + \
 && for file in $(find . -path '*/src/main.rs' -o -name build.rs); do echo 'fn main() {}' >"$file"; done \
 && find . -type d -empty -delete

# All dependencies, compiled once. The three services are built in one call here and below: apart from each other they
# would ask for other features of the same crates, and compile them again.
FROM rust:1.95-slim-bookworm AS dependencies
ENV SQLX_OFFLINE=true
WORKDIR /build
COPY --from=plan /plan .
RUN cargo build --release --locked -p pushnami-abtest -p pushnami-metrics -p pushnami-landing

# The script and the styles of the page.
FROM node:22-bookworm-slim AS client
WORKDIR /client
COPY landing/client/package.json landing/client/package-lock.json landing/client/.npmrc ./
RUN npm ci --no-audit --no-fund --no-update-notifier
COPY landing/client .
RUN npm run build

# The services. Their tools (testkit, xtask) stay as the plan left them.
FROM dependencies AS build
COPY .sqlx .sqlx
COPY db db
COPY crates/common crates/common
COPY abtest abtest
COPY metrics metrics
COPY landing landing
COPY --from=client /client/dist landing/client/dist
# Copied files keep their age, so Cargo would take the code for older than what it compiled from the plan.
RUN find crates/common abtest metrics landing -name '*.rs' -exec touch {} + \
 && cargo build --release --locked -p pushnami-abtest -p pushnami-metrics -p pushnami-landing

# What the three services stand on: a C library, the roots of TLS for a Postgres elsewhere, a user without a name or rights.
FROM debian:bookworm-slim AS runtime
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN install --directory --owner 10001 --group 10001 /var/lib/pushnami /var/lib/pushnami/music /var/lib/pushnami/landing
WORKDIR /var/lib/pushnami
# In here every address is the container's own; BIND_ADDR stays the published one, by which the services judge whether
# the shipped password will do.
ENV LISTEN_ADDR=0.0.0.0
USER 10001:10001

# It is well as soon as it answers; the long start period is for a first start that takes over a large older database.
FROM runtime AS abtest
COPY --from=build /build/target/release/abtest /usr/local/bin/abtest
EXPOSE 8002
HEALTHCHECK --interval=5s --timeout=4s --start-period=300s --retries=3 CMD ["abtest", "--healthcheck"]
CMD ["abtest"]

FROM runtime AS metrics
COPY --from=build /build/target/release/metrics /usr/local/bin/metrics
EXPOSE 8001
HEALTHCHECK --interval=5s --timeout=4s --start-period=300s --retries=3 CMD ["metrics", "--healthcheck"]
CMD ["metrics"]

FROM runtime AS landing
COPY --from=build /build/target/release/landing /usr/local/bin/landing
# Beside the music it keeps what abtest told it last, for a start while abtest is away.
ENV MUSIC_DIR=/var/lib/pushnami/music PUSHNAMI_DATA=/var/lib/pushnami/landing
VOLUME /var/lib/pushnami/music /var/lib/pushnami/landing
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["landing", "--healthcheck"]
CMD ["landing"]

# Backups: Postgres's clients of the version that Compose runs, and metrics for the recount of what was restored.
FROM postgres:16-bookworm AS operations
COPY --from=build /build/target/release/metrics /usr/local/bin/metrics
COPY db/backup.sh db/restore.sh /db/
ENTRYPOINT []
CMD ["metrics", "--verify"]

# The screens of the admin.
FROM node:22-bookworm-slim AS admin
WORKDIR /admin
COPY admin-ui/package.json admin-ui/package-lock.json admin-ui/.npmrc ./
RUN npm ci --no-audit --no-fund --no-update-notifier
COPY admin-ui .
RUN npm run build

FROM nginx:1.29-alpine AS admin-ui
COPY --from=admin /admin/dist /usr/share/nginx/html
COPY admin-ui/nginx.conf admin-ui/balancer.conf /etc/nginx/pushnami/
# What the placeholders of the configuration become unless the container is told otherwise; 127.0.0.11 is Docker's own
# resolver in every network that has names.
ENV ADMIN_PORT=3001 ADMIN_ROOT=/usr/share/nginx/html RUN_DIR=/tmp RESOLVER=127.0.0.11 \
    ABTEST_URL=http://abtest:8002 METRICS_URL=http://metrics:8001 LANDING_URL=http://landing:3000 \
    ABTEST_PORT=8002 METRICS_PORT=8001 LANDING_PORT=3000 \
    ACCESS_LOG=/dev/stdout LOG_FORMAT=text
USER 101:101
EXPOSE 3000 3001 8001 8002
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=5s --timeout=4s --start-period=10s --retries=3 CMD ["sh", "-c", "wget -q -O /dev/null http://127.0.0.1:$ADMIN_PORT/healthz"]
ENTRYPOINT []
# Only these names are replaced: nginx's own variables look the same.
CMD ["sh", "-c", "export ADMIN_LISTEN=0.0.0.0:$ADMIN_PORT NAMES='${ADMIN_LISTEN} ${ADMIN_ROOT} ${RUN_DIR} ${RESOLVER} ${ABTEST_URL} ${METRICS_URL} ${LANDING_URL} ${ABTEST_PORT} ${METRICS_PORT} ${LANDING_PORT} ${ACCESS_LOG} ${LOG_FORMAT}' && mkdir -p $RUN_DIR/doors && for name in nginx balancer; do envsubst \"$NAMES\" </etc/nginx/pushnami/$name.conf >$RUN_DIR/$name.conf || exit; done && mv $RUN_DIR/balancer.conf $RUN_DIR/doors/ && exec nginx -e stderr -p $RUN_DIR -c $RUN_DIR/nginx.conf"]
