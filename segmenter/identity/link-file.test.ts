import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LinkedFile, type LinkFileRequest, linkFile } from './link-file.ts';
import { recordKey } from './record-keys.ts';

const SETS = '../shared/data/crm/identity';
const SPLINK = `${SETS}/splink_fake_1000.csv`;
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-link-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
}

function run(file: string, keys: string, changes: Partial<LinkFileRequest> = {}) {
  const bounds = { region: null, sharedMax: 20, personMax: 1000 };
  const request = { id: 'id', keys: keys.split(',').map(recordKey), ...bounds, labels: null };
  return linkFile(file, { ...request, ...changes });
}

function measured({ quality }: LinkedFile) {
  const { truePairs, linkedPairs, correctPairs, precision, recall } = quality!;
  const rounded = [precision!, recall!].map((share) => Number(share.toFixed(4)));
  return { truePairs, linkedPairs, correctPairs, precision: rounded[0], recall: rounded[1] };
}

describe.skipIf(!existsSync(SPLINK))('public sets (skipped without ../shared/data)', () => {
  const bySplink = (changes: Partial<LinkFileRequest>) =>
    run(SPLINK, 'email', { id: 'unique_id', ...changes });
  const EXACT = { linkedPairs: 682, correctPairs: 682, precision: 1, recall: 0.3358 };

  it('finds 682 of fake_1000’s 2,031 pairs by the exact e-mail, and no false one', async () => {
    const labels = { file: SPLINK, cluster: 'cluster', pairs: null };
    expect(measured(await bySplink({ labels }))).toEqual({ truePairs: 2031, ...EXACT });
  });

  it('finds the same by the labels of pairs', async () => {
    const file = `${SETS}/splink_fake_1000_labels.csv`;
    const columns = ['unique_id_l', 'unique_id_r', 'clerical_match_score'] as const;
    const labels = { file, cluster: '', pairs: columns };
    expect(measured(await bySplink({ labels }))).toEqual({ truePairs: 2031, ...EXACT });
  });

  it.each([
    ['febrl_dataset1.csv', 500, 471, 0.942],
    ['febrl_dataset3.csv', 6538, 6058, 0.9266],
  ])(
    'merges nobody falsely in %s by its number or by name and birth',
    async (name, truePairs, correctPairs, recall) => {
      // rec-7-org and rec-7-dup-0 are one person.
      const ids = readFileSync(`${SETS}/${name}`, 'utf8').match(/^rec-[^,]+/gm)!;
      const text = ids.map((id) => `${id},${id.split('-')[1]}`).join('\n');
      const file = write('labels.csv', `rec_id,cluster\n${text}\n`);
      const labels = { file, cluster: 'cluster', pairs: null };
      const keys = 'soc_sec_id,given_name+surname+date_of_birth';
      const found = await run(`${SETS}/${name}`, keys, { id: 'rec_id', labels });
      expect(found.quality!.falseMerges).toEqual([]);
      expect(measured(found)).toEqual({
        truePairs,
        linkedPairs: correctPairs,
        correctPairs,
        precision: 1,
        recall,
      });
    },
  );
});

describe('linkFile', () => {
  it('reads NDJSON, takes the line for an id, and says what it could not read', async () => {
    const file = write('records.ndjson', '{"tel":"8005550100"}\nhalf\n{"tel":"+1 800 555-0100"}\n');
    const found = await run(file, 'tel', { id: null, region: 'US' });
    expect(found.clusters).toEqual([{ person: '1', records: ['1', '3'] }]);
    expect(found.sizes).toEqual([{ size: 2, persons: 1 }]);
    expect(found.rejected).toEqual({
      count: 1,
      first: [{ line: 2, reason: 'not valid JSON (is it cut off?)' }],
    });
  });

  it('takes each id once', async () => {
    const found = await run(write('records.csv', 'id,a,b\n1,x,y\n1,x,z\n,x,y\n2,x,y\n'), 'a+b');
    expect(found.clusters).toEqual([{ person: '1', records: ['1', '2'] }]);
    expect(found.rejected.first).toEqual([
      { line: 3, reason: 'the id 1 was there before' },
      { line: 4, reason: 'the record has no id' },
    ]);
  });

  it('measures pairs that were labelled alone, and shows false merges', async () => {
    const file = write('records.csv', 'id,name\n1,x\n2,x\n3,x\n4,y\n');
    const pairs = write('pairs.csv', 'l,r,score\n1,2,0.9\n1,3,0.2\n1,4,1\n');
    const labels = { file: pairs, cluster: '', pairs: ['l', 'r', 'score'] as const };
    const { quality } = await run(file, 'name', { labels });
    expect(quality).toEqual({
      truePairs: 2,
      linkedPairs: 2,
      correctPairs: 1,
      precision: 0.5,
      recall: 0.5,
      falseMerges: [['1', '3']],
    });
    const clusters = write('clusters.csv', 'id,cluster\n1,a\n2,a\n3,b\n');
    const byCluster = { file: clusters, cluster: 'cluster', pairs: null };
    expect((await run(file, 'name', { labels: byCluster })).quality).toEqual({
      truePairs: 1,
      linkedPairs: 3,
      correctPairs: 1,
      precision: 1 / 3,
      recall: 1,
      falseMerges: [['1', '2', '3']],
    });
  });

  it('measures nothing by a label that is empty', async () => {
    const file = write('records.csv', 'id,name,cluster\n1,x,a\n2,x,a\n3,y,\n4,z, \n5,x,\n');
    const labels = { file, cluster: 'cluster', pairs: null };
    const found = await run(file, 'name', { labels });
    const all = { truePairs: 1, linkedPairs: 1, correctPairs: 1, precision: 1, recall: 1 };
    expect(measured(found)).toEqual(all);
  });

  it('refuses what it cannot read, with file, line and what was expected', async () => {
    const file = write('records.csv', 'id,name\n1,x\n');
    await expect(run(file, 'email')).rejects.toThrow(
      'records.csv:1: no column "email"; the file has id, name. Columns are named as they stand there',
    );
    await expect(run(join(dir, 'none.csv'), 'name')).rejects.toThrow('cannot be read');
    const pairs = write('pairs.csv', 'l,r,score\n1,2,yes\n');
    const labels = { file: pairs, cluster: '', pairs: ['l', 'r', 'score'] as const };
    await expect(run(file, 'name', { labels })).rejects.toThrow(
      /pairs[.]csv:2: expected a score of 0 to 1, got "yes"/,
    );
  });
});
