import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const { include } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8')) as {
  include: string[];
};
const rooms = `{${include.join(',')}}`;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.ts`, 'test/*.test.ts'],
          exclude: ['**/*.system.test.ts'],
          // Generous: a property of thousands of cases takes 8 s on a calm machine and 27 on a busy one.
          testTimeout: 60_000,
          // Much of it waits for deadlines: two files share even two cores well.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole processes from dist/, real ports: one file at a time.
        test: {
          name: 'system',
          include: [`${rooms}/**/*.system.test.ts`, 'test/**/*.system.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      include: [`${rooms}/**/*.ts`],
      exclude: ['**/*.test.ts', '**/*.contract.ts', 'proto/generated/**', 'cli/**', 'service/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
