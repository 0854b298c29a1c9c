# cardata-bridge as a container: unprivileged, read-only but for the volume /app/data.
#   docker build -t cardata-bridge .
#   docker run -p 8080:8080 -v cardata:/app/data --read-only cardata-bridge
# Your own routes: add  -v ./routes:/app/routes:ro  (the folder replaces the shipped one).
ARG BUILD_IMAGE=eclipse-temurin:17.0.15_6-jdk-jammy
ARG RUN_IMAGE=eclipse-temurin:17.0.15_6-jre-jammy

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY mvnw pom.xml ./
COPY .mvn .mvn
# The libraries change seldom: a layer of their own keeps the next build short.
RUN ./mvnw -q -B dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/build/lib
COPY src src
RUN ./mvnw -q -B -DskipTests -Dspotless.check.skip=true package

FROM ${RUN_IMAGE}
WORKDIR /app
RUN groupadd --gid 10001 cardata \
 && useradd --uid 10001 --gid 10001 --home-dir /app --shell /usr/sbin/nologin cardata \
 && mkdir -p /app/data && chown 10001:10001 /app/data
COPY --from=build /build/lib lib
COPY --from=build /build/target/cardata-bridge.jar ./
COPY application.properties bridge LICENSE ./
COPY routes routes

# What the program needs at each start, ready to be mapped: a start takes half the time (class-data sharing).
RUN ./bridge prepare || echo "starts will be slower"

# Other machines reach a container only from outside it, and its routes are part of the image.
ENV CARDATA_HTTP_HOST=0.0.0.0 \
    CARDATA_ROUTES_RELOAD=false
# The only place that can be written where the rest of the image is read-only.
ENV TMPDIR=/app/data

USER 10001:10001
VOLUME /app/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${CARDATA_HTTP_PORT:-8080} && printf 'GET /observe/health/live HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
# JAVA_OPTS holds further options for Java (-Xmx192m).
ENTRYPOINT ["/app/bridge"]
CMD ["run"]
