/** What the buckets of a build add up to. */
import type { WrittenBucket } from './build-progress.ts';
import { sumOfMoves } from './moves.ts';
import { SamplePicker } from './samples.ts';

export interface WrittenWhole
  extends Pick<WrittenBucket, 'profiles' | 'touched' | 'members' | 'heldOut' | 'moves'> {
  readonly samples: SamplePicker;
  /** Lines by product number. */
  readonly sold: Int32Array;
}

/** `buckets` in their order. */
export function addUp(
  buckets: readonly WrittenBucket[],
  { segments, products }: { readonly segments: number; readonly products: number },
): WrittenWhole {
  const members = new Array<number>(segments).fill(0);
  const heldOut = new Array<number>(segments).fill(0);
  const samples = new SamplePicker(segments);
  const sold = new Int32Array(products);
  let profiles = 0;
  let touched = 0;
  let moves = buckets[0]?.moves ?? [];
  for (const [i, bucket] of buckets.entries()) {
    profiles += bucket.profiles;
    touched += bucket.touched;
    for (let ordinal = 0; ordinal < segments; ordinal++) {
      members[ordinal]! += bucket.members[ordinal]!;
      heldOut[ordinal]! += bucket.heldOut[ordinal]!;
    }
    if (i > 0) moves = sumOfMoves(moves, bucket.moves);
    for (const { person, segments: own, hasDevice } of bucket.samples) {
      samples.offer(person, own, hasDevice);
    }
    for (const [product, lines] of bucket.sold) sold[product]! += lines;
  }
  return { profiles, touched, members, heldOut, moves, samples, sold };
}
