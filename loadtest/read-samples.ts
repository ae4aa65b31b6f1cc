import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { KnownPerson } from './request-corpus.ts';

const identitySchema = z.object({ space: z.string(), value: z.string() });
const samplesSchema = z.object({
  persons: z.array(
    z.object({
      customer: z.string(),
      person: z.string(),
      segments: z.array(z.string()),
      identities: z.array(identitySchema),
    }),
  ),
});

export type SamplePerson = z.output<typeof samplesSchema>['persons'][number] & KnownPerson;

/** People a generation knows, from its samples.json. Throws with what to do when there are none. */
export function readSamples(path: string): SamplePerson[] {
  if (!existsSync(path)) {
    throw new Error(
      `${path} is missing: it is written by "rekindle segment", which has not run yet`,
    );
  }
  const { data, error } = samplesSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (error !== undefined) throw new Error(`${path} is no samples file: ${z.prettifyError(error)}`);
  if (data.persons.length === 0) throw new Error(`${path} names nobody: the base is empty`);
  return data.persons;
}
