/**
 * What a reader wants of a protobuf message: a tree of names, as for JSON (json-shape.ts), with the
 * numbers that openrtb.proto gives them. A name without a number never comes in protobuf.
 */
import { wireMessage } from '../../proto/openrtb-wire.ts';
import type { JsonShape } from './json-shape.ts';

export const KIND = { unwanted: 0, text: 1, int32: 2, bool: 3, double: 4, message: 5 } as const;
/** Added to the kind of a repeated field. */
export const REPEATED = 8;
/** Added to the kind of a field that excludes others, wanted or not. */
export const EXCLUSIVE = 16;
/** Fields from this number on are unwanted: the highest of the core is 99, for `ext`. */
export const FIELD_NUMBER_END = 128;

export interface ProtobufShape {
  readonly blank: JsonShape['blank'];
  /** By field number. */
  readonly kinds: Uint8Array;
  readonly names: readonly (string | undefined)[];
  readonly shapes: readonly (ProtobufShape | undefined)[];
  /** So many elements of a repeated field become values. */
  readonly kept: Uint32Array;
  /** Wanted names that go when the field comes. */
  readonly rivals: readonly (readonly string[] | undefined)[];
}

const KIND_OF_TYPE: Readonly<Record<string, number>> = {
  string: KIND.text,
  int32: KIND.int32,
  bool: KIND.bool,
  double: KIND.double,
};

/** `shape` of the message with this name in openrtb.proto. */
export function protobufShape(name: string, shape: JsonShape): ProtobufShape {
  const message = wireMessage(name);
  if (message === null) throw new Error(`openrtb.proto has no message ${name}`);
  const kinds = new Uint8Array(FIELD_NUMBER_END);
  const names = new Array<string | undefined>(FIELD_NUMBER_END).fill(undefined);
  const shapes = new Array<ProtobufShape | undefined>(FIELD_NUMBER_END).fill(undefined);
  const kept = new Uint32Array(FIELD_NUMBER_END);
  const rivals = new Array<readonly string[] | undefined>(FIELD_NUMBER_END).fill(undefined);
  shape.names.forEach((wanted, i) => {
    const field = message.fields[wanted];
    if (field === undefined) return;
    const [number, type, isRepeated] = field;
    const kind = KIND_OF_TYPE[type] ?? KIND.message;
    kinds[number] = kind + (isRepeated ? REPEATED : 0);
    names[number] = wanted;
    const inner = shape.shapes[i]!;
    kept[number] = inner.kept;
    if (kind === KIND.message) shapes[number] = protobufShape(type, inner);
  });
  for (const oneof of message.oneofs) {
    for (const name of oneof) {
      const number = message.fields[name]![0];
      kinds[number]! += EXCLUSIVE;
      rivals[number] = oneof.filter((other) => other !== name && shape.names.includes(other));
    }
  }
  return { blank: shape.blank, kinds, names, shapes, kept, rivals };
}
