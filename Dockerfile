# The Node of the tests. To pin its digest: docker build --build-arg NODE_IMAGE=node:24.21.0-slim@sha256:…
ARG NODE_IMAGE=node:24.21.0-slim

FROM $NODE_IMAGE AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY patches patches
COPY scripts/patch-modules.js scripts/build-page.js scripts/
RUN npm ci --omit=dev && npm cache clean --force

FROM $NODE_IMAGE AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY scripts/build-page.js scripts/
COPY web web
RUN node scripts/build-page.js

FROM $NODE_IMAGE
ENV NODE_ENV=production
WORKDIR /app
RUN mkdir data && chown node:node data
COPY --from=dependencies /app/node_modules node_modules
COPY package.json cartwatch.yaml ./
COPY clickhouse clickhouse
COPY detectors detectors
COPY locales locales
COPY packs packs
COPY producer producer
COPY src src
COPY --from=page /app/web/dist web/dist
# What Node compiles is kept in the image, whose file system is read-only, for the user that it compiles it for.
RUN mkdir -p node_modules/.cache && chown node node_modules/.cache
USER node
RUN node src/cartwatch.js --help > /dev/null && node src/cartwatch.js run --help > /dev/null && \
  NODE_COMPILE_CACHE=node_modules/.cache/cartwatch-compiled/run node -e \
  "import('./src/small-heap.ts').then(({ keepHeapSmall }) => { keepHeapSmall(); import('./src/running.ts'); import('./src/web/app.ts') })"
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 8080}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cartwatch.js"]
CMD ["run"]
