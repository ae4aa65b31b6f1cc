/** Compiles a shop's campaign index off the hot path: in a piscina thread, into shared memory. */
import { Piscina } from 'piscina';
import type { CampaignIndex, IndexInput } from './auction/campaign-index.ts';

export interface IndexCompiler extends AsyncDisposable {
  /** Rejects when the campaigns cannot be compiled; what serves now goes on serving. */
  compile(input: IndexInput): Promise<CampaignIndex>;
}

/** One thread, started with the first job and ended when idle. `jobFile` is index-job.ts, compiled. */
export function openIndexCompiler(
  jobFile: URL = new URL('./index-job.js', import.meta.url),
): IndexCompiler {
  const pool = new Piscina({
    filename: jobFile.href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 1000,
  });
  return {
    compile: (input) => pool.run(input) as Promise<CampaignIndex>,
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}
