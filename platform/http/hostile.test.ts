import { describe, expect, it } from 'vitest';
import { FILES, hasCorpus, type RawOutcome, throwRaw } from './hostile-requests.contract.ts';
import type { HttpBackend } from './http-port.ts';
import { get, route, statusesOf, talk } from './http-talk.contract.ts';
import { nodeBackend } from './node-server.ts';
import { uwsBackend } from './uws-server.ts';

/**
 * What is refused by others and taken here: whatever Host says, which means nothing to us; and by
 * uWebSockets.js a header without a name, a Transfer-Encoding of none beside a length, bytes of a URL or
 * value that are not printable. None of it was taken for two requests.
 */
const TAKEN = new Set([
  'RFC9110-5.4-DUPLICATE-HOST',
  'COMP-HOST-WITH-USERINFO',
  'COMP-HOST-EMPTY-VALUE',
  'SMUG-MULTIPLE-HOST-COMMA',
  'RFC9112-5-EMPTY-HEADER-NAME',
  'SMUG-TE-EMPTY-VALUE',
  'MAL-NON-ASCII-URL',
  'invalid/011',
  'invalid/012',
  'invalid/rfc9110_field_value_ctl_del_01',
]);
/** Own faults, of which 501 and 505 are none: what no server of 1.1 has to know. */
const FAULTS = [500, 502, 503, 504];

describe.skipIf(!hasCorpus)('hostile requests (skipped without ../shared/data)', () => {
  it.each([uwsBackend, nodeBackend])(
    'never break $name nor pass a request inside another',
    async (backend) => {
      const { outcomes, errors, after } = await throwAll(backend);
      expect(outcomes.length).toBeGreaterThan(1_300);
      const faults = outcomes.filter(({ statuses }) =>
        statuses.some((status) => FAULTS.includes(status)),
      );
      expect(faults).toEqual([]);
      const smuggled = outcomes.filter(
        ({ id, statuses: [first = 0, second = 0] }) =>
          /^(smuggler|garden)/.test(id) && first === 200 && (second === 200 || second >= 400),
      );
      expect(smuggled).toEqual([]);
      const taken = outcomes.filter(
        ({ id, statuses: [first = 0], mustFail }) => mustFail && first === 200 && !TAKEN.has(id),
      );
      expect(taken).toEqual([]);
      expect(errors).toEqual([]);
      expect(after).toBe('200');
    },
  );
});

async function throwAll(backend: HttpBackend) {
  const errors: unknown[] = [];
  const answer = route('GET', '/', (reply) => reply.send(200, 'text/plain', 'root'));
  const routes = [
    answer,
    { ...answer, method: 'POST', bodyBytesMax: 1_000 },
    { ...answer, method: 'ANY', pattern: '/:name', bodyBytesMax: 1_000 },
  ] as const;
  const server = await backend.listen(routes, {
    host: '127.0.0.1',
    port: 0,
    shared: false,
    onError: (error) => errors.push(error),
  });
  const outcomes: RawOutcome[] = [];
  for (const file of FILES) outcomes.push(...(await throwRaw(server.port, file, '/')));
  const after = statusesOf((await talk(server.port, get('/'))).text);
  await server.drain(100);
  return { outcomes, errors, after };
}
