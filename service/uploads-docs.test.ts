import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Duck } from '../segmenter/duck.ts';
import type { ShopFiles } from '../segmenter/shop-data.ts';
import { UploadBench } from './upload-bench.contract.ts';

const DOCS = readFileSync(new URL('../docs/uploads.md', import.meta.url), 'utf8');
const EXAMPLES = [...DOCS.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text!);
const folder = mkdtempSync(join(tmpdir(), 'uploads-docs-'));
const bench = new UploadBench();

/** `--url-query` came with curl 7.87. */
function hasCurl(): boolean {
  try {
    const [, major, minor] = /^curl (\d+)\.(\d+)/.exec(String(execFileSync('curl', ['-V'])))!;
    return Number(major) > 7 || Number(minor) >= 87;
  } catch {
    return false;
  }
}

beforeAll(() => bench.start());
afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true });
});

/** The answers of an example's requests, when their imports are done. */
async function run(example: string): Promise<Record<string, unknown>[]> {
  const script = example.replaceAll('http://127.0.0.1:8081', bench.url);
  const shell = spawn('sh', ['-e', '-c', script], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [text, complaint] = ['', ''];
  shell.stdout.on('data', (chunk) => {
    text += chunk;
  });
  shell.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const code = await new Promise((resolve) => shell.on('close', resolve));
  expect([code, complaint]).toEqual([0, '']);
  await bench.idle();
  return text.split(/(?<=\})(?=\{)/).map((answer) => JSON.parse(answer) as Record<string, unknown>);
}

/** Rows of the shop's data. */
async function held(query: (files: ShopFiles) => string): Promise<unknown[][]> {
  const { files } = bench;
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  return await duck.rows(query(files));
}

/** Each with its pieces. */
function products(): Promise<unknown[][]> {
  return held(
    ({ products, orderLines }) => `SELECT p.product, CAST(l.quantity_micros AS DOUBLE) / 1e6
      FROM '${orderLines}' l JOIN '${products}' p USING (product_no) ORDER BY p.product`,
  );
}

function hashes(): Promise<unknown[][]> {
  return held(
    ({ devices }) => `SELECT space, value FROM '${devices}' WHERE customer_id = 'u7' ORDER BY ALL`,
  );
}

it.skipIf(!hasCurl())(
  'every example of the docs does what they say (skipped without curl)',
  async () => {
    expect(EXAMPLES).toHaveLength(4);
    const [[sent], [shown, , listed], more, [dry, undone]] = [
      await run(EXAMPLES[0]!),
      await run(EXAMPLES[1]!),
      await run(EXAMPLES[2]!),
      await run(EXAMPLES[3]!),
    ];
    const answer = /^```json\n(.*)\n```$/m.exec(DOCS)![1]!;
    const { datetime } = (sent as { uploading: { datetime: string } }).uploading;
    expect(sent).toEqual(JSON.parse(answer.replace('2026-11-30T12:00:00.000Z', datetime)));
    expect(shown).toMatchObject({ uploading: { status: 'PROCESSED', line_quantity: 2 } });
    expect(await products()).toEqual([
      ['cup-1', 1],
      ['tea-9', 2],
    ]);
    expect(listed).toMatchObject({ uploadings: [{ uploading_id: 1 }] });
    expect(more).toMatchObject([
      { uploading: { uploading_id: 2 } },
      { uploading: { uploading_id: 3 } },
      { uploading: { uploading_id: 4 } },
    ]);
    expect(await hashes()).toEqual([
      ['email_md5', '8d2b135ba9bd88fbfbd8ececb31196d1'],
      ['phone_md5', '5c5259938ed3e632bc5e3f94731090af'],
      ['phone_md5', 'f09f2c3d48f31e2a802944ade2e5aec5'],
    ]);
    expect(dry).toMatchObject({ uploading: { dry_run: true } });
    expect(undone).toEqual({ success: true, shop: 'tea', undone: [4], changed: true });
  },
);
