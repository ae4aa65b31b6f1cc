/** Checks over several files: names that nobody defines, names that two files define. */
import type { ConfigPath, ConfigProblem, ConfigSource } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import { campaignKey } from '../proto/exposure-log.ts';
import type { Exchange } from './exchange.ts';
import type { ShopReading, Sourced } from './read-shop.ts';
import type { SegmentFile } from './segment-file.ts';
import { referenceProblems } from './segment-graph.ts';
import type { Campaign, Offer } from './workspace.ts';

interface WorkspaceParts {
  readonly shops: readonly ShopReading[];
  readonly exchanges: readonly Sourced<Exchange>[];
}

/** Names of a kind, or null when some of its files could not be read and a name may be in those. */
type Known = ReadonlySet<string> | null;

/** `problems` are those of reading: what could not be read is not also called unknown. */
export function crossProblems(
  { shops, exchanges }: WorkspaceParts,
  problems: readonly ConfigProblem[],
): readonly ConfigProblem[] {
  const broken = problems.some(({ file }) => file.startsWith('exchanges/'));
  const names = broken ? null : new Set(exchanges.map(({ value }) => value.exchange));
  return [
    ...duplicates(exchanges, 'exchange', ({ exchange }) => exchange),
    ...shops.flatMap((shop) => shopProblems(shop, names)),
    ...keyCollisions(shops.flatMap((shop) => shop.campaigns)),
  ];
}

function shopProblems(shop: ShopReading, exchanges: Known): readonly ConfigProblem[] {
  const segments = shop.segments.map(({ segment, source }) => ({ value: segment, source }));
  const names = (folder: string, all: readonly string[]): Known =>
    shop.problems.some(({ file }) => file.split('/')[2] === folder) ? null : new Set(all);
  const known = {
    segments: names(
      'segments',
      segments.map(({ value }) => value.segment),
    ),
    offers: names(
      'offers',
      shop.offers.map(({ value }) => value.offer),
    ),
    exchanges,
  };
  return [
    ...duplicates(segments, 'segment', ({ segment }) => segment),
    ...referenceProblems(shop.segments, known.segments !== null),
    ...duplicates(shop.offers, 'offer', ({ offer }) => offer),
    ...duplicates(shop.campaigns, 'campaign', ({ campaign }) => campaign),
    ...(known.offers === null ? [] : unknownOffers(shop.segments, shop.offers)),
    ...shop.campaigns.flatMap((campaign) => campaignProblems(campaign, known)),
  ];
}

/** Segments that name an offer which the shop does not have. */
export function unknownOffers(
  segments: readonly SegmentFile[],
  offers: readonly Sourced<Offer>[],
): readonly ConfigProblem[] {
  const known = new Set(offers.map(({ value }) => value.offer));
  return segments.flatMap(({ segment, source }) =>
    unknownName(segment.effect.offer, { kind: 'offer', known, source, path: ['offer'] }),
  );
}

function campaignProblems(
  { value, source }: Sourced<Campaign>,
  known: Readonly<Record<'segments' | 'offers' | 'exchanges', Known>>,
): readonly ConfigProblem[] {
  const each = (names: readonly string[], kind: string, among: Known, path: ConfigPath) =>
    names.flatMap((name, i) =>
      unknownName(name, { kind, known: among, source, path: [...path, i] }),
    );
  return [
    ...each(value.anyOf, 'segment', known.segments, ['segments', 'any_of']),
    ...each(value.noneOf, 'segment', known.segments, ['segments', 'none_of']),
    ...each(value.exchanges, 'exchange', known.exchanges, ['exchanges']),
    ...unknownName(value.offer, { kind: 'offer', known: known.offers, source, path: ['offer'] }),
  ];
}

function unknownName(
  name: string | null,
  where: {
    readonly kind: string;
    readonly known: Known;
    readonly source: ConfigSource;
    readonly path: ConfigPath;
  },
): readonly ConfigProblem[] {
  if (name === null || where.known === null || where.known.has(name)) return [];
  const message = `there is no ${where.kind} named ${JSON.stringify(name)}`;
  return [where.source.problem(where.path, message, closest(name, [...where.known]))];
}

/** Names that more than one file defines; each later file is a problem. */
function duplicates<T>(
  sourced: readonly Sourced<T>[],
  kind: string,
  nameOf: (value: T) => string,
): readonly ConfigProblem[] {
  const files = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const { value, source } of sourced) {
    const name = nameOf(value);
    const first = files.get(name);
    if (first === undefined) files.set(name, source.file);
    else problems.push(source.problem([kind], `${first} already has a ${kind} named ${name}`));
  }
  return problems;
}

/** Caps and budgets are counted by a 32-bit key; two campaigns must not share one. */
function keyCollisions(campaigns: readonly Sourced<Campaign>[]): readonly ConfigProblem[] {
  const names = new Map<number, string>();
  const problems: ConfigProblem[] = [];
  for (const { value, source } of campaigns) {
    const name = `${value.shop}/${value.campaign}`;
    const key = campaignKey(value.shop, value.campaign);
    const first = names.get(key);
    if (first === undefined) names.set(key, name);
    else if (first !== name) {
      problems.push(
        source.problem(['campaign'], `its counting key is that of ${first}: rename one`),
      );
    }
  }
  return problems;
}
