import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { noRedisTlsReason, type RedisServer, tlsServer } from './redis-server.contract.ts';

const PORT = 17_651;

describe.skipIf(noRedisTlsReason !== '')(`a server that speaks TLS${noRedisTlsReason}`, () => {
  let server: RedisServer;
  let url = '';
  beforeAll(async () => {
    ({ server, url } = tlsServer(PORT));
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  // Who trusts it serves over it: test/whole-loop.system.test.ts.
  it('is not believed without an authority that vouches for it, and the error says how to name one', async () => {
    await using store = await openStore({ url, dir: '' });
    expect(store.available()).toBe(false);
    await expect(store.ping()).rejects.toThrow(
      /^Redis at 127\.0\.0\.1:\d+ is away: self-signed certificate \(NODE_EXTRA_CA_CERTS names/,
    );
  });
});
