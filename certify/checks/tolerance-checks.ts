/** Requests as they come: other versions, other types, broken, huge. OpenRTB 2.6: be liberal in what is read. */
import { type Json, json } from '../answers/wire-json.ts';
import { type Change, everyImp, type Probe, same } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { encodeMessage } from '../wire.ts';
import { asBase, faultOf, statusAmong, verdictOn } from './verdict-on.ts';

const area = 'protocol';
const DEPTH = 20_000;
const IMPS_MAX = 500;
/** Under what bidders bound bodies by, so that it is the imps that are many. */
const IMPS_BYTES_MAX = 128 * 1024;
const LARGE_ID = '9007199254740993';

export const TOLERANCE_CHECKS: readonly Check[] = [
  {
    id: 'unknown-fields',
    area,
    title: 'fields that nobody knows are passed over',
    run: unknownFields,
  },
  { id: 'malformed', area, title: 'what is no request is 400, never 5xx', run: malformed },
  {
    id: 'missing-fields',
    area,
    title: 'requests without id or imps are no error',
    run: missingFields,
  },
  { id: 'wrong-types', area, title: 'numbers as text and such are read', run: wrongTypes },
  { id: 'large-ids', area, title: 'ids of many digits keep their digits', run: largeIds },
  {
    id: 'duplicate-imps',
    area,
    title: 'two imps of one id never get an ambiguous bid',
    run: duplicateImps,
  },
  { id: 'huge-bodies', area, title: 'huge and deep requests are survived', run: hugeBodies },
  {
    id: 'protobuf',
    area,
    title: 'protobuf with foreign fields and packed lists is read',
    run: foreignProtobuf,
  },
];

async function unknownFields(probe: Probe): Promise<Verdict> {
  const strange = { certify: { a: [1, null, { b: 'é' }] }, ext: { certify: [[]], x: null } };
  if (probe.profile.format === 'protobuf') return notApplicable('see protobuf');
  const change: Change = (request) => ({
    ...everyImp((imp) => ({ ...imp, ...strange, ext: { ...json(imp['ext']), ...strange.ext } }))(
      request,
    ),
    ...strange,
    device: { ...json(request['device']), sua2: {}, certify: null },
    regs: { ...json(request['regs']), certify: 1, ext: { certify: {} } },
  });
  return asBase(probe, await probe.askForBid(change));
}

const NOT_JSON = ['{', '{"id":}', '{"id":"1","imp":[', 'certify', '{"id":"1"}}', '\u0000\u0001'];
const NO_OBJECT = ['[]', 'null', '"text"', '1', ''];
const NOT_PROTOBUF = ['\u00ff\u00ff\u00ff', '\u000a\u00ff\u0001', '{"id":"1","imp":[]}'];

async function malformed(probe: Probe): Promise<Verdict> {
  const isJson = probe.profile.format === 'json';
  const cut = Buffer.from(probe.encode(probe.request(same))).subarray(0, -3);
  const broken = [...(isJson ? NOT_JSON : NOT_PROTOBUF).map((each) => Buffer.from(each, 'latin1'))];
  const verdicts: Verdict[] = [];
  for (const body of [...broken, cut]) {
    verdicts.push(statusAmong(await probe.post(body), [400], `body ${shown(body)}`));
  }
  for (const body of isJson ? NO_OBJECT : []) {
    const statuses = body === '' ? [400, 204, 411] : [400, 204];
    verdicts.push(statusAmong(await probe.post(Buffer.from(body)), statuses, `body ${body}`));
  }
  return worst(verdicts);
}

const shown = (body: Buffer) => JSON.stringify(body.toString('latin1').slice(-20));

async function missingFields(probe: Probe): Promise<Verdict> {
  const withoutId: Change = ({ id: _, ...request }) => request;
  const withoutImp: Change = ({ imp: _, ...request }) => request;
  const changes: Change[] = [
    withoutId,
    withoutImp,
    (request) => ({ ...request, imp: [] }),
    everyImp(({ id: _, ...imp }) => imp),
    everyImp(({ id }) => ({ id })),
    ({ site: _s, app: _a, device: _d, user: _u, ...request }) => request,
  ];
  const verdicts: Verdict[] = [];
  for (const change of changes) {
    const { exchange, bids } = await probe.ask(change);
    const request = change === withoutId || change === withoutImp;
    if (request && bids.length > 0) verdicts.push(fail('a bid on what has no id or imp', exchange));
    else verdicts.push(statusAmong(exchange, [200, 204, 400], 'a field is missing'));
  }
  return worst(verdicts);
}

/** Seen on the wire: prebid-server#946, #3514, bsm/openrtb#41 and #54. */
const MILD: Change = (request) => ({
  ...everyImp((imp) => ({ ...imp, bidfloor: String(imp['bidfloor'] ?? 0), instl: '0' }))(request),
  tmax: 500.5,
  at: '1',
  device: { ...json(request['device']), dnt: '0', lmt: false, devicetype: '2' },
});

const GROSS: readonly Json[] = [
  { site: 'x' },
  { device: [] },
  { user: 5 },
  { regs: 'no' },
  { imp: {} },
  { imp: [null, 1, 'x', []] },
  { cur: { a: 1 } },
  { bcat: 'IAB1' },
  { tmax: 'soon' },
  { source: [[]] },
];

async function wrongTypes(probe: Probe): Promise<Verdict> {
  if (probe.profile.format === 'protobuf') return notApplicable('protobuf has its own types');
  const verdicts = [await asBase(probe, await probe.askForBid(MILD))];
  for (const gross of GROSS) {
    const { exchange } = await probe.ask((request) => ({ ...request, ...gross }));
    verdicts.push(statusAmong(exchange, [200, 204, 400], JSON.stringify(gross)));
  }
  return worst(verdicts);
}

async function largeIds(probe: Probe): Promise<Verdict> {
  if (probe.profile.format === 'protobuf') return notApplicable('ids are text in protobuf');
  const request = probe.request(everyImp((imp) => ({ ...imp, id: '@imp' })));
  const body = JSON.stringify({ ...request, id: '@id' })
    .replace('"@id"', LARGE_ID)
    .replaceAll('"@imp"', LARGE_ID);
  const answer = await probe.post(Buffer.from(body));
  const verdict = statusAmong(answer, [200, 204, 400], 'ids that are numbers');
  if (verdict.kind !== 'pass' || answer.status !== 200) {
    return verdict.kind === 'pass' ? notApplicable('no answer had a body') : verdict;
  }
  const answered = Buffer.from(answer.body).toString();
  for (const field of ['id', 'impid']) {
    const values = [
      ...answered.matchAll(new RegExp(`"${field}"\\s*:\\s*"?(90071992547409\\d+)`, 'g')),
    ];
    const wrong = values.find(([, digits]) => digits !== LARGE_ID);
    if (wrong !== undefined) return fail(`${field}: ${wrong[1]} for ${LARGE_ID}`, answer);
    if (field === 'id' && values.length === 0) return fail('the id does not come back', answer);
  }
  return pass();
}

async function duplicateImps(probe: Probe): Promise<Verdict> {
  const twice: Change = (request) => {
    const [first] = request['imp'] as Json[];
    return { ...request, imp: [first, { ...first, bidfloor: 0 }, { ...first, id: 'other' }] };
  };
  return verdictOn(await probe.askForBid(twice), ['impid-ambiguous', 'bid-id-twice'], pass());
}

async function hugeBodies(probe: Probe): Promise<Verdict> {
  const isJson = probe.profile.format === 'json';
  const many = probe.request((request) => {
    const [first] = request['imp'] as Json[];
    const count = Math.ceil(IMPS_BYTES_MAX / JSON.stringify(first).length);
    const imp = Array.from({ length: Math.min(count, IMPS_MAX) }, (_, i) => ({
      ...first,
      id: String(i + 1),
    }));
    return { ...request, imp, badv: Array.from({ length: 5000 }, (_, i) => `b${i}.example`) };
  });
  const bodies = [probe.encode(many)];
  if (isJson) {
    const deep = JSON.stringify(probe.request((request) => ({ ...request, ext: '@deep' })));
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nest = `${open.repeat(DEPTH)}1${close.repeat(DEPTH)}`;
      bodies.push(Buffer.from(deep.replace('"@deep"', nest)));
    }
  }
  const verdicts: Verdict[] = [];
  for (const body of bodies) {
    const what = `${body.byteLength} bytes`;
    verdicts.push(statusAmong(await probe.post(body), [200, 204, 400, 413], what));
  }
  const after = await probe.ask();
  const fault = faultOf(after);
  return fault === undefined ? worst(verdicts) : fail(`afterwards: ${fault}`, after.exchange);
}

/** An attribute that no banner has. */
const SKIPPABLE = 16;
/** A field of a number that is in no message, of each wire type. */
const FOREIGN = Buffer.from('f8f00401faf00403616263f9f0040000000000000000fdf00400000000', 'hex');

async function foreignProtobuf(probe: Probe): Promise<Verdict> {
  if (probe.profile.format === 'json') return notApplicable('the profile speaks JSON');
  const foreign = await probe.askForBid(same, {
    pack: (body) => Buffer.concat([FOREIGN, body, FOREIGN]),
  });
  const lists: Change = everyImp((imp) => ({
    ...imp,
    banner: { ...json(imp['banner']), battr: [SKIPPABLE] },
  }));
  const packed = await probe.askForBid(lists, {
    pack: (_, request) => encodeMessage('BidRequest', request, true),
  });
  const rules = ['id-echo', 'impid-unknown'];
  return worst([await asBase(probe, foreign, rules), await asBase(probe, packed, rules)]);
}
