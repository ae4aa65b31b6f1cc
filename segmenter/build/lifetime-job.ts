/** The piscina job behind lifetime-thread.ts. */
import { fitLifetime, type LifetimeFit, type LifetimeTask } from '../models/lifetime-fit.ts';

// Piscina takes a worker file's default export as its task.
// biome-ignore lint/style/noDefaultExport: see above.
export default function fit(task: LifetimeTask): LifetimeFit {
  return fitLifetime(task);
}
