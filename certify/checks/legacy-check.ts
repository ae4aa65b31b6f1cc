/** Signals where OpenRTB 2.5 and its extensions had them: who overlooks them bids on what he may not. */
import { type Json, json } from '../answers/wire-json.ts';
import { type Change, type Probe, same } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { BIDS_ENDED, faultOf, NEVER_BID } from './verdict-on.ts';

export const LEGACY_CHECKS: readonly Check[] = [
  {
    id: 'legacy-fields',
    area: 'protocol',
    title: 'signals where OpenRTB 2.5 has them are read',
    run: legacyFields,
  },
];

/** The same signal in no place, in its place of 2.6, and in its older one. */
interface Signal {
  readonly name: string;
  readonly absent: Change;
  readonly current: Change;
  readonly legacy: Change;
}

const inRegs =
  (regs: Json): Change =>
  (request) => ({ ...request, regs });

function regsSignal(name: string, value: unknown): Signal {
  return {
    name: `regs.ext.${name}`,
    absent: inRegs({}),
    current: inRegs({ [name]: value }),
    legacy: inRegs({ ext: { [name]: value } }),
  };
}

/** `around` makes the signal the one that decides. */
function movedSignal(object: string, field: string, around: Change): Signal {
  const moved = (place: (value: unknown) => Json): Change => {
    return (request) => {
      const { [field]: value, ...others } = json(around(request)[object]);
      return { ...around(request), [object]: { ...others, ...place(value) } };
    };
  };
  return {
    name: `${object}.ext.${field}`,
    absent: moved(() => ({})),
    current: moved((value) => ({ [field]: value })),
    legacy: moved((value) => ({ ext: { [field]: value } })),
  };
}

/** A person is known by eids alone. */
function byEidsAlone(request: Json): Json {
  const { id: _, buyeruid: __, ...user } = json(request['user']);
  const { ifa: ___, ...device } = json(request['device']);
  return { ...request, user, device };
}

const SIGNALS: readonly Signal[] = [
  regsSignal('gdpr', 1),
  regsSignal('us_privacy', '1YYN'),
  movedSignal('user', 'eids', byEidsAlone),
  movedSignal('user', 'consent', inRegs({ gdpr: 1 })),
  movedSignal('source', 'schain', same),
];

async function legacyFields(probe: Probe): Promise<Verdict> {
  if (probe.bidding === null) return notApplicable(NEVER_BID);
  const verdicts: Verdict[] = [];
  for (const signal of SIGNALS) verdicts.push(await read(probe, signal));
  const told = verdicts.some(({ kind }) => kind !== 'not-applicable');
  return told ? worst(verdicts) : notApplicable('no signal changes whether it bids');
}

async function read(probe: Probe, { name, absent, current, legacy }: Signal): Promise<Verdict> {
  const without = await probe.askForBid(absent);
  const now = await probe.askForBid(current);
  const before = await probe.askForBid(legacy);
  const faulty = [without, now, before].find((asked) => faultOf(asked) !== undefined);
  if (faulty !== undefined) return fail(`${name}: ${faultOf(faulty)}`, faulty.exchange);
  const [bidsWithout, bidsNow, bidsBefore] = [without, now, before].map(
    ({ bids }) => bids.length > 0,
  );
  if (bidsWithout === bidsNow && bidsNow === bidsBefore) {
    return notApplicable(`${name} changes nothing`);
  }
  if (bidsBefore === bidsNow) return pass();
  const again = await probe.askForBid(current);
  if (again.bids.length > 0 !== bidsNow) return notApplicable(`${name}: ${BIDS_ENDED}`);
  const outcome = bidsBefore ? 'a bid' : 'no bid';
  return fail(`${name}: ${outcome}, unlike where 2.6 has it`, before.exchange);
}
