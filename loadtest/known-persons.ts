import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSamples } from './read-samples.ts';
import type { KnownPerson } from './request-corpus.ts';
import type { PersonIdentity } from './request-parts.ts';

/**
 * At most `limit` people whom the shop and an exchange know. The samples are a hundred, who would
 * all be capped within a second of load, so the devices that an import left beside them are read
 * when they are there. Throws as readSamples does.
 */
export async function readKnownPersons(samplesFile: string, limit: number): Promise<KnownPerson[]> {
  const samples = readSamples(samplesFile).filter(({ identities }) => identities.length > 0);
  const devices = join(dirname(samplesFile), 'devices.parquet');
  return existsSync(devices) ? readDevices(devices, limit) : samples;
}

async function readDevices(path: string, limit: number): Promise<KnownPerson[]> {
  // 70 MB of native code that no other command of the load test needs.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT person, space, value FROM read_parquet('${path.replaceAll("'", "''")}')
       WHERE person IN (SELECT DISTINCT person FROM read_parquet('${path.replaceAll("'", "''")}')
                        ORDER BY person LIMIT ${Math.trunc(limit)})
       ORDER BY person, space, value`,
    );
    const byPerson = new Map<string, PersonIdentity[]>();
    for (const [person, space, value] of reader.getRows()) {
      const own = byPerson.get(String(person)) ?? [];
      own.push({ space: String(space), value: String(value) });
      byPerson.set(String(person), own);
    }
    return [...byPerson.values()].map((identities) => ({ identities }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
