/** Answers of others, in JSON and as Google's library wrote them from the IAB's schema: our schema is theirs. */
import { readdirSync, readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { DATA, hasData } from '../corpora.contract.ts';
import { fromProtobuf, openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';

const PROTO = openrtbProto(true);
const ANSWER = PROTO.lookupType('openrtb.BidResponse');

it.skipIf(!hasData)(
  'a published answer says the same in protobuf and JSON, both ways (skipped without ../shared/data)',
  () => {
    const pairs = goldenAnswers();
    for (const { name, bytes, json } of pairs) {
      // What our answers have no field for is not written, and a reader passes it over.
      const ours = known(json, ANSWER) as object;
      expect([name, fromProtobuf(PROTO, 'BidResponse', bytes)]).toEqual([name, ours]);
      const written = toProtobuf(PROTO, 'BidResponse', ours);
      if (sameJson(ours, json)) expect([name, Buffer.from(written)]).toEqual([name, bytes]);
    }
    expect(pairs.length).toBeGreaterThan(20);
    expect(pairs.filter(({ json }) => sameJson(known(json, ANSWER), json)).length).toBeGreaterThan(
      20,
    );
  },
);

const sameJson = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function goldenAnswers(): { name: string; bytes: Buffer; json: object }[] {
  const dir = new URL('openrtb/proto/', DATA);
  return readdirSync(dir)
    .filter((name) => name.startsWith('resp__') && name.endsWith('.pb'))
    .map((name) => ({
      name,
      bytes: readFileSync(new URL(name, dir)),
      json: JSON.parse(readFileSync(new URL(name.replace(/pb$/, 'json'), dir), 'utf8')),
    }));
}

/** Without the fields that the message has not; JSON says 1 for true. */
function known(value: unknown, { fields }: protobuf.Type): unknown {
  const own = Object.entries(value as object).filter(([name]) => fields[name] !== undefined);
  return Object.fromEntries(
    own.map(([name, content]) => {
      const { type, resolvedType } = fields[name]!;
      if (resolvedType instanceof protobuf.Type) {
        const list = Array.isArray(content)
          ? content.map((each) => known(each, resolvedType))
          : null;
        return [name, list ?? known(content, resolvedType)];
      }
      return [name, type === 'bool' ? content === 1 || content === true : content];
    }),
  );
}
