import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { servedSignature, settingsSignature, supplySignature } from './folder-signature.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'signature-'));
  for (const folder of ['exchanges', 'log', 'mounted']) mkdirSync(join(dir, folder));
  write('exchanges/big.yaml', 'exchange: big');
  write('exchanges/big.keys.json', '{}');
  write('mounted/far', '{}');
  symlinkSync(join(dir, 'mounted/far'), join(dir, 'exchanges/far.keys.json'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(join(dir, file), text);
}

describe('the signature of a workspace', () => {
  it.each(['exchanges/big.yaml', 'exchanges/new.yaml', 'exchanges/big.keys.json', 'mounted/far'])(
    'changes with %s, on which what is served depends',
    (file) => {
      const before = settingsSignature(dir);
      expect(settingsSignature(dir)).toBe(before);
      write(file, 'another text');
      expect(settingsSignature(dir)).not.toBe(before);
    },
  );

  it.each(['log/a.yaml', 'exchanges/notes.txt', 'report.json'])('is deaf to %s', (file) => {
    const before = settingsSignature(dir);
    write(file, 'another text');
    expect(settingsSignature(dir)).toBe(before);
  });

  it('survives a link that leads nowhere', () => {
    rmSync(join(dir, 'mounted/far'));
    expect(settingsSignature(dir)).not.toBe('');
  });
});

describe('the signature of what is known of those who sell', () => {
  beforeEach(() => {
    mkdirSync(join(dir, 'supply/ads-txt'), { recursive: true });
    write('supply/fetched.json', '{}');
  });

  it('changes with a list or the ledger, and with it what is served', () => {
    for (const file of ['supply/fetched.json', 'supply/domains.txt']) {
      const before = [supplySignature(dir), servedSignature(dir), settingsSignature(dir)];
      write(file, 'another text');
      const after = [supplySignature(dir), servedSignature(dir), settingsSignature(dir)];
      expect(after.map((signature, i) => signature === before[i])).toEqual([false, false, true]);
    }
  });

  it('is deaf to single files, of which there are too many', () => {
    const before = servedSignature(dir);
    write('supply/ads-txt/a.example.txt', 'x');
    write('supply/ads-txt/a.yaml', 'x');
    expect(servedSignature(dir)).toBe(before);
  });
});
