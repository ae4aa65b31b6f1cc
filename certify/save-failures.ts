/** What was sent and what came back of each FAIL, in a folder of its own: bytes to send again, and text to read. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Exchange } from './exchange.ts';
import type { Profile } from './profiles.ts';
import type { CheckResult } from './run-checks.ts';
import { decodeAnswer, decodeRequest } from './wire.ts';

/** Folders that were written, by the check's id. What an earlier run left of these checks is removed. */
export function saveFailures(
  folder: string,
  profile: Profile,
  results: readonly CheckResult[],
): ReadonlyMap<string, string> {
  const saved = new Map<string, string>();
  for (const { check, verdict } of results) {
    const target = join(folder, check.id);
    rmSync(target, { recursive: true, force: true });
    if (verdict.kind !== 'fail') continue;
    mkdirSync(target, { recursive: true });
    const { exchange, why } = verdict;
    if (exchange !== null) {
      writeFileSync(join(target, 'request.http'), exchange.sent);
      writeFileSync(join(target, 'answer.http'), exchange.received);
    }
    const talk = exchange === null ? '' : readableTalk(profile, exchange);
    writeFileSync(join(target, 'readable.txt'), `${check.title}\n${why}\n${talk}`);
    saved.set(check.id, target);
  }
  return saved;
}

function readableTalk(profile: Profile, { sent, received, trouble, tookMs }: Exchange): string {
  const request = readable(sent, (body) => decodeRequest(profile, body));
  const answer = readable(received, (body) => decodeAnswer(profile, body));
  const none = trouble === '' ? '' : `no answer: ${trouble}\n`;
  return `\n--- request\n${request}\n\n--- answer, after ${tookMs.toFixed(1)} ms\n${none}${answer}\n`;
}

/** A head as it is; the body unpacked and laid out when it can be read, else as it is. */
function readable(message: Uint8Array, decode: (body: Uint8Array) => unknown): string {
  const bytes = Buffer.from(message);
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.toString();
  const packed = bytes.subarray(end + 4);
  const body = unpacked(packed);
  const decoded = body.length === 0 ? null : decode(body);
  const text = decoded === null ? body.toString() : JSON.stringify(decoded, null, 2);
  return `${bytes.toString('latin1', 0, end).replaceAll('\r', '')}\n\n${text}`;
}

function unpacked(body: Buffer): Buffer {
  try {
    return gunzipSync(body);
  } catch {
    return body;
  }
}
