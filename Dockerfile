# syntax=docker/dockerfile:1
# askwell as one static binary in an otherwise empty image, run by nobody in particular.
#
#   docker build --build-arg VERSION=1.2.3 -t askwell .
#
# The configuration is read from /etc/askwell/askwell.toml, the store lies in /data/askwell. `password_command` needs a
# shell, which this image does not have: use password_file. deploy/compose.yaml shows the whole.

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
ARG TARGETOS
ARG TARGETARCH
ARG OUT=/out/askwell
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags "-s -w -X askwell/internal/cli.version=$VERSION" -o "$OUT" ./cmd/askwell
# Empty folders that the final stage, having no shell, cannot make for itself. SQLite wants a place for temporary files.
RUN mkdir -p /out/data/askwell /out/tmp && chmod 0700 /out/data /out/data/askwell && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build /out/tmp /tmp
COPY --from=build /out/askwell /askwell
COPY LICENSE /LICENSE
ENV ASKWELL_CONFIG=/etc/askwell/askwell.toml XDG_DATA_HOME=/data
USER 65532:65532
VOLUME ["/data"]
HEALTHCHECK --interval=1m --timeout=10s --start-period=30s --retries=3 CMD ["/askwell", "status"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/askwell"]
CMD ["run"]
