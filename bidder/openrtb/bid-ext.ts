/**
 * What goes into `ext` of a bid: who stands behind the ad, where a request asks for it (DSA), and the
 * mark of an ad in Russia (`nroa`). What is said of a shop and a campaign is written once.
 */
import type { AdMarking } from '../../settings/workspace.ts';
import { answersDsa, type DsaDemand } from '../auction/dsa.ts';
import type { ServedCampaign } from '../auction/served-campaign.ts';
import type { ShopSnapshot } from '../auction/snapshot.ts';
import type { EncodedBidInput, EncodingContext } from './bid-fields.ts';
import { jsonText } from './json-text.ts';

/** Of `dsaparams`: the person was recognised; what the request itself says was used. */
const PROFILING = 1;
const BASIC = 2;

/** Named as the DSA extension does. */
export interface DsaAnswer {
  readonly behalf: string;
  readonly paid: string;
  /** Whose data was used, and which kinds; '' and none where the request takes neither. */
  readonly domain: string;
  readonly dsaparams: readonly number[];
  readonly adrender: 0 | 1;
}

/** Null where the bid says nothing of it. */
export function dsaAnswer({ request }: EncodingContext, input: EncodedBidInput): DsaAnswer | null {
  const { dsa: terms, domains } = input.shop.settings;
  if (request.dsa === null || !answersDsa(request.dsa, terms)) return null;
  const { behalf, paid, rendered } = terms;
  const used = usedFor(request.dsa, input.view.person !== '');
  const domain = used.length === 0 ? '' : domains[0]!;
  return { behalf, paid, domain, dsaparams: used, adrender: rendered ? 1 : 0 };
}

const NOTHING: readonly number[] = Object.freeze([]);
const REQUEST_ALONE: readonly number[] = Object.freeze([BASIC]);
const PERSON_TOO: readonly number[] = Object.freeze([PROFILING, BASIC]);

function usedFor(demand: DsaDemand, recognised: boolean): readonly number[] {
  if (!demand.takesParams) return NOTHING;
  return recognised ? PERSON_TOO : REQUEST_ALONE;
}

/** The field `ext` of a bid in JSON with its comma before, '' when it would be empty. */
export function extField(context: EncodingContext, input: EncodedBidInput): string {
  const marking = context.exchange.marking.required === 'never' ? '' : nroaField(input);
  const dsa = context.request.dsa === null ? null : dsaAnswer(context, input);
  if (dsa === null) return marking === '' ? '' : `,"ext":{${marking}}`;
  return `,"ext":{${marking}${marking === '' ? '' : ','}${dsaField(dsa)}}`;
}

function dsaField({ behalf, paid, domain, dsaparams, adrender }: DsaAnswer): string {
  const used = `[{"domain":${jsonText(domain)},"dsaparams":[${dsaparams.join(',')}]}]`;
  return (
    `"dsa":{"behalf":${jsonText(behalf)},"paid":${jsonText(paid)},` +
    `${domain === '' ? '' : `"transparency":${used},`}"adrender":${adrender}}`
  );
}

const nroaByCampaign = new WeakMap<ServedCampaign, string>();

function nroaField({ bid, shop }: EncodedBidInput): string {
  const served = shop.campaigns[bid.campaign]!;
  const known = nroaByCampaign.get(served);
  if (known !== undefined) return known;
  const field = makeNroa(served, shop);
  nroaByCampaign.set(served, field);
  return field;
}

/** As yandex.ru/dev/rtb has it; '' for a campaign without a mark. */
function makeNroa({ campaign }: ServedCampaign, { settings }: ShopSnapshot): string {
  if (campaign.erid === '') return '';
  const { adMarking } = settings;
  const marked = adMarking?.inMarkup === true ? 1 : 0;
  const client = clientField(adMarking?.client ?? null);
  return `"nroa":{"erid":${jsonText(campaign.erid)},"has_nroa_markup":${marked}${client}}`;
}

function clientField(client: AdMarking['client']): string {
  if (client === null) return '';
  const { inn, legalForm, name } = client;
  return `,"client":{"inn":"${inn}","legal_form":"${legalForm}","name":${jsonText(name)}}`;
}
