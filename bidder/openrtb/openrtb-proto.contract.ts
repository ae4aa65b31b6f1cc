/** Another reader and writer of openrtb.proto, for tests of ours: protobufjs by reflection. */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

/** `packed`: repeated numbers are written as proto3 does, in one field. */
export function openrtbProto(packed: boolean): protobuf.Root {
  const root = new protobuf.Root();
  protobuf.parse(readFileSync('proto/openrtb.proto', 'utf8'), root, { keepCase: true });
  // Options count when types are resolved, and not after.
  if (packed) packLists(root.lookup('openrtb') as protobuf.Namespace);
  root.resolveAll();
  return root;
}

function packLists(namespace: protobuf.Namespace): void {
  for (const type of namespace.nestedArray as protobuf.Type[]) {
    for (const field of type.fieldsArray) {
      if (field.repeated && field.type in protobuf.types.packed) field.setOption('packed', true);
    }
    packLists(type);
  }
}

/** The message of this name, made from JSON as it is. */
export function toProtobuf(root: protobuf.Root, name: string, json: object): Uint8Array {
  const type = root.lookupType(`openrtb.${name}`);
  const problem = type.verify(json);
  if (problem !== null) throw new Error(problem);
  return type.encode(type.fromObject(json)).finish();
}

export function fromProtobuf(root: protobuf.Root, name: string, bytes: Uint8Array): object {
  const type = root.lookupType(`openrtb.${name}`);
  return type.toObject(type.decode(bytes));
}
