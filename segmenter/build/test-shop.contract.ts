/** A small shop on disk for the build's tests: real imports, a real store. */
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../platform/clock.ts';
import { customerPersonId } from '../../proto/ids.ts';
import { type DecodedProfile, decodeProfile } from '../../proto/records.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import type { Window } from '../../rules/window.ts';
import { type ImportMapping, importMappingSchema } from '../../settings/import-mapping.ts';
import { modelSettings } from '../../settings/model-settings.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/ports.ts';
import { type ImportRequest, importFiles } from '../import/import-files.ts';
import type { ImportReport } from '../import/import-report.ts';
import { buildGeneration } from './build-generation.ts';
import type { BuildRequest, BuildResult } from './build-request.ts';

export const key = createSecretKey(Buffer.alloc(32, 7));
export const AS_OF_MS = Date.UTC(2026, 10, 22, 12);
export const at = { file: 'segments/test.yaml', line: 1, column: 1 };

const LAPSED: Rule = {
  kind: 'compare',
  field: 'orders.last_days',
  window: null,
  op: 'gt',
  operand: { kind: 'cycle', timesThousandths: 1500, minHalfDays: 60 },
  at,
};

const LAST_60_DAYS: Window = {
  kind: 'last',
  days: 60,
  today: 'included',
  timeZone: 'Europe/Sofia',
};

export const SEGMENTS: readonly Segment[] = [
  plainSegment('existing', compareWith('orders.count', 'gte', 1)),
  plainSegment('new', compareWith('orders.count', 'eq', 0)),
  plainSegment('refusers', compareWith('orders.refusal_share', 'gt', 300_000)),
  plainSegment('lapsed', { kind: 'all', of: [compareWith('orders.count', 'gte', 2), LAPSED], at }),
  plainSegment('recent', compareWith('orders.paid', 'gte', 1, LAST_60_DAYS)),
  plainSegment('high_aov', compareWith('orders.aov', 'gte', 50_000_000)),
  plainSegment('tea', {
    kind: 'has',
    field: 'categories.bought',
    quantifier: 'any_of',
    names: ['tea'],
    at,
  }),
  plainSegment('p1p2', {
    kind: 'has',
    field: 'products.bought',
    quantifier: 'all_of',
    names: ['p1', 'p2'],
    at,
  }),
];

const MAPPING = importMappingSchema.parse({
  orders: {
    columns: {
      order: 'order',
      customer: 'customer',
      time: 'time',
      product: 'product',
      quantity: 'quantity',
      unit_price: 'price',
    },
    status: { column: 'status' },
  },
  customers: { columns: { customer: 'id', email: 'email' } },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
});

export class TestShop implements AsyncDisposable {
  readonly dir: string;
  readonly store: Store;
  readonly mapping = MAPPING;

  private constructor(dir: string, store: Store) {
    this.dir = dir;
    this.store = store;
  }

  static async open(): Promise<TestShop> {
    const dir = mkdtempSync(join(tmpdir(), 'rekindle-build-'));
    return new TestShop(dir, await openStore({ url: '', dir }));
  }

  /** Imports CSV texts. */
  import(
    files: { orders?: string; customers?: string; devices?: string; events?: string },
    mapping: ImportMapping = MAPPING,
    changes: Partial<ImportRequest> = {},
  ): Promise<ImportReport> {
    const paths: Record<string, string> = {};
    for (const [kind, text] of Object.entries(files)) {
      paths[kind] = this.write(`${kind}.csv`, text);
    }
    const { dir, shop, timeZone, statuses, memoryMb, threads } = this.request();
    const common = { dir, shop, timeZone, statuses, memoryMb, threads };
    const request = { ...common, mapping, nowMs: AS_OF_MS, force: false, ...paths, ...changes };
    return importFiles(request, key, () => {});
  }

  /** Writes a file into the shop's folder and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.dir, name);
    writeFileSync(path, text);
    return path;
  }

  request(changes: Partial<BuildRequest> = {}): BuildRequest {
    return {
      dir: this.dir,
      shop: 'test',
      timeZone: 'Europe/Sofia',
      currency: 'EUR',
      statuses: { done: 'paid' },
      segments: SEGMENTS,
      models: modelSettings({}),
      driftLimits: {},
      feed: null,
      asOfMs: AS_OF_MS,
      asOfIsNow: false,
      full: false,
      fullEveryMs: 7 * 86_400_000,
      force: false,
      memoryMb: 256,
      threads: 2,
      publishRate: null,
      ...changes,
    };
  }

  build(changes: Partial<BuildRequest> = {}, into = this.store): Promise<BuildResult> {
    const { generations, syncs } = into;
    const ports = { generations, syncs, people: into, key, clock: systemClock, progress: () => {} };
    return buildGeneration(this.request(changes), ports);
  }

  async profileOf(generation: string, customer: string): Promise<DecodedProfile> {
    const person = customerPersonId(key, 'test', customer);
    const bytes = await this.store.generations.readProfile('test', generation, person);
    return decodeProfile(bytes!, person)!;
  }

  async blob<T>(generation: string, name: string): Promise<T> {
    const bytes = await this.store.generations.readBlob('test', generation, name);
    return JSON.parse(Buffer.from(bytes!).toString()) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
