/** What a check comes to. */
import type { Exchange } from './exchange.ts';
import type { Probe } from './probe.ts';

export type Verdict =
  /** `note` says what was left open, '' when nothing was. */
  | { readonly kind: 'pass'; readonly note: string }
  | { readonly kind: 'fail'; readonly why: string; readonly exchange: Exchange | null }
  | { readonly kind: 'not-applicable'; readonly why: string };

export const AREAS = ['transport', 'protocol', 'timing', 'notices', 'policy'] as const;

export interface Check {
  /** Kebab-case; names the file that a failure is saved in. */
  readonly id: string;
  readonly area: (typeof AREAS)[number];
  readonly title: string;
  /** May reject: then the check is a FAIL with the error as its reason. */
  run(probe: Probe): Promise<Verdict>;
}

export const pass = (note = ''): Verdict => ({ kind: 'pass', note });

export const fail = (why: string, exchange: Exchange | null): Verdict => ({
  kind: 'fail',
  why,
  exchange,
});

export const notApplicable = (why: string): Verdict => ({ kind: 'not-applicable', why });

/** The first that fails; else the first that does not apply when none passes; else a pass with every note. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const failed = verdicts.find(({ kind }) => kind === 'fail');
  if (failed !== undefined) return failed;
  const passed = verdicts.filter((verdict) => verdict.kind === 'pass');
  if (passed.length === 0) return verdicts[0] ?? notApplicable('there was nothing to try');
  const notes = verdicts.map((each) => (each.kind === 'pass' ? each.note : whyOf(each)));
  return pass([...new Set(notes)].filter((note) => note !== '').join('; '));
}

const whyOf = (verdict: Verdict) => (verdict.kind === 'pass' ? '' : verdict.why);
