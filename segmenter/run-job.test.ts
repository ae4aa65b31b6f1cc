import { expect, it } from 'vitest';
import { jobResources } from './run-job.ts';

it('takes for DuckDB what the settings say, or half of the memory and at most 8 GB', () => {
  expect(jobResources({ jobMemoryMb: 300 })).toMatchObject({ memoryMb: 300 });
  const { memoryMb, threads } = jobResources({ jobMemoryMb: null });
  expect(memoryMb).toBeGreaterThanOrEqual(256);
  expect(memoryMb).toBeLessThanOrEqual(8192);
  expect(threads).toBeGreaterThan(0);
});
