# The command line, built from this checkout: `docker build --tag pinwatch .`, then
# `docker run --rm --volume "$PWD:/src:ro" pinwatch scan .`
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Not by an npm script, which would look for the Node that checkouts bring along.
RUN node esbuild.mjs --release --cli

FROM node:24.21.0-bookworm-slim
COPY --from=build /build/LICENSE /opt/pinwatch/
COPY --from=build /build/dist/cli.js /opt/pinwatch/dist/cli.js
COPY --from=build /build/dist/cli /opt/pinwatch/dist/cli
RUN ln -s /opt/pinwatch/dist/cli.js /usr/local/bin/pinwatch
USER 1000:1000
WORKDIR /src
ENTRYPOINT ["pinwatch"]
CMD ["scan", "."]
