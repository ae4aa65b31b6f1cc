/**
 * Names what the decoder made of a request that it did not find as it should be. For people who debug:
 * nothing here is on the way of a bid. What was made is compared with what was sent, by the decoder's
 * own readers and its own result, so that its bounds and defaults are written once.
 */
import type { BidRequest } from '../auction/bid-request.ts';
import { readCountry } from './country.ts';
import { type FieldKind, kindOf } from './field-kinds.ts';
import type { JsonShape } from './json-shape.ts';
import { nameMade } from './name-made.ts';
import { nameSupply } from './name-supply.ts';
import { finite, isObject, type JsonObject, object, present, text, whole } from './read-values.ts';
import { pathOf, shown, ToleranceNotes } from './tolerance-notes.ts';

const NO_IDENTITIES_THEN = 'cannot be read, so no identities are';

/** A value at its place: as it was sent, and as the decoder met it. */
interface Place {
  readonly path: string;
  /** The path without indexes. */
  readonly field: string;
  readonly sent: unknown;
  readonly read: unknown;
}

/**
 * `sent` is the whole JSON request, undefined for protobuf, and `read` the fields that the decoder asks
 * for, those of `shape`. `request` is null when it was rejected.
 */
export function nameTolerances(
  { sent, read, shape }: { sent: unknown; read: JsonObject; shape: JsonShape },
  request: BidRequest | null,
): ToleranceNotes {
  const notes = new ToleranceNotes();
  nameFields({ path: '', field: '', sent, read }, shape, notes);
  nameOlderPlaces(read, 'regs', shape, notes);
  nameOlderPlaces(read, 'user', shape, notes);
  nameSupply(read, request, notes);
  nameMade(read, request, notes);
  // The most by far, and the least: nobody reads them in any request.
  nameUnread('', sent, shape, notes);
  return notes;
}

function nameFields({ path, field, sent, read }: Place, shape: JsonShape, notes: ToleranceNotes) {
  const fields = object(read);
  shape.names.forEach((name, i) => {
    const value = fields[name];
    if (value === undefined) return;
    const place = {
      path: pathOf(path, name),
      field: field === '' ? name : `${field}.${name}`,
      sent: object(sent)[name],
      read: value,
    };
    if (value === null) notes.add(place.path, 'null is as if absent');
    else nameField(place, shape.shapes[i]!, notes);
  });
}

function nameField(place: Place, shape: JsonShape, notes: ToleranceNotes): void {
  const { path, sent, read } = place;
  const kind = kindOf(place.field);
  if (kind === 'objects') nameObjects(place, shape, notes);
  else if (kind === undefined) nameObject(place, shape, notes);
  else if (kind === 'json-object') {
    if (typeof read !== 'string') nameObject(place, shape, notes);
  } else {
    const what = READINGS[kind](read, sent);
    if (what !== '') notes.add(path, what);
    if (kind === 'texts') nameEntries(path, read, (each) => text(each, Infinity), notes);
    if (kind === 'wholes') nameEntries(path, read, wholeEntry, notes);
  }
}

function nameObject(place: Place, shape: JsonShape, notes: ToleranceNotes): void {
  if (isObject(place.read)) nameFields(place, shape, notes);
  else notes.add(place.path, `${shown(place.read)} is no object, ignored`);
}

function nameObjects(place: Place, shape: JsonShape, notes: ToleranceNotes): void {
  const { path, field, sent, read } = place;
  if (!Array.isArray(read)) {
    notes.add(path, `${shown(read)} is no list, ignored`);
    return;
  }
  for (const [i, entry] of read.entries()) {
    const whole: unknown = Array.isArray(sent) ? sent[i] : undefined;
    const at = `${path}[${i}]`;
    if (isObject(entry)) nameFields({ path: at, field, sent: whole, read: entry }, shape, notes);
    else notes.add(at, `${shown(entry)} is no object, read as an empty one`);
  }
}

function wholeEntry(entry: unknown): number | '' {
  const number = whole(entry, Infinity, -1);
  return number < 0 ? '' : number;
}

/** `reader` says '' for what is left out. */
function nameEntries(
  path: string,
  list: unknown,
  reader: (entry: unknown) => string | number,
  notes: ToleranceNotes,
): void {
  if (!Array.isArray(list)) return;
  list.forEach((entry: unknown, i) => {
    const made = reader(entry);
    if (made === entry && made !== '') return;
    const what = made === '' ? 'ignored' : `read as ${shown(made)}`;
    notes.add(`${path}[${i}]`, `${shown(entry)} ${what}`);
  });
}

/**
 * What was made of one value, '' when it is as it should be. `sent` differs where digits were kept; it is
 * undefined in protobuf.
 */
const READINGS: Readonly<Record<Exclude<FieldKind, 'objects' | 'json-object'>, Reading>> = {
  text: (read, sent) => {
    if (typeof sent === 'number') return `a number read as text ${shown(text(read, Infinity))}`;
    return typeof read === 'string' ? '' : `${shown(read)} is no text, ignored`;
  },
  'strict-text': (read) => (typeof read === 'string' ? '' : `${shown(read)} is no text`),
  country: (read) => {
    const code = readCountry(read);
    if (code === null) return `${shown(read)} ${NO_IDENTITIES_THEN}`;
    return code === read ? '' : `${shown(read)} read as ${shown(code)}`;
  },
  flag: (read, sent) => {
    const number = finite(read);
    if (number !== 0 && number !== 1) return `${shown(read)} is not 1, read as 0`;
    return asNumber(read, sent);
  },
  'privacy-flag': (read, sent) => {
    if (read === '') return '"" is as if absent';
    const number = finite(read);
    if (number !== 0 && number !== 1) return `${shown(read)} ${NO_IDENTITIES_THEN}`;
    return asNumber(read, sent);
  },
  number: asNumber,
  whole: (read, sent) => {
    const number = finite(read);
    if (Number.isInteger(number) || !Number.isFinite(number)) return asNumber(read, sent);
    return `${shown(read)} read as ${Math.trunc(number)}, the fraction cut`;
  },
  texts: (read) => {
    if (typeof read === 'string') return `${shown(read)} read as a list of one`;
    return noList(read);
  },
  wholes: (read) => (Array.isArray(read) ? '' : `${shown(read)} read as a list of one`),
  list: noList,
  object: (read) => (isObject(read) ? '' : `${shown(read)} is no object, ignored`),
};
type Reading = (read: unknown, sent: unknown) => string;

function asNumber(read: unknown, sent: unknown): string {
  // A flag of protobuf is a boolean as it should be.
  if (typeof read === 'number' || (typeof read === 'boolean' && sent === undefined)) return '';
  const number = finite(read);
  return Number.isNaN(number) ? `${shown(read)} is no number` : `${shown(read)} read as ${number}`;
}

function noList(read: unknown): string {
  return Array.isArray(read) ? '' : `${shown(read)} is no list, ignored`;
}

/** What 2.5 and before had in an `ext` is read there too. */
function nameOlderPlaces(
  read: JsonObject,
  parent: 'regs' | 'user',
  shape: JsonShape,
  notes: ToleranceNotes,
): void {
  const newer = object(read[parent]);
  const named = shape.shapes[shape.names.indexOf(parent)]!.names;
  for (const [name, value] of Object.entries(object(newer['ext']))) {
    if (!present(value) || !named.includes(name)) continue;
    const what = present(newer[name])
      ? `ignored, ${parent}.${name} is there too and wins`
      : 'read from its place before 2.6';
    notes.add(`${parent}.ext.${name}`, what);
  }
}

function nameUnread(path: string, sent: unknown, shape: JsonShape, notes: ToleranceNotes): void {
  if (Array.isArray(sent)) {
    for (const [i, entry] of sent.entries()) nameUnread(`${path}[${i}]`, entry, shape, notes);
    return;
  }
  if (shape.names.length === 0) return;
  for (const [name, value] of Object.entries(object(sent))) {
    const wanted = shape.names.indexOf(name);
    if (wanted >= 0) nameUnread(pathOf(path, name), value, shape.shapes[wanted]!, notes);
    else notes.add(pathOf(path, name), 'not read');
  }
}
