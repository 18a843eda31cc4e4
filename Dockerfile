# SPDX-License-Identifier: GPL-3.0-or-later
#
# docker build -t periksa . && docker run -p 127.0.0.1:8080:8080 -v periksa:/var/lib/periksa periksa
#
# The first stage has the compilers, the second what the program needs to run.
# `make fresh` runs these steps without Docker.

FROM debian:12-slim AS build
ENV DEBIAN_FRONTEND=noninteractive
WORKDIR /opt/periksa
COPY script/setup script/setup
RUN script/setup build
COPY . .
RUN make -s -j"$(nproc)" && strip --strip-unneeded build/periksa build/periksa-draw build/periksa-fetch \
    build/periksa-list build/periksa-paper build/portal.so

FROM debian:12-slim
ENV DEBIAN_FRONTEND=noninteractive
WORKDIR /opt/periksa
COPY script/setup /tmp/setup
RUN /tmp/setup run image && rm -rf /tmp/setup /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --no-create-home --home-dir /var/lib/periksa periksa && \
    install -d -o periksa -g periksa -m 700 /var/lib/periksa
COPY --from=build /opt/periksa/build/periksa /opt/periksa/build/periksa-draw /opt/periksa/build/periksa-fetch \
    /opt/periksa/build/periksa-list /opt/periksa/build/periksa-paper /opt/periksa/build/portal.so build/
COPY --from=build /opt/periksa/build/canary build/canary
COPY --from=build /opt/periksa/kore.conf kore.conf
COPY --from=build /opt/periksa/conf conf
COPY --from=build /opt/periksa/templates templates
COPY --from=build /opt/periksa/assets assets
RUN ln -s /opt/periksa/build/periksa /usr/local/bin/periksa

# Everything that is stored.  TLS belongs to the proxy in front.
ENV PERIKSA_DATA=/var/lib/periksa PERIKSA_BIND=0.0.0.0 PERIKSA_PORT=8080
VOLUME ["/var/lib/periksa"]
EXPOSE 8080
USER periksa
# curl: of the base image's own tools only bash could speak HTTP, by /dev/tcp
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD curl -fsS -o /dev/null "http://127.0.0.1:$PERIKSA_PORT/health/live"
CMD ["periksa", "serve"]
