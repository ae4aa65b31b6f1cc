/** Fits lifetime value in a piscina thread: the job goes on talking to the store and to its caller. */
import { Piscina } from 'piscina';
import type { LifetimeFit } from '../models/lifetime-fit.ts';
import type { FitLifetime } from './learn-lifetime.ts';

/** The thread lives for one fit: a build asks for no more. */
export const fitInThread: FitLifetime = async (task, stop) => {
  // The compiled job: a Node 20 thread cannot load TypeScript.
  const filename = new URL('./lifetime-job.js', import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1 });
  try {
    return (await pool.run(task, { signal: stop ?? null })) as LifetimeFit;
  } finally {
    await pool.destroy();
  }
};
