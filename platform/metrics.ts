/**
 * Counters, gauges and histograms as plain numbers in shared memory: one block per worker thread,
 * written by that thread alone, summed by the admin side (metrics-exposition.ts). A scrape never
 * stalls a worker, and a worker never formats a metric. Add or observe takes a few nanoseconds.
 */
export interface CounterSpec {
  readonly kind: 'counter';
  /** With the prefix `rekindle_` and the unit last: `rekindle_bids_total`. */
  readonly name: string;
  readonly help: string;
  /**
   * Every value each label may take; a value not listed is counted under the last one, `other`. ''
   * keeps a place for a value that is known later: see MetricsLayout.name.
   */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** Blocks are summed: a gauge is the sum of what each worker holds. */
interface GaugeSpec extends Omit<CounterSpec, 'kind'> {
  readonly kind: 'gauge';
}

export interface HistogramSpec extends Omit<CounterSpec, 'kind'> {
  readonly kind: 'histogram';
  /** Upper bounds in seconds, ascending; the last bucket, +Inf, is implied. */
  readonly bounds: readonly number[];
}

export type MetricSpec = CounterSpec | GaugeSpec | HistogramSpec;

/** Where one metric lies in a block: `children` label combinations of `stride` numbers each. */
export interface MetricPlace {
  readonly spec: MetricSpec;
  readonly labelNames: readonly string[];
  /** By label, as in the spec, with the values that were named since. */
  readonly values: Readonly<Record<string, string[]>>;
  readonly offset: number;
  /** 1, or for a histogram the buckets, +Inf included, and the sum. */
  readonly stride: number;
  readonly children: number;
}

const BYTES = 8;
/** Label combinations of one metric; more is a label with an id in it. */
const CHILDREN_MAX = 2_000;

/** The same specs give the same layout in every thread and process. Throws on a spec that cannot be. */
export class MetricsLayout {
  readonly places: readonly MetricPlace[];
  readonly byteLength: number;
  readonly #byName = new Map<string, MetricPlace>();

  constructor(specs: readonly MetricSpec[]) {
    let offset = 0;
    for (const spec of specs) {
      checkSpec(spec);
      if (this.#byName.has(spec.name)) throw new Error(`metric ${spec.name} is given twice`);
      const place = placeOf(spec, offset);
      this.#byName.set(spec.name, place);
      offset += place.stride * place.children;
    }
    this.places = [...this.#byName.values()];
    this.byteLength = offset * BYTES;
  }

  /**
   * Gives `value` the first place that a label keeps, in every metric with this label; false when it
   * has none left. Threads and processes whose blocks are summed name the same values in the same
   * order, and forget the slots they resolved before.
   */
  name(label: string, value: string): boolean {
    let placed = true;
    for (const { values } of this.places) {
      const known = values[label];
      if (known === undefined || known.includes(value)) continue;
      const free = known.indexOf('');
      if (free === -1) placed = false;
      else known[free] = value;
    }
    return placed;
  }

  /** Throws for a name no spec has. */
  place(name: string): MetricPlace {
    const place = this.#byName.get(name);
    if (place === undefined) throw new Error(`metric ${name} is not in the layout`);
    return place;
  }
}

/** One thread's numbers. Resolve slots once at start; `add`, `set` and `observe` are for hot paths. */
export class MetricsBlock {
  readonly #layout: MetricsLayout;
  readonly #values: Float64Array;
  /** By slot, for slots of histograms. */
  readonly #bounds: (Float64Array | undefined)[];

  /** Throws when the buffer is not of this layout's length. */
  constructor(layout: MetricsLayout, buffer: SharedArrayBuffer | ArrayBuffer) {
    if (buffer.byteLength !== layout.byteLength)
      throw new Error(`metrics need ${layout.byteLength} bytes, not ${buffer.byteLength}`);
    this.#layout = layout;
    this.#values = new Float64Array(buffer);
    this.#bounds = new Array(this.#values.length).fill(undefined);
  }

  /** Label values in the order of the spec. An unknown value is the label's last one. */
  slot(name: string, ...labelValues: readonly string[]): number {
    const place = this.#layout.place(name);
    if (labelValues.length !== place.labelNames.length)
      throw new Error(
        `metric ${name} has labels [${place.labelNames.join(', ')}], got ${labelValues.length} values`,
      );
    const slot = place.offset + childOf(place, labelValues) * place.stride;
    if (place.spec.kind === 'histogram') this.#bounds[slot] = Float64Array.from(place.spec.bounds);
    return slot;
  }

  add(slot: number, amount: number): void {
    this.#values[slot]! += amount;
  }

  /** For gauges. */
  set(slot: number, value: number): void {
    this.#values[slot] = value;
  }

  /** Counts one duration in seconds in a histogram's slot. */
  observe(slot: number, seconds: number): void {
    const bounds = this.#bounds[slot]!;
    const buckets = bounds.length;
    let bucket = 0;
    while (bucket < buckets && seconds > bounds[bucket]!) bucket++;
    this.#values[slot + bucket]! += 1;
    this.#values[slot + buckets + 1]! += seconds;
  }

  /** A copy of the numbers, for renderMetrics. */
  snapshot(): Float64Array {
    return this.#values.slice();
  }
}

function placeOf(spec: MetricSpec, offset: number): MetricPlace {
  const labelNames = Object.keys(spec.labels);
  const values = Object.fromEntries(labelNames.map((name) => [name, [...spec.labels[name]!]]));
  let children = 1;
  for (const name of labelNames) children *= spec.labels[name]!.length;
  if (children > CHILDREN_MAX)
    throw new Error(`metric ${spec.name} has ${children} label combinations, over ${CHILDREN_MAX}`);
  const stride = spec.kind === 'histogram' ? spec.bounds.length + 2 : 1;
  return { spec, labelNames, values, offset, stride, children };
}

function checkSpec(spec: MetricSpec): void {
  if (!/^rekindle_[a-z0-9_]+$/.test(spec.name))
    throw new Error(`metric ${spec.name} must match rekindle_[a-z0-9_]+`);
  for (const [name, values] of Object.entries(spec.labels))
    if (values.length === 0) throw new Error(`label ${name} of metric ${spec.name} has no values`);
  if (spec.kind !== 'histogram') return;
  for (let i = 1; i < spec.bounds.length; i++)
    if (!(spec.bounds[i]! > spec.bounds[i - 1]!))
      throw new Error(`bounds of metric ${spec.name} must ascend`);
}

function childOf(place: MetricPlace, labelValues: readonly string[]): number {
  let child = 0;
  place.labelNames.forEach((name, i) => {
    const values = place.values[name]!;
    const index = labelValues[i] === '' ? -1 : values.indexOf(labelValues[i]!);
    child = child * values.length + (index === -1 ? values.length - 1 : index);
  });
  return child;
}
