import type { SeededRandom } from '../../platform/seeded-random.ts';
import type { CsvFile } from './csv-file.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * What links a customer to a screen: a browser is known by the shop's cookie and by the id an
 * exchange gave it in cookie matching, a phone by its advertising id. Some customers have none.
 * Returns how many rows were written.
 */
export function writeDevices(file: CsvFile, customer: string, random: SeededRandom): number {
  let rows = 0;
  const add = (space: string, value: string): void => {
    file.add(`${customer},${space},${value}`);
    rows++;
  };
  if (random.chance(0.75)) {
    add('cookie', uuid(random));
    add('exchange:generic', uuid(random));
    if (random.chance(0.25)) add('exchange:simex', `s${uuid(random).slice(0, 18)}`);
  }
  if (random.chance(0.55)) add('ifa', uuid(random));
  if (random.chance(0.1)) add('ifa', uuid(random));
  return rows;
}

/** In the form of a random UUID (version 4, variant 1). */
function uuid(random: SeededRandom): string {
  const middle = hex(random.uint32());
  const tail = hex(random.uint32()) + hex(random.uint32());
  return `${hex(random.uint32())}-${middle.slice(0, 4)}-4${middle.slice(5)}-a${tail.slice(0, 3)}-${tail.slice(3, 15)}`;
}

function hex(word: number): string {
  return (
    HEX[word >>> 24]! + HEX[(word >>> 16) & 255]! + HEX[(word >>> 8) & 255]! + HEX[word & 255]!
  );
}
