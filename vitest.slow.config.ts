import { defineConfig } from "vitest/config";

/** The slow suite: models fitted to many simulated studies. Sizes are set in the environment; see tests/slow/recovery.ts. */
export default defineConfig({
  test: { include: ["tests/slow/**/*.test.ts"], testTimeout: 3_600_000, teardownTimeout: 60_000, reporters: ["verbose"] },
});
