# Lifeboat's image: one program in a few files. It holds no PostgreSQL (give it DATABASE_URL, as docker-compose.yml does),
# no packages beside the program, no stand-ins and no sandbox.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/embedded-postgres ./packages/embedded-postgres
# Never --omit=optional: some packages keep their compiled parts in optional ones.
RUN npm ci
COPY build.mjs tsconfig.json ./
COPY src ./src
COPY commands ./commands
COPY jobs ./jobs
COPY templates ./templates
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production LIFEBOAT_HOME=/var/lib/lifeboat
WORKDIR /app
RUN groupadd --system --gid 10001 lifeboat \
 && useradd --system --uid 10001 --gid lifeboat --create-home --home-dir /var/lib/lifeboat lifeboat
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY templates ./templates
COPY src/store/migrations ./src/store/migrations
COPY examples ./examples
# The example's services keep their state here.
RUN install -d -o lifeboat -g lifeboat .lifeboat
USER lifeboat
VOLUME /var/lib/lifeboat
# 3001 (readiness and metrics) listens on loopback unless LIFEBOAT_PRIVATE_HOST says otherwise.
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/src/cli.js"]
CMD ["start"]
