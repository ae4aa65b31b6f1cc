import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syncsOf } from '../../store/syncs.contract.ts';
import { NOW_MS } from '../tracker-rig.contract.ts';
import { rigWith } from './sync-browser.contract.ts';
import { HOPS_MAX, parseSyncQuery } from './sync-query.ts';

describe('calls that make no sense', () => {
  it.each([
    ['an exchange that is not there', '/sync/beta?uid=t&gdpr=0', 404],
    ['an id that names nobody', '/sync/alpha?uid=%24UID&gdpr=0', 400],
    ['an id with a space', '/sync/alpha?uid=a%20b&gdpr=0', 400],
    ['an id that is too long', `/sync/alpha?uid=${'a'.repeat(257)}&gdpr=0`, 400],
    ['a parameter twice', '/sync/alpha?uid=t&gdpr=0&gdpr=1', 400],
    ['what cannot be decoded', '/sync/alpha?uid=%ff&gdpr=0', 400],
  ])('are refused: %s', async (_, path, status) => {
    await using rig = await rigWith();
    const response = await rig.get(path);
    expect(response.status).toBe(status);
    expect(response.headers.getSetCookie()).toEqual([]);
    const exchange = status === 404 ? 'other' : 'alpha';
    expect(rig.count('rekindle_syncs_total', exchange, 'invalid')).toBe(1);
  });

  it('leave no trace when they are HEAD', async () => {
    await using rig = await rigWith();
    const response = await rig.get('/sync/alpha?uid=t&gdpr=0', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await syncsOf(rig.store, 'demo', NOW_MS)).toEqual([]);
  });

  it('never throw, whatever the query is, and what is read is bounded', () => {
    const part = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom('uid', 'redir', 'hop', 'gdpr', 'gpp_sid'), fc.string())
        .map((each) => each.join('=')),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const query = parseSyncQuery(parts.join('&'));
        if (query === null) return;
        expect(query.hop).toBeGreaterThanOrEqual(0);
        expect(query.hop).toBeLessThanOrEqual(HOPS_MAX);
        expect(query.uid).toMatch(/^[\x21-\x7e]{0,256}$/);
      }),
    );
    expect(parseSyncQuery(`gdpr=0&x=${'a'.repeat(20_000)}`)).toBeNull();
  });
});
