/** Why a person is in a segment or not: the serving rule, condition by condition. */
import { join } from 'node:path';
import { compileCampaignIndex } from '../bidder/auction/campaign-index.ts';
import { customerOf, type PersonRecords } from '../bidder/auction/person-view.ts';
import type { ShopSnapshot } from '../bidder/auction/snapshot.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import { customerPersonId, identityKey, isHashedId } from '../proto/ids.ts';
import { decodeLiveFacts, decodeProfile } from '../proto/records.ts';
import { isHeldOut } from '../rules/control-group.ts';
import { explainRule, type RuleExplanation } from '../rules/explain.ts';
import { customerFacts } from '../rules/facts.ts';
import { dayToDate, localDay } from '../rules/local-day.ts';
import { matchSegments } from '../rules/memberships.ts';
import type { Segment } from '../rules/rule.ts';
import type { Stale } from '../rules/stale.ts';
import { refusedPerson } from '../segmenter/preview/person-consent.ts';
import { type AsBuilt, factsAsBuilt } from '../segmenter/preview/person-facts.ts';
import { type MembershipRun, personRuns } from '../segmenter/preview/person-runs.ts';
import { type PersonModels, personModels } from '../segmenter/preview/serving-models.ts';
import { jobResources } from '../segmenter/run-job.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { loadServingState, snapshotOf } from './serving-state.ts';
import { KEY_FILE } from './workspace-files.ts';

export interface MembershipQuestion {
  readonly config: ServiceConfig;
  readonly store: Store;
  readonly shop: string | undefined;
  /** The CRM's customer id, or a hashed person id. */
  readonly person: string;
  /** One segment, or all of the generation. */
  readonly segment: string | undefined;
}

export interface Membership {
  readonly shop: string;
  readonly generation: string;
  readonly person: string;
  /** False for a person of whom neither the CRM nor the site has told anything. */
  readonly known: boolean;
  /** The CRM has no consent to ads of theirs now; what serves may be older, and have a profile still. */
  readonly withoutConsent: boolean;
  /** What the build has computed of them, where this machine has kept it (docs/models.md). */
  readonly computed: PersonModels;
  readonly segments: readonly {
    readonly segment: string;
    readonly title: string;
    readonly member: boolean;
    /** The rule holds, but the segment keeps this person for control. */
    readonly heldOut: boolean;
    /** Local date since when the last build knows them in it, and how many days that is; null for nobody in it. */
    readonly since: string | null;
    readonly sinceDays: number | null;
    /** Why the rule is not that of the segment's file; null for one that is. */
    readonly stale: Stale | null;
    /** Null for somebody without consent and without a profile: no rule is asked. */
    readonly explanation: RuleExplanation | null;
  }[];
}

/** Throws Failure for a shop, segment or person that does not exist. */
export async function explainMembership(question: MembershipQuestion): Promise<Membership> {
  const { config, store } = question;
  const nowMs = systemClock.nowMs();
  const state = await loadServingState(config.dir, store, compileCampaignIndex);
  const { shops } = snapshotOf(state, config.publicUrl, nowMs);
  const names = shops.map(({ settings }) => settings.shop);
  const shop = shops[question.shop === undefined ? 0 : names.indexOf(question.shop)];
  if (shop === undefined) throw notServing(question.shop, names, state.unpublished);
  const records = await readRecords(question, shop);
  const { generation } = shop.manifest;
  const kept = { dir: config.dir, shop: shop.settings.shop, generation, ...jobResources(config) };
  const computed = await personModels(kept, records.person);
  const { asOfMs, timeZone, segments } = shop.manifest;
  const { currency } = shop.settings;
  const asked = { ...kept, segments, asOfMs, timeZone, currency };
  const asBuilt = await factsAsBuilt(asked, records.person);
  const asking = { ...kept, person: records.person, customer: question.person };
  const refused = await refusedPerson(asking);
  const withoutConsent = refused !== null;
  return {
    shop: shop.settings.shop,
    generation,
    person: records.profile === null ? (refused ?? records.person) : records.person,
    known: isKnown(records) || withoutConsent,
    withoutConsent,
    computed,
    segments: explainSegments(shop, records, {
      segments: segmentsOf(shop, question.segment),
      withoutConsent,
      runs: await personRuns({
        dir: config.dir,
        shop: shop.settings.shop,
        generation: shop.manifest.generation,
        segments: shop.manifest.segments,
        person: records.person,
        ...jobResources(config),
      }),
      nowMs,
      computed,
      asBuilt,
    }),
  };
}

/** Of a shop by its name, or of the first when none serves. */
function notServing(
  asked: string | undefined,
  names: readonly string[],
  unpublished: readonly string[],
): Failure {
  const unbuilt = unpublished.find((name) => asked === undefined || name === asked);
  if (unbuilt !== undefined) {
    const why = 'serves nothing that this Rekindle has built';
    return new Failure('failed-check', `${unbuilt} ${why}: run rekindle segment ${unbuilt} first`);
  }
  return new Failure(
    'usage',
    `no serving shop "${asked ?? ''}"; expected one of: ${names.join(', ')}`,
  );
}

/**
 * Why a bid takes the person for what it does. Without live facts it takes what the build computed,
 * so the rules are explained as of the build then, not as of now.
 */
export function explainSegments(
  shop: ShopSnapshot,
  { person, profile, live }: PersonRecords,
  asked: {
    readonly segments: readonly Segment[];
    readonly withoutConsent: boolean;
    readonly runs: readonly MembershipRun[];
    readonly nowMs: number;
    readonly computed: PersonModels;
    readonly asBuilt: AsBuilt | null;
  },
): Membership['segments'] {
  const { segments, runs, nowMs, computed, asBuilt } = asked;
  if (asked.withoutConsent && profile === null) return segments.map(unasked);
  const { asOfMs, shopCycleHalfDays } = shop.manifest;
  const isAsBuilt = profile !== null && live === null;
  const asOf = { day: localDay(shop.zone, isAsBuilt ? asOfMs : nowMs), shopCycleHalfDays };
  const earlier = runs.flatMap(({ segment, heldDay }) =>
    heldDay === null ? [] : [{ segment, day: heldDay }],
  );
  const customer = { ...customerOf(shop, profile, live), ...computed, earlier };
  const matched = new Set<string>();
  matchSegments(shop.rules, customerFacts(customer, asOf, matched), matched);
  const explained = { customer, asOf, segments: matched, built: shop.rules.built, asBuilt };
  return segments.map(({ segment, title, rule, control, stale = null }) => {
    const explanation = explainRule(rule, explained);
    const heldOut = explanation.matched && control !== null && isHeldOut(control, person);
    const member = explanation.matched && !heldOut;
    const run = explanation.matched ? runs.find((one) => one.segment === segment) : undefined;
    const since = run === undefined ? null : dayToDate(run.sinceDay);
    const sinceDays = run === undefined ? null : asOf.day - run.sinceDay;
    return { segment, title, member, heldOut, since, sinceDays, stale, explanation };
  });
}

/** No link leads to somebody without consent, whatever is known of them. */
function unasked({ segment, title, stale }: Segment): Membership['segments'][number] {
  const out = { member: false, heldOut: false, since: null, sinceDays: null };
  return { segment, title, ...out, stale: stale ?? null, explanation: null };
}

async function readRecords(
  { config, store, person: asked }: MembershipQuestion,
  shop: ShopSnapshot,
): Promise<PersonRecords> {
  const name = shop.settings.shop;
  const { generation } = shop.manifest;
  const read = async (person: string): Promise<PersonRecords> => {
    const profile = await store.generations.readProfile(name, generation, person);
    const live = await store.live.read(name, person);
    return {
      person,
      profile: profile && decodeProfile(profile, person),
      live: live && decodeLiveFacts(live, person),
    };
  };
  const key = loadOrCreateKey(join(config.dir, KEY_FILE));
  // A customer may be one person with another, who names both.
  const identity = identityKey(key, 'customer', asked);
  const linked = await store.generations.readLink(name, generation, identity);
  const byCustomer = await read(linked ?? customerPersonId(key, name, asked));
  return isKnown(byCustomer) || !isHashedId(asked) ? byCustomer : await read(asked);
}

function isKnown({ profile, live }: PersonRecords): boolean {
  return profile !== null || live !== null;
}

function segmentsOf(shop: ShopSnapshot, name: string | undefined): readonly Segment[] {
  const { segments } = shop.manifest;
  if (name === undefined) return segments;
  const found = segments.filter(({ segment }) => segment === name);
  if (found.length > 0) return found;
  const names = segments.map(({ segment }) => segment).join(', ');
  throw new Failure(
    'usage',
    `no segment "${name}" in the serving generation; expected one of: ${names}`,
  );
}
