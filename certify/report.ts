/** What a run found, as JSON for machines and as text for people. */
import type { CheckResult, Run } from './run-checks.ts';
import { AREAS } from './verdict.ts';

const CERTIFY_REPORT_FORMAT = 1;

const WORDS = { pass: 'PASS', fail: 'FAIL', 'not-applicable': 'N/A' } as const;
type Word = (typeof WORDS)[keyof typeof WORDS];

export interface CertifyReport {
  readonly v: typeof CERTIFY_REPORT_FORMAT;
  readonly at: string;
  readonly url: string;
  readonly profile: string;
  readonly gotBid: boolean;
  readonly counts: Readonly<Record<Word, number>>;
  readonly checks: readonly ReportedCheck[];
}

export interface ReportedCheck {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  readonly verdict: Word;
  /** Why it is no PASS, or what a PASS left open; '' when there is nothing to say. */
  readonly why: string;
  readonly tookMs: number;
  /** The folder with the request and the answer of a FAIL. */
  readonly saved?: string;
}

export interface Heading {
  readonly at: string;
  readonly url: string;
  readonly profile: string;
}

/** `savedIn` has the folder of each failure by the check's id. */
export function reportOf(
  heading: Heading,
  { gotBid, results }: Run,
  savedIn: ReadonlyMap<string, string>,
): CertifyReport {
  const checks = results.map((result) => reported(result, savedIn.get(result.check.id)));
  const count = (word: Word) => checks.filter(({ verdict }) => verdict === word).length;
  const counts = { PASS: count('PASS'), FAIL: count('FAIL'), 'N/A': count('N/A') };
  return { v: CERTIFY_REPORT_FORMAT, ...heading, gotBid, counts, checks };
}

function reported({ check, verdict, tookMs }: CheckResult, saved?: string): ReportedCheck {
  const { id, area, title } = check;
  return {
    id,
    area,
    title,
    verdict: WORDS[verdict.kind],
    why: verdict.kind === 'pass' ? verdict.note : verdict.why,
    tookMs: Math.round(tookMs),
    ...(saved !== undefined && { saved }),
  };
}

export interface Styles {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const WHY_LENGTH_MAX = 160;

export function formatReport(report: CertifyReport, styles: Styles): string {
  const idWidth = Math.max(...report.checks.map(({ id }) => id.length));
  const lines = AREAS.flatMap((area) => {
    const rows = report.checks.filter((check) => check.area === area);
    const said = rows.map((row) => formatRow(row, idWidth, styles));
    return rows.length === 0 ? [] : ['', styles.bold(area), ...said];
  });
  const { PASS, FAIL, 'N/A': notApplicable } = report.counts;
  const bids = report.gotBid
    ? []
    : ['', 'no request got a bid, so what bids must keep was not looked at: --request'];
  const sum = `${PASS} passed, ${FAIL} failed, ${notApplicable} not applicable`;
  return [...lines, ...bids, '', styles.bold(sum)].join('\n');
}

function formatRow(row: ReportedCheck, idWidth: number, styles: Styles): string {
  const word = row.verdict.padEnd(4);
  const dyed = { PASS: styles.good(word), FAIL: styles.bad(word), 'N/A': styles.dim(word) };
  const indent = ' '.repeat(idWidth + 10);
  const details = [cut(row.why), row.saved === undefined ? '' : `saved in ${row.saved}`]
    .filter((detail) => detail !== '')
    .map((detail) => `\n${indent}${styles.dim(detail)}`);
  return `  ${dyed[row.verdict]}  ${row.id.padEnd(idWidth)}  ${row.title}${details.join('')}`;
}

const cut = (why: string) =>
  why.length > WHY_LENGTH_MAX ? `${why.slice(0, WHY_LENGTH_MAX)} …` : why;
