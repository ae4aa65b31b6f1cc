import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymousPersonId, customerPersonId, identityKey, orderKey } from '../proto/ids.ts';
import { encodeProfile } from '../proto/records.ts';
import { STATUS } from '../rules/customer.ts';
import type { Store } from '../store/ports.ts';
import { GENERATION, KEY, NOW_MS, openRig, type Rig, until } from './tracker-rig.contract.ts';

const anna = customerPersonId(KEY, 'demo', 'anna');
const visitor = anonymousPersonId(identityKey(KEY, 'cookie', 'stranger'));
const atS = Math.floor(NOW_MS / 1000);
let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
  await publish(rig.store);
});
afterAll(() => rig[Symbol.asyncDispose]());

/** Anna is known, and linked to one cookie. */
async function publish(store: Store): Promise<void> {
  await using writer = await store.generations.write('demo', GENERATION);
  await writer.putProfiles([{ person: anna, bytes: encodeProfile({ person: anna }) }]);
  await writer.putLinks([{ identity: identityKey(KEY, 'cookie', 'annas-phone'), person: anna }]);
  await writer.seal({ profiles: 1, links: 1 });
  await store.generations.flip('demo', GENERATION);
}

const order = { id: 'A-1', status: 'delivered', revenue: '12.50', currency: 'USD' };

describe('shop events', () => {
  it('a view is in the live facts of the linked person well under a second later', async () => {
    const started = performance.now();
    const reply = await rig.post({
      event: 'view',
      ids: { customer: 'unheard-of', cookie: 'annas-phone' },
      item: 'sku-9',
    });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ accepted: 1, withoutConsent: 0, errors: [] });
    await until(async () => (await rig.live(anna)).views.length === 1);
    expect(performance.now() - started).toBeLessThan(500);
    expect((await rig.live(anna)).views).toEqual([{ item: 'sku-9', atS }]);
  });

  it('an order counts once by its id, and its status moves on', async () => {
    const post = (status: string) =>
      rig.post({
        event: 'order',
        ids: { customer: 'anna' },
        items: ['b', 'a'],
        order: { ...order, status },
      });
    for (const status of ['in_progress', 'in_progress'])
      expect((await post(status)).status).toBe(200);
    await until(() => rig.count('rekindle_shop_events_total', 'order', 'duplicate') === 1);
    rig.advance(5_000);
    await post('delivered');
    await until(async () => (await rig.live(anna)).orders[0]?.status === STATUS.paid);
    expect((await rig.live(anna)).orders).toEqual([
      {
        orderKey: orderKey(KEY, 'demo', 'A-1'),
        atS,
        statusAtS: atS + 5,
        status: STATUS.paid,
        revenueMicros: 12_500_000,
        items: ['a', 'b'],
      },
    ]);
  });

  it('the first purchase of a stranger counts for the browser that a bid will see', async () => {
    await rig.post({
      event: 'order',
      ids: { customer: 'new', cookie: 'stranger', ifa: 'AA' },
      order,
    });
    await until(async () => (await rig.live(visitor)).orders.length === 1);
  });

  it('a customer without a device is himself, linked or not', async () => {
    await rig.post({ event: 'cart', ids: { customer: 'zoe' }, items: ['a'] });
    await until(
      async () => (await rig.live(customerPersonId(KEY, 'demo', 'zoe'))).cart.length === 1,
    );
  });

  it('without consent nothing is stored', async () => {
    const offset = rig.log.durable().offset;
    const event = { event: 'view', ids: { cookie: 'stranger' }, item: 'x' };
    const reply = await rig.post({ events: [{ ...event, consent: false }] });
    expect(await reply.json()).toEqual({ accepted: 0, withoutConsent: 1, errors: [] });
    await rig.post({ ...event, consent: false });
    expect(rig.log.durable().offset).toBe(offset);
    expect(rig.count('rekindle_shop_events_total', 'view', 'no_consent')).toBe(2);
  });

  it('the good ones of a batch are kept, the bad ones named by index', async () => {
    const ids = { cookie: 'mixed' };
    const reply = await rig.post({
      events: [{ event: 'view', ids, item: 'a' }, { event: 'buy', ids }, 7, { event: 'view', ids }],
    });
    expect(await reply.json()).toEqual({
      accepted: 1,
      withoutConsent: 0,
      errors: [
        { index: 1, error: '"event" must be one of view, cart, order' },
        { index: 2, error: 'an event must be an object' },
        { index: 3, error: '"item" is missing in a view' },
      ],
    });
  });

  it('pages of the shop may read the answer, others may not', async () => {
    const post = async (origin: string) => {
      const reply = await rig.post(
        { event: 'view', ids: { cookie: 'c' }, item: 'a' },
        { headers: { origin, 'content-type': 'text/plain;charset=UTF-8' } },
      );
      return [reply.status, reply.headers.get('access-control-allow-origin')];
    };
    for (const origin of [
      'https://shop.example',
      'https://www.shop.example',
      'https://cdn.example',
    ]) {
      expect(await post(origin)).toEqual([200, origin]);
    }
    for (const origin of ['https://shop.example.evil', 'null', 'https://evilshop.example']) {
      expect(await post(origin)).toEqual([200, null]);
    }
    const preflight = await rig.get('/e/demo', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
  });

  it.each([
    ['not JSON', '{', 400],
    ['a list', '[]', 400],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['nesting to the limit', '['.repeat(8000), 400],
    ['too many events', JSON.stringify({ events: new Array(51).fill(0) }), 400],
    ['events that are no list', '{"events":{}}', 400],
    ['a prototype', '{"__proto__":{"event":"view"}}', 400],
    ['more than 16 KB', `{"a":"${'x'.repeat(17_000)}"}`, 413],
  ])('refuses %s', async (_, body, status) => {
    const reply = await fetch(rig.url('/e/demo'), { method: 'POST', body });
    expect(reply.status).toBe(status);
    expect(rig.errors).toEqual([]);
  });

  it('refuses another shop, method or content type', async () => {
    expect((await fetch(rig.url('/e/nobody'), { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await rig.get('/e/demo')).status).toBe(405);
    const xml = { headers: { 'content-type': 'text/xml' } };
    expect((await rig.post({}, xml)).status).toBe(415);
  });
});
