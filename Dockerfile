# cxscribed and cxctl on Debian 12, without root. Build: docker build -t cxscribe .
# It starts with config/container.yaml; README.md has the whole command.
FROM debian:bookworm-slim AS build
COPY scripts/install-deps /src/scripts/install-deps
RUN /src/scripts/install-deps --build
COPY . /src
WORKDIR /src
RUN cmake --preset release -DCXSCRIBE_TESTS=OFF \
 && cmake --build --preset release \
 && DESTDIR=/stage cmake --install build/release --prefix /usr

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates libabsl20220623 libcpp-httplib0.11 libcurl4 libgrpc++1.51 libprometheus-cpp-core1.0 \
      libprotobuf32 libre2-9 libseccomp2 libspdlog1.10 libsqlite3-0 libssl3 libutf8proc2 libyaml-cpp0.7 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/cxscribe --create-home cxscribe
COPY --from=build /stage/ /
COPY config/container.yaml /etc/cxscribe/cxscribe.yaml
USER cxscribe
WORKDIR /var/lib/cxscribe
VOLUME /var/lib/cxscribe
EXPOSE 7400 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9464 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["cxscribed"]
CMD ["--config", "/etc/cxscribe/cxscribe.yaml"]
