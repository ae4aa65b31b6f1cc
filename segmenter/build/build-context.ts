/** What every step of one build works with. */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Generations, Store } from '../../store/ports.ts';
import type { Syncs } from '../../store/record-ports.ts';
import type { Duck } from '../duck.ts';
import type { ImportState } from '../import/import-state.ts';
import type { JobProgress } from '../job-progress.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { SoundRequest } from './build-request.ts';
import type { FitLifetime } from './learn-lifetime.ts';
import type { PhaseTimer } from './phase-timer.ts';

export interface BuildPorts {
  readonly generations: Generations;
  readonly syncs: Pick<Syncs, 'all'>;
  /** Whose impressions and live facts are carried when persons are joined or parted. */
  readonly people: Pick<Store, 'hot' | 'caps' | 'live'>;
  /** The workspace's key: the data must have been imported with the same one. */
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly progress: (progress: JobProgress) => void;
  /** In place of fitting here: in a thread. */
  readonly fitLifetime?: FitLifetime;
  /** Ends the build early, until what it has written is whole. */
  readonly stop?: AbortSignal;
}

export interface Build {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly state: ImportState;
  readonly request: SoundRequest;
  readonly ports: BuildPorts;
  readonly timer: PhaseTimer;
}
