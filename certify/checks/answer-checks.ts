/** What every answer is: OpenRTB 2.6, sections 2, 4 and 7.1. */
import { type Json, json, text } from '../answers/wire-json.ts';
import { type Asked, everyImp, type Probe, same } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { faultOf, NEVER_BID, verdictOn } from './verdict-on.ts';

const area = 'protocol';
const FLOOR_OF_NOBODY = 1_000_000;
const REPEATS = 20;
const VERSIONS = ['2.5', '2.6', '2.3', '2.6-202211', '9.9', 'x', ''];

export const ANSWER_CHECKS: readonly Check[] = [
  { id: 'valid-answers', area, title: 'bids keep every rule of the standard', run: validAnswers },
  { id: 'id-echo', area, title: 'the request’s id comes back as it was', run: idEcho },
  { id: 'no-bid', area, title: 'no bid is said as the profile wants it', run: noBid },
  { id: 'multi-imp', area, title: 'bids name imps of a request with several', run: multiImp },
  { id: 'multi-size', area, title: 'a bid has one of the sizes offered', run: multiSize },
  { id: 'other-media', area, title: 'native, video and audio alone are no error', run: otherMedia },
  { id: 'test-flag', area, title: 'test: 1 is answered and uses nothing up', run: testFlag },
  { id: 'unique-bid-ids', area, title: 'bid ids are given once', run: uniqueBidIds },
  {
    id: 'repeated-request',
    area,
    title: 'the same bytes again are answered',
    run: repeatedRequest,
  },
  {
    id: 'version-header',
    area,
    title: 'x-openrtb-version of any kind is taken',
    run: versionHeader,
  },
  {
    id: 'content-type',
    area,
    title: 'the answer has the request’s content type',
    run: contentType,
  },
];

async function validAnswers(probe: Probe): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const base of probe.options.requests) {
    const asked = await probe.send(probe.request(same, base));
    const { faults, remarks, exchange, bids } = asked;
    if (faults.length > 0) verdicts.push(fail(faults.join('; '), exchange));
    else verdicts.push(bids.length > 0 ? pass(remarks.join('; ')) : notApplicable(NEVER_BID));
  }
  return worst(verdicts);
}

async function idEcho(probe: Probe): Promise<Verdict> {
  const ids = ['"quoted" \\ id', 'идентификатор-é-😀', '12345678901234567890', 'x'.repeat(128)];
  const verdicts: Verdict[] = [];
  for (const id of ids) {
    const asked = await probe.askForBid((request) => ({ ...request, id }));
    verdicts.push(verdictOn(asked, ['id-echo'], withoutBid(asked)));
  }
  return worst(verdicts);
}

/** A 200 without bids may still have shown the id. */
const withoutBid = ({ response }: Asked): Verdict =>
  response?.['id'] === undefined ? notApplicable('no answer had a body') : pass();

async function noBid(probe: Probe): Promise<Verdict> {
  const floor = everyImp((imp) => ({ ...imp, bidfloor: FLOOR_OF_NOBODY, pmp: undefined }));
  const asked = await probe.ask(floor);
  const fault = faultOf(asked, ['content-length', 'id-echo', 'field-type', 'below-floor']);
  if (fault !== undefined) return fail(fault, asked.exchange);
  if (asked.bids.length > 0) return notApplicable(`it bids over ${FLOOR_OF_NOBODY}`);
  if (probe.profile.noBid === 'reason' && asked.exchange.status !== 200) {
    return fail('204 where the profile expects a reason', asked.exchange);
  }
  return pass(`${asked.exchange.status}`);
}

async function multiImp(probe: Probe): Promise<Verdict> {
  if (probe.bidding === null) return notApplicable(NEVER_BID);
  const asked = await probe.askForBid((request) => {
    const [first] = request['imp'] as Json[];
    return { ...request, imp: ['a', 'imp "2"', '3'].map((id) => ({ ...first, id })) };
  });
  return verdictOn(asked, ['impid-unknown', 'impid-ambiguous', 'bid-id-twice', 'seat-twice']);
}

async function multiSize(probe: Probe): Promise<Verdict> {
  if (probe.bidding === null) return notApplicable(NEVER_BID);
  const sizes = probe.profile.sizes.map(([w, h]) => ({ w, h }));
  const asked = await probe.askForBid(
    everyImp((imp) => {
      if (imp['banner'] === undefined) return imp;
      const banner = json(imp['banner']);
      const own = Array.isArray(banner['format']) ? banner['format'] : [];
      return { ...imp, banner: { ...banner, format: [...own, ...sizes] } };
    }),
  );
  return verdictOn(asked, ['size-missing', 'size-not-offered', 'media-not-offered']);
}

const NATIVE = {
  ver: '1.2',
  context: 1,
  plcmttype: 1,
  assets: [{ id: 1, required: 1, title: { len: 90 } }],
};
const VIDEO = {
  mimes: ['video/mp4'],
  minduration: 5,
  maxduration: 30,
  protocols: [2, 3, 5, 6],
  w: 640,
  h: 360,
};
const OTHER_MEDIA: readonly Json[] = [
  { native: { request: JSON.stringify({ native: NATIVE }), ver: '1.2' } },
  { native: { request: JSON.stringify(NATIVE), ver: '1.2' } },
  { video: VIDEO },
  { audio: { mimes: ['audio/mp4'], minduration: 5, maxduration: 30, protocols: [2, 3] } },
  {},
];

async function otherMedia(probe: Probe): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const media of OTHER_MEDIA) {
    const asked = await probe.ask(
      everyImp(({ banner: _b, native: _n, video: _v, audio: _a, ...imp }) => ({
        ...imp,
        ...media,
      })),
    );
    verdicts.push(verdictOn(asked, ['media-not-offered', 'impid-unknown'], pass()));
  }
  return worst(verdicts);
}

/** From outside, what is harmless shows in this: the last of many tests still gets what the first got. */
async function testFlag(probe: Probe): Promise<Verdict> {
  const asks: Asked[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const asked = await probe.ask((request) => ({ ...request, test: 1 }));
    const fault = faultOf(asked, ['id-echo', 'impid-unknown']);
    if (fault !== undefined) return fail(fault, asked.exchange);
    asks.push(asked);
  }
  const half = REPEATS / 2;
  const bidsIn = (part: readonly Asked[]) => part.filter(({ bids }) => bids.length > 0).length;
  const [before, after] = [bidsIn(asks.slice(0, half)), bidsIn(asks.slice(half))];
  if (before === half && after === 0) {
    return fail('bids end after some tests: a test uses something up', asks.at(-1)!.exchange);
  }
  return before > 0
    ? pass()
    : pass('answered; what it uses up could not be told: no test got a bid');
}

async function uniqueBidIds(probe: Probe): Promise<Verdict> {
  if (probe.bidding === null) return notApplicable(NEVER_BID);
  const seen = new Set<string>();
  for (let i = 0; i < REPEATS; i++) {
    const asked = await probe.ask();
    for (const { bid } of asked.bids) {
      const id = text(bid['id']);
      if (id === '' || seen.has(id)) return fail(`bid id "${id}" again`, asked.exchange);
      seen.add(id);
    }
  }
  return seen.size > 1 ? pass(`${seen.size} bids`) : notApplicable('too few bids to compare');
}

async function repeatedRequest(probe: Probe): Promise<Verdict> {
  const request = probe.request(same);
  const first = await probe.send(request);
  const again = await probe.send(request);
  return worst(
    [first, again].map((asked) => verdictOn(asked, ['id-echo', 'impid-unknown'], pass())),
  );
}

async function versionHeader(probe: Probe): Promise<Verdict> {
  for (const version of VERSIONS) {
    const asked = await probe.ask(same, { headers: { 'x-openrtb-version': version } });
    const fault = faultOf(asked);
    if (fault !== undefined)
      return fail(`x-openrtb-version "${version}": ${fault}`, asked.exchange);
    const own = asked.exchange.headers['x-openrtb-version'];
    if (own !== undefined && !/^\d\.\d{1,2}$/.test(own)) {
      return fail(`answers with x-openrtb-version "${own}"`, asked.exchange);
    }
  }
  return pass();
}

async function contentType(probe: Probe): Promise<Verdict> {
  const types = [...probe.profile.contentTypes];
  if (probe.profile.format === 'json') types.push('application/json; charset=utf-8', 'text/plain');
  const verdicts: Verdict[] = [];
  for (const type of types) {
    const asked = await probe.askForBid(same, { headers: { 'Content-Type': type } });
    const hasBody = asked.exchange.status === 200 ? pass() : notApplicable('no answer had a body');
    verdicts.push(verdictOn(asked, ['content-type'], hasBody));
  }
  return worst(verdicts);
}
