import type { Store } from './ports.ts';

/** Opens another store on the same data: other workers and nodes are other openings. */
export type OpenStore = () => Promise<Store>;
