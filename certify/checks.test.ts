import { describe, expect, it } from 'vitest';
import { ALL_CHECKS } from './all-checks.ts';
import { baseRequest, builtInRequest } from './base-requests.ts';
import { FakeBidder, type Fault } from './fake-bidder.contract.ts';
import { FAULTS, RAW_FAULTS } from './faults.contract.ts';
import type { ProbeOptions } from './probe.ts';
import { PROFILES, type Profile } from './profiles.ts';
import { runChecks } from './run-checks.ts';

const named = (name: string) => PROFILES.find((profile) => profile.name === name)!;
/** Everything that a profile can ask for. */
const STRICT: Profile = { ...named('generic'), gzip: true, erid: true, sealedPrice: true };
const PROTOBUF: Profile = { ...named('google'), erid: false };

/** Behind the requests that only open connections. */
const STOPS_AT = 50;

function optionsFor(bidder: FakeBidder, profile: Profile): ProbeOptions {
  const request = builtInRequest(profile);
  const [imp] = request['imp'] as object[];
  return {
    url: bidder.url,
    profile,
    requests: [baseRequest({ ...request, imp: [{ ...imp, secure: 0 }] }, profile)!],
    run: 't',
    live: false,
    health: null,
    sync: new URL('/sync', bidder.origin),
    sockets: 20,
    idleMs: 150,
    timeoutMs: 2000,
    timed: { requests: 40, tmaxMs: [800] },
  };
}

async function verdictsOf(bidder: FakeBidder, profile: Profile, only?: string) {
  const checks = ALL_CHECKS.filter(({ id }) => only === undefined || id === only);
  const { results } = await runChecks({ checks, probe: optionsFor(bidder, profile) });
  return results.map(({ check, verdict }) => ({
    id: check.id,
    kind: verdict.kind,
    why: verdict.kind === 'pass' ? verdict.note : verdict.why,
    exchange: verdict.kind === 'fail' ? verdict.exchange : null,
  }));
}

describe('a bidder that keeps every rule', () => {
  it.each([
    ['JSON', STRICT, ['protobuf']],
    ['protobuf', PROTOBUF, ['unknown-fields', 'wrong-types', 'large-ids', 'erid']],
  ] as const)('passes every check of %s', async (_, profile, notApplicable) => {
    await using bidder = await FakeBidder.open(profile);
    const verdicts = await verdictsOf(bidder, profile);
    const others = verdicts.filter(({ kind }) => kind !== 'pass');
    expect(others.filter(({ kind }) => kind === 'fail')).toEqual([]);
    expect(others.map(({ id }) => id)).toEqual(notApplicable);
    expect(verdicts.length).toBe(ALL_CHECKS.length);
  });
});

describe('each check', () => {
  it('can fail: it has a fault that it is to find', () => {
    const ids = new Set([...FAULTS, ...RAW_FAULTS].map(([id]) => id));
    expect(ALL_CHECKS.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(FAULTS)('%s fails for a bidder that %s', async (id, _, fault: Fault, why) => {
    const profile = id === 'protobuf' ? PROTOBUF : STRICT;
    await using bidder = await FakeBidder.open(profile, fault);
    const [verdict] = await verdictsOf(bidder, profile, id);
    expect(verdict).toMatchObject({ id, kind: 'fail', why: expect.stringMatching(why) });
    if (verdict?.exchange) expect(verdict.exchange.sent.byteLength).toBeGreaterThan(0);
  });

  it.each(RAW_FAULTS)('%s fails for a server that %s', async (id, _, reply, why) => {
    await using bidder = await FakeBidder.openRaw(reply);
    const [verdict] = await verdictsOf(bidder, STRICT, id);
    expect(verdict).toMatchObject({ id, kind: 'fail', why: expect.stringMatching(why) });
  });
});

it('remarks on what the standard allows and the judge would not do', async () => {
  const scripted: Fault = { bid: (bid) => ({ ...bid, adm: '<script>a()</script><p>b' }) };
  await using bidder = await FakeBidder.open(STRICT, scripted);
  const [verdict] = await verdictsOf(bidder, STRICT, 'valid-answers');
  expect(verdict).toMatchObject({
    kind: 'pass',
    why: expect.stringMatching(/markup-broken.*script/),
  });
});

describe('a bidder that never bids', () => {
  it('is not said to keep what only bids could show', async () => {
    const never: Fault = {
      takes: ({ reply, request }) => isBid(request.url) && !!reply.writeHead(204).end(),
    };
    await using bidder = await FakeBidder.open(STRICT, never);
    const verdicts = await verdictsOf(bidder, STRICT);
    const passed = verdicts.filter(({ kind }) => kind === 'pass').map(({ id }) => id);
    for (const id of ABOUT_BIDS) expect(passed).not.toContain(id);
    const open = verdicts.filter(({ id }) => ABOUT_BIDS.includes(id));
    expect(open.map(({ kind }) => kind)).toEqual(ABOUT_BIDS.map(() => 'not-applicable'));
  });
});

it.each([
  ['gzip-in', 1, 'not-applicable', /no bid any more/],
  ['unknown-fields', 1, 'not-applicable', /no bid any more/],
  ['wrong-types', 1, 'pass', /no bid any more/],
  ['blocks', 2, 'not-applicable', /no bid any more/],
  ['legacy-fields', 1, 'not-applicable', /no signal changes/],
])(
  '%s neither blames nor praises a bidder whose bids end after %d',
  async (id, bids, kind, why) => {
    const capped: Fault = {
      takes: ({ request, reply, count }) =>
        isBid(request.url) && count >= bids && !!reply.writeHead(204).end(),
    };
    await using bidder = await FakeBidder.open(STRICT, capped);
    const [verdict] = await verdictsOf(bidder, STRICT, id);
    expect(verdict).toMatchObject({ id, kind, why: expect.stringMatching(why) });
  },
);

const isBid = (url = '') => url.startsWith('/bid');

const ABOUT_BIDS = [
  'gzip-out',
  'content-length',
  'valid-answers',
  'id-echo',
  'multi-imp',
  'multi-size',
  'unique-bid-ids',
  'content-type',
  'floor-and-currency',
  'seats',
  'deals',
  'blocks',
  'secure',
  'large-ids',
  'legacy-fields',
  'notices-answered',
  'notices-idempotent',
  'notices-prices',
  'notices-sealed',
  'notices-methods',
  'notices-damaged',
  'erid',
  'gdpr-without-consent',
  'coppa',
  'limited-tracking',
];

it('says that nobody answers', async () => {
  const bidder = await FakeBidder.open(STRICT);
  const probe = optionsFor(bidder, STRICT);
  await bidder[Symbol.asyncDispose]();
  await expect(runChecks({ checks: ALL_CHECKS, probe })).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('no bidder answers'),
  });
});

it('says that there is no bidder where nothing is found', async () => {
  await using bidder = await FakeBidder.open(STRICT);
  const url = new URL('/nowhere', bidder.origin);
  const probe = { ...optionsFor(bidder, STRICT), url };
  await expect(runChecks({ checks: ALL_CHECKS, probe })).rejects.toMatchObject({ exitCode: 4 });
});

it('does not blame a bidder for what this process stood still for', async () => {
  const stops: Fault = {
    takes: ({ count }) => {
      if (count === STOPS_AT) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
      return false;
    },
  };
  await using bidder = await FakeBidder.open(STRICT, stops);
  const checks = ALL_CHECKS.filter(({ id }) => id === 'deadlines');
  const timed = { requests: 40, tmaxMs: [500] };
  const { results } = await runChecks({ checks, probe: { ...optionsFor(bidder, STRICT), timed } });
  expect(results[0]!.verdict).toMatchObject({
    kind: 'not-applicable',
    why: expect.stringContaining('stood still'),
  });
});

it('leaves the idle connection out when it is told to, and says so', async () => {
  await using bidder = await FakeBidder.open(STRICT);
  const checks = ALL_CHECKS.filter(({ id }) => id === 'keep-alive');
  const probe = { ...optionsFor(bidder, STRICT), idleMs: 0 };
  const { results } = await runChecks({ checks, probe });
  expect(results[0]!.verdict).toMatchObject({
    kind: 'not-applicable',
    why: expect.stringContaining('--quick'),
  });
});
