import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, it } from 'vitest';
import { readKnownPersons } from './known-persons.ts';
import { readSamples } from './read-samples.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-samples-'));
const path = join(dir, 'samples.json');
const ANNA = {
  customer: 'C1',
  person: 'person-of-anna-1',
  segments: ['new', 'existing'],
  identities: [{ space: 'cookie', value: 'a1' }],
};
const BORIS = { customer: 'C2', person: 'person-of-boris-', segments: ['new'], identities: [] };

afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('names everybody once, although people are in several segments', () => {
  write({ generation: 'g1', bySegment: { new: [ANNA, BORIS], existing: [ANNA] } });
  expect(readSamples(path)).toEqual([ANNA, BORIS]);
});

it('says what to do when there are no samples', () => {
  expect(() => readSamples(join(dir, 'none.json'))).toThrow('"rekindle segment" writes it');
  write({ bySegment: { new: [] } });
  expect(() => readSamples(path)).toThrow('names nobody');
  write({ persons: [] });
  expect(() => readSamples(path)).toThrow('is no samples file');
  writeFileSync(path, '{"bySegment":');
  expect(() => readSamples(path)).toThrow('is no samples file');
});

it('loads with the people of the devices file when there is one', async () => {
  write({ bySegment: { new: [ANNA, BORIS] } });
  expect(await readKnownPersons(path, 10)).toEqual([ANNA]);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM (VALUES ('p1','cookie','c1'), ('p1','ifa','i1'), ('p2','cookie','c2'),
     ('p3','cookie','c3')) AS t(person, space, value)) TO '${join(dir, 'devices.parquet')}'`,
  );
  connection.closeSync();
  instance.closeSync();
  expect(await readKnownPersons(path, 2)).toEqual([
    {
      identities: [
        { space: 'cookie', value: 'c1' },
        { space: 'ifa', value: 'i1' },
      ],
    },
    { identities: [{ space: 'cookie', value: 'c2' }] },
  ]);
});

function write(samples: object): void {
  writeFileSync(path, JSON.stringify(samples));
}
