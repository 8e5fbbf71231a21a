# The API, the worker and every other `drawdown` command:
#   docker run -e DATABASE_URL=postgres://... -p 4000:4000 drawdown
#   docker run -e DATABASE_URL=postgres://... drawdown worker --port 4000
FROM node:24-bookworm-slim

ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app

# The packages change less often than the code, so they are a layer of their own.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

COPY . .
RUN npm run prepare

USER node
EXPOSE 4000

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# A container keeps nothing when it goes, so it never starts the embedded PostgreSQL.
ENTRYPOINT ["/bin/sh", "-c", ": \"${DATABASE_URL:?set it to a PostgreSQL database}\"; exec node --max-semi-space-size=64 --heap-growing-percent=100 src/cli/bin.js \"$@\"", "drawdown"]
CMD ["serve"]
