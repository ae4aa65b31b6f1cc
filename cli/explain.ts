/** `rekindle explain`: why this bid, or why this person is in a segment or not. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Trace } from '../bidder/explain-request.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { formatMicros } from '../proto/micros.ts';
import type { RuleExplanation } from '../rules/explain.ts';
import type { ScoreField } from '../rules/score.ts';
import { scoreNumber } from '../rules/score-text.ts';
import { bidExplainer } from '../service/explain-bid.ts';
import { explainMembership, type Membership } from '../service/explain-membership.ts';
import { type Exchange, WIRE_FORMATS } from '../settings/exchange.ts';
import { sinceText } from './broken-segments.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspaceStore } from './workspace-store.ts';

const REASONS_SHOWN = 12;

type Explained = NonNullable<Trace['explained']>;

interface ExplainOptions extends CommonOptions {
  readonly request?: string;
  readonly exchange: string;
  readonly format?: Exchange['format'];
  readonly person?: string;
  readonly segment?: string;
  readonly shop?: string;
  readonly failIfOut?: boolean;
}

export function addExplain(program: Command): void {
  withCommon(
    program
      .command('explain')
      .description('why this bid, or why this person is in a segment or not'),
    'rekindle sample --json | rekindle explain --request -\n  rekindle explain --request request.bin --exchange ssp-one --format protobuf\n  rekindle explain --person c-1042 --segment lapsed_loyal',
  )
    .option('--request <file>', 'a bid request; - reads standard input')
    .option('--exchange <exchange>', 'the exchange that asks', 'generic')
    .addOption(
      new Option(
        '--format <format>',
        'what the request is in; that of the exchange without it',
      ).choices(WIRE_FORMATS),
    )
    .option('--person <id>', 'a customer id of the CRM, or a hashed person id')
    .option('--segment <segment>', 'one segment; all without it')
    .option('--shop <shop>', 'the shop; the first one without it')
    .option('--fail-if-out', 'exit 1 when the person is not in the segment')
    .action(explain);
}

async function explain(options: ExplainOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const { request, person, segment, shop, exchange, format } = options;
  if ((request === undefined) === (person === undefined)) {
    throw new Failure('usage', 'say either --request FILE or --person ID');
  }
  await using store = await openWorkspaceStore(config);
  if (request !== undefined) {
    const explainBid = await bidExplainer({ config, store }, exchange);
    const trace = await explainBid(readRequest(request), format);
    terminal.data(trace);
    showTrace(trace, terminal);
    return;
  }
  const membership = await explainMembership({ config, store, shop, person: person!, segment });
  terminal.data({ v: 1, ...membership });
  showMembership(membership, terminal);
  if (options.failIfOut === true && !membership.segments.every(({ member }) => member)) {
    throw new Failure('failed-check', `${person} is not in every segment asked for`);
  }
}

function readRequest(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new Failure('usage', `${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function showTrace(trace: Trace, terminal: Terminal): void {
  const { decision, explained } = trace;
  const verdict =
    decision.kind === 'bid'
      ? terminal.good('BID')
      : `${terminal.bad('NO BID')}  ${decision.reason} (nbr ${decision.nbr})`;
  terminal.say(`${terminal.bold(`request ${trace.request}`)} from ${trace.exchange}: ${verdict}`);
  const steps = trace.steps.map(({ name, ms }) => `${name} ${ms.toFixed(2)}`).join(' · ');
  terminal.say(`  took ms      ${steps}  ${terminal.dim('(once, cold)')}`);
  terminal.say(`  privacy      ${trace.privacy ?? 'not read'}`);
  for (const { shop, space } of trace.recognisedBy) {
    terminal.say(`  recognised   ${space === null ? 'as no customer' : `by ${space}`} of ${shop}`);
  }
  for (const { id, reason } of trace.droppedImps) terminal.say(`  imp ${id}: dropped, ${reason}`);
  if (explained === null) return;
  showSegments(explained, terminal);
  showCandidates(explained, terminal);
  for (const bid of explained.bids) showBid(bid, explained.currency, terminal);
}

function showSegments({ persons }: Explained, terminal: Terminal): void {
  for (const { segment, title, at, shapes } of persons.flatMap((person) => person.segments)) {
    const shaping = shapes ? '  shapes the bid' : '';
    terminal.say(
      `  segment      ${segment.padEnd(20)} ${title}  ${terminal.dim(`${at.file}:${at.line}`)}${shaping}`,
    );
  }
}

function showBid(bid: Explained['bids'][number], currency: string, terminal: Terminal): void {
  const price = terminal.bold(`${formatMicros(bid.priceCpmMicros)} ${currency} CPM`);
  terminal.say(
    `  imp ${bid.imp}        ${price}  ${bid.campaign}, ${bid.size}, creative ${bid.creative}`,
  );
  for (const { name, x } of bid.factors) terminal.say(`    × ${name.padEnd(22)} ${x}`);
  for (const { id, title, why } of bid.items) {
    terminal.say(`    shows ${id} ${title} ${terminal.dim(`(${why})`)}`);
  }
}

function showCandidates({ candidates }: Explained, terminal: Terminal): void {
  const shown = candidates.slice(0, REASONS_SHOWN);
  for (const { campaign, file, line, imp, rejectedBy } of shown) {
    const outcome = rejectedBy === null ? terminal.good('wins') : rejectedBy;
    const where = imp === null ? '' : ` on imp ${imp}`;
    terminal.say(
      `  campaign     ${campaign.padEnd(20)} ${outcome}${where}  ${terminal.dim(`${file}:${line}`)}`,
    );
  }
  const rest = candidates.length - shown.length;
  if (rest > 0) terminal.say(terminal.dim(`  and ${rest} more campaigns; --json has them all`));
}

function showMembership(membership: Membership, terminal: Terminal): void {
  const { person, generation } = membership;
  const note = noteOf(membership);
  const who = note === '' ? person : `${person} (${note})`;
  terminal.say(`${terminal.bold(who)}, generation ${generation}`);
  for (const line of computedLines(membership.computed)) terminal.say(terminal.dim(`  ${line}`));
  for (const segment of membership.segments) showSegment(segment, terminal);
}

function noteOf({ known, withoutConsent, segments }: Membership): string {
  if (!known) return 'nothing is known of this person';
  if (!withoutConsent) return '';
  const profiled = segments.some(({ explanation }) => explanation !== null);
  return profiled
    ? 'without consent to ads: in what serves still, until the next build'
    : 'without consent to ads: in no segment';
}

function showSegment(shown: Membership['segments'][number], terminal: Terminal): void {
  const { segment, member, heldOut, since, sinceDays, stale, explanation } = shown;
  const out = heldOut ? 'IS HELD OUT of' : 'IS NOT in';
  const verdict = member ? terminal.good('IS in') : terminal.bad(out);
  const run = since === null ? '' : `, in since ${since}, ${sinceDays} days`;
  const where = explanation === null ? '' : `  ${explanation.at.file}:${explanation.at.line}`;
  terminal.say(`${verdict} ${segment}${run}${terminal.dim(where)}`);
  if (stale !== null) {
    const asOf = sinceText(stale.sinceMs, systemClock.nowMs());
    terminal.alert('stale', `the rule as of ${asOf}: ${stale.error}`);
  }
  if (explanation === null) return;
  const conditions = explanation.kind === 'stays' ? [explanation] : explanation.of;
  for (const condition of conditions) showCondition(condition, terminal, '  ');
}

function computedLines({ scores, affinities }: Membership['computed']): string[] {
  const known = Object.entries(scores ?? {}).filter(([, value]) => value !== null);
  const shown = known.map(([field, value]) => {
    return `${field} ${scoreNumber(field as ScoreField, value!)}`;
  });
  const favourites = (affinities ?? [])
    .filter(({ place }) => place === 1)
    .map(({ by, name, sharePpm }) => `most of ${by} ${name}, ${sharePpm / 10_000} %`);
  return [...(shown.length > 0 ? [shown.join(' · ')] : []), ...favourites];
}

function showCondition(condition: RuleExplanation, terminal: Terminal, indent: string): void {
  const mark = condition.matched ? terminal.good('✓') : terminal.bad('✗');
  const has = condition.kind === 'stays' ? '' : 'has ';
  const value = condition.value === null ? '' : `  ${has}${condition.value}`;
  const change =
    condition.changesOn === null ? '' : terminal.dim(`  changes on ${condition.changesOn}`);
  terminal.say(
    `${indent}${mark} ${condition.expected}${value}${change}  ${terminal.dim(`:${condition.at.line}`)}`,
  );
  for (const inner of condition.of) showCondition(inner, terminal, `${indent}  `);
}
