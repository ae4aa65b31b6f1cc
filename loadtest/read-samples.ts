import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from '../platform/failure.ts';
import type { PersonIdentity } from './request-parts.ts';

export interface SamplePerson {
  readonly customer: string;
  /** Hashed person id. */
  readonly person: string;
  /** Names of the segments the person is in. */
  readonly segments: readonly string[];
  /** As in the devices file; empty for a person without a device. */
  readonly identities: readonly PersonIdentity[];
}

const personSchema = z.object({
  customer: z.string(),
  person: z.string(),
  segments: z.array(z.string()),
  identities: z.array(z.object({ space: z.string(), value: z.string() })),
});
const samplesSchema = z.object({ bySegment: z.record(z.string(), z.array(personSchema)) });

/**
 * Everybody in a samples.json of the segmenter, each once, in the order of the file. Throws a Failure with
 * what to do when there is no such file, when it is something else, and when it names nobody.
 */
export function readSamples(path: string): SamplePerson[] {
  if (!existsSync(path)) {
    throw new Failure(
      'failed-check',
      `${path} is missing: "rekindle segment" writes it, and has not run yet`,
    );
  }
  const { data, error } = samplesSchema.safeParse(parsed(path));
  if (error !== undefined)
    throw new Failure('failed-check', `${path} is no samples file: ${z.prettifyError(error)}`);
  const byPerson = new Map<string, SamplePerson>();
  for (const sample of Object.values(data.bySegment).flat()) byPerson.set(sample.person, sample);
  if (byPerson.size === 0)
    throw new Failure('failed-check', `${path} names nobody: no segment has members`);
  return [...byPerson.values()];
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Failure('failed-check', `${path} is no samples file: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
