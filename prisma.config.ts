import { defineConfig } from 'prisma/config';

// Prisma downloads a native engine before any of its commands, also those that never start it. Naming
// some program in its place keeps `prisma generate`, `format` and `validate` offline. Whoever wants
// Prisma's own migration commands sets the variable to the real engine.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
