import { expect, it } from 'vitest';
import { createLog } from './log.ts';

function lineOf(message: string, fields?: object): Record<string, unknown> {
  return JSON.parse(rawLineOf(message, fields));
}

function rawLineOf(message: string, fields?: object): string {
  const lines: string[] = [];
  const log = createLog(
    { level: 'info', service: 'bidder' },
    { write: (line) => lines.push(line) },
  );
  log.debug('not at this level');
  log.info(message, fields);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

it('writes one JSON line with level, time, service and message', () => {
  const line = lineOf('listening', { port: 8080 });
  expect(line).toMatchObject({ level: 'info', service: 'bidder', msg: 'listening', port: 8080 });
  expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

it('withholds every field that is not allowed, and what is inside objects', () => {
  const line = lineOf('x', { email: 'ann@shop.example', shop: 'toys', reason: { key: 'secret' } });
  expect(line).toMatchObject({ email: '[withheld]', shop: 'toys', reason: '[withheld]' });
});

it('hides passwords in URLs wherever they are', () => {
  const error = new Error('connect redis://user:hunter2@host:6379 failed');
  const raw = rawLineOf('lost redis://:hunter2@host', { error, reason: 'redis://u:hunter2@h' });
  expect(raw).not.toContain('hunter2');
  expect(raw).toContain('redis://***@host');
});

it('is one line whatever the values hold', () => {
  const raw = rawLineOf('a\r\nb\u001b[31m', { reason: '{"level":"fake"}\n\u2028\u0000' });
  for (const char of ['\r', '\n', '\u001b', '\u0000']) expect(raw.trimEnd()).not.toContain(char);
  expect(raw.endsWith('\n')).toBe(true);
});
