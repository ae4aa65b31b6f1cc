/** OpenRTB 2.6 sections 4.2.1 to 4.2.3: the fields of an answer and their types. */
import { type Json, json } from './wire-json.ts';

export type FieldKind =
  | 'string'
  | 'integer'
  | 'number'
  | 'strings'
  | 'integers'
  | 'object'
  | 'objects';

const RESPONSE: Readonly<Record<string, FieldKind>> = {
  id: 'string',
  seatbid: 'objects',
  bidid: 'string',
  cur: 'string',
  customdata: 'string',
  nbr: 'integer',
  ext: 'object',
};

const SEATBID: Readonly<Record<string, FieldKind>> = {
  bid: 'objects',
  seat: 'string',
  group: 'integer',
  ext: 'object',
};

const BID: Readonly<Record<string, FieldKind>> = {
  id: 'string',
  impid: 'string',
  price: 'number',
  nurl: 'string',
  burl: 'string',
  lurl: 'string',
  adm: 'string',
  adid: 'string',
  adomain: 'strings',
  bundle: 'string',
  iurl: 'string',
  cid: 'string',
  crid: 'string',
  tactic: 'string',
  cattax: 'integer',
  cat: 'strings',
  attr: 'integers',
  apis: 'integers',
  api: 'integer',
  protocol: 'integer',
  qagmediarating: 'integer',
  language: 'string',
  langb: 'string',
  dealid: 'string',
  w: 'integer',
  h: 'integer',
  wratio: 'integer',
  hratio: 'integer',
  exp: 'integer',
  dur: 'integer',
  mtype: 'integer',
  slotinpod: 'integer',
  ext: 'object',
};

const isString = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown) => json(value) === value;
const every = (test: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(test);

const IS: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  string: isString,
  integer: Number.isInteger,
  number: Number.isFinite,
  strings: every(isString),
  integers: every(Number.isInteger),
  object: isObject,
  objects: every(isObject),
};

export function responseFieldFaults(response: Json): string[] {
  return fieldFaults('response', response, RESPONSE);
}

export function seatFieldFaults(seat: Json): string[] {
  return fieldFaults('seatbid', seat, SEATBID);
}

/** `adm` may be an object where that is agreed on. */
export function bidFieldFaults(bid: Json, admObject: boolean): string[] {
  return fieldFaults('bid', bid, admObject ? { ...BID, adm: 'object' } : BID);
}

export function fieldFaults(
  where: string,
  object: Json,
  kinds: Readonly<Record<string, FieldKind>>,
): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return [`unknown-field: ${where}.${name}`];
    return IS[kind](value) ? [] : [`field-type: ${where}.${name} is no ${kind}`];
  });
}
