import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wireMessage, wireTags } from './openrtb-wire.ts';

it('keeps the generated code in step with the .proto files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-proto-'));
  try {
    execFileSync(process.execPath, ['bin/generate-proto.mjs', folder]);
    const names = readdirSync(folder).sort();
    expect(names).toEqual(readdirSync('proto/generated').sort());
    for (const name of names) {
      const kept = readFileSync(join('proto/generated', name), 'utf8');
      expect(readFileSync(join(folder, name), 'utf8') === kept, `${name}: npm run proto`).toBe(
        true,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

// As published: other numbers would be another format.
it('has the published numbers and types', () => {
  expect(wireMessage('BidRequest')!.fields).toMatchObject({
    id: [1, 'string', false],
    imp: [2, 'Imp', true],
    regs: [14, 'Regs', false],
    dooh: [22, 'Dooh', false],
    acat: [23, 'string', true],
  });
  expect(wireMessage('Imp')!.fields).toMatchObject({
    bidfloor: [8, 'double', false],
    instl: [6, 'bool', false],
    native: [13, 'Native', false],
    exp: [14, 'int32', false],
    ext: [99, 'Imp.Ext', false],
  });
  expect(wireMessage('Native')!.fields).toMatchObject({
    request: [1, 'string', false],
    request_native: [50, 'NativeRequest', false],
  });
  expect(wireMessage('BidRequest')!.oneofs).toEqual([['site', 'app', 'dooh']]);
  expect(wireMessage('string')).toBeNull();
});

it('has tags of number and wire type', () => {
  expect(wireTags('Bid')).toMatchObject({ id: 0x0a, price: 0x19, adm: 0x32, mtype: 33 * 8 });
});
