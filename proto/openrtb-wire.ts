/** How openrtb.proto puts OpenRTB on the wire: the only door to the generated table of its fields. */
import { openrtb } from './generated/openrtb-fields.ts';

type MessageName = keyof typeof openrtb;
type FieldName<M extends MessageName> = keyof (typeof openrtb)[M]['fields'] & string;

interface WireMessage {
  /** By name: number, type (a message's name or a scalar type) and whether it is repeated. */
  readonly fields: Readonly<Record<string, readonly [number, string, boolean]>>;
  /** Names of which a message holds one at most. */
  readonly oneofs: readonly (readonly string[])[];
}

/** Wire types of protobuf. */
export const WIRE = { varint: 0, eightBytes: 1, length: 2, group: 3, groupEnd: 4, fourBytes: 5 };

const WIRE_OF_TYPE: Readonly<Record<string, number>> = {
  bool: WIRE.varint,
  int32: WIRE.varint,
  double: WIRE.eightBytes,
};

/** Null for a scalar type. */
export function wireMessage(name: string): WireMessage | null {
  return Object.hasOwn(openrtb, name) ? openrtb[name as MessageName] : null;
}

/** By name what stands before a field of a message: its number and wire type. */
export function wireTags<M extends MessageName>(
  message: M,
): Readonly<Record<FieldName<M>, number>> {
  const tags = Object.entries(wireMessage(message)!.fields).map(([name, [number, type]]) => {
    return [name, number * 8 + (WIRE_OF_TYPE[type] ?? WIRE.length)] as const;
  });
  return Object.fromEntries(tags) as Record<FieldName<M>, number>;
}
