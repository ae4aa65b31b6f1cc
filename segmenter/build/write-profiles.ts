/** The profile loop of a bucket: facts are read, profiles made of them and written, batch by batch. */
import type { GenerationWriter } from '../../store/ports.ts';
import { type CountedPeople, type ProfileEncoder, profileRows } from './encode-profiles.ts';
import { type BatchSource, profileBatches } from './profile-batches.ts';

/** A batch of an incremental build has few; more than enough for one transaction of a store. */
const ROWS_AT_ONCE = 2000;

export interface ProfileJob extends BatchSource {
  readonly encoder: ProfileEncoder;
  readonly writer: Pick<GenerationWriter, 'putProfiles'>;
  /** Told how many profiles of the bucket are written. */
  readonly progress: (done: number) => void;
}

/** Writes the profile of everybody in the bucket who is computed, in person order, and counts all. */
export async function writeProfiles(
  job: ProfileJob,
): Promise<CountedPeople & { readonly written: number }> {
  const { encoder, writer, progress } = job;
  let rows: { person: string; bytes: Uint8Array }[] = [];
  let written = 0;
  for await (const batch of profileBatches(job)) {
    rows.push(...profileRows(encoder.encode(batch)));
    if (rows.length < ROWS_AT_ONCE) continue;
    await writer.putProfiles(rows);
    written += rows.length;
    rows = [];
    progress(written);
  }
  await writer.putProfiles(rows);
  return { ...encoder.takeCounted(), written: written + rows.length };
}
