/** What law and privacy ask of an answer, as far as it shows from outside. */
import { items, type Json, json, text } from '../answers/wire-json.ts';
import type { Asked, Change, Probe } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { faultOf, NEVER_BID, verdictOn } from './verdict-on.ts';

const area = 'policy';
const IFA = '6d9a5d4e-3c1b-4f6e-9a57-c3e7d1b2f004';
const BUYER = 'certify-buyer-7f3a91';
/** Shorter ones may stand in an answer by chance. */
const ID_LENGTH_MIN = 6;
const TCF = 'CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA';
const CONSENTS = [TCF, '', 'BOgarbage', '%%%', '.'.repeat(50), 'C'.repeat(20_000), `${TCF}.YAAA`];
const GPPS = ['DBAA', `DBABMA~${TCF}`, 'DBACNYA~CPXxRfA~1YNN', '', '~~~', 'D'.repeat(20_000)];
const US_PRIVACY = ['1YNN', '1YYN', '1---', '2YYY', '', 'x'.repeat(5000)];

export const POLICY_CHECKS: readonly Check[] = [
  { id: 'erid', area, title: 'bids carry the marking that the law asks for', run: erid },
  {
    id: 'consent-strings',
    area,
    title: 'consent strings of any kind are read',
    run: consentStrings,
  },
  {
    id: 'gdpr-without-consent',
    area,
    title: 'GDPR without a consent string: no id comes back',
    run: denied({ gdpr: 1 }),
  },
  { id: 'gpp', area, title: 'GPP and US Privacy strings of any kind are read', run: gpp },
  { id: 'coppa', area, title: 'COPPA: no id comes back', run: denied({ coppa: 1 }) },
  { id: 'limited-tracking', area, title: 'lmt and dnt: no id comes back', run: limitedTracking },
];

async function erid(probe: Probe): Promise<Verdict> {
  if (!probe.profile.erid) return notApplicable('the profile does not ask for it');
  const asked = await probe.askForBid();
  if (asked.bids.length === 0) return notApplicable(NEVER_BID);
  const without = asked.bids.find(({ bid }) => text(json(json(bid['ext'])['nroa'])['erid']) === '');
  return without === undefined
    ? pass()
    : fail(`bid ${without.bid['id']} has no ext.nroa.erid`, asked.exchange);
}

async function consentStrings(probe: Probe): Promise<Verdict> {
  return readsAll(
    probe,
    CONSENTS.map((consent) => (request) => ({
      ...request,
      user: { ...json(request['user']), consent },
      regs: { gdpr: 1 },
    })),
  );
}

async function gpp(probe: Probe): Promise<Verdict> {
  return readsAll(probe, [
    ...GPPS.map(
      (value): Change =>
        (request) => ({
          ...request,
          regs: { gpp: value, gpp_sid: [2, 6] },
        }),
    ),
    ...US_PRIVACY.map(
      (value): Change =>
        (request) => ({ ...request, regs: { us_privacy: value } }),
    ),
  ]);
}

async function readsAll(probe: Probe, changes: readonly Change[]): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const change of changes) {
    verdicts.push(verdictOn(await probe.ask(change), ['id-echo', 'impid-unknown'], pass()));
  }
  return worst(verdicts);
}

/** A person with ids, of whom nothing may be told. */
function denied(regs: Json): Check['run'] {
  return (probe) => tellsNothing(probe, (request) => ({ ...withIds(request), regs }));
}

async function limitedTracking(probe: Probe): Promise<Verdict> {
  return tellsNothing(probe, (request) => {
    const identified = withIds(request);
    return { ...identified, device: { ...json(identified['device']), lmt: 1, dnt: 1 } };
  });
}

function withIds(request: Json): Json {
  const user: Json = { buyeruid: BUYER, ...json(request['user']) };
  const { consent: _, ...unconsented } = user;
  return { ...request, user: unconsented, device: { ifa: IFA, ...json(request['device']) } };
}

async function tellsNothing(probe: Probe, change: Change): Promise<Verdict> {
  const asked = await probe.askForBid(change);
  const fault = faultOf(asked, ['id-echo', 'impid-unknown']);
  if (fault !== undefined) return fail(fault, asked.exchange);
  const told = idsOf(asked.request).find((id) => isTold(asked, id));
  if (told !== undefined) return fail(`the answer holds the id ${told}`, asked.exchange);
  return asked.bids.length > 0
    ? pass()
    : notApplicable('answered, without a bid that could hold an id');
}

function idsOf(request: Json): string[] {
  const user = json(request['user']);
  const eids = items(user['eids']).map(json);
  const uids = eids.flatMap((eid) => items(eid['uids']).map((uid) => text(json(uid)['id'])));
  const ids = [text(user['id']), text(user['buyeruid']), text(json(request['device'])['ifa'])];
  return [...ids, ...uids].filter((id) => id.length >= ID_LENGTH_MIN);
}

function isTold({ response }: Asked, id: string): boolean {
  const answer = JSON.stringify(response ?? {});
  return answer.includes(id) || answer.includes(encodeURIComponent(id));
}
