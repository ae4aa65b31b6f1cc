import { describe, expect, it } from 'vitest';
import { diskFiles } from '../../platform/append-log-files.ts';
import { segmentName } from '../../platform/append-log-format.ts';
import { syncsOf } from '../../store/syncs.contract.ts';
import { NOW_MS, until } from '../tracker-rig.contract.ts';
import { Browser, pair, rigWith } from './sync-browser.contract.ts';

const FIRST = segmentName('p0w0', 1);

describe('promise 4: a sync that was acknowledged is kept once, and what was forgotten stays so', () => {
  it('after a crash before the store had it', async () => {
    const put = () => new Promise<never>(() => {});
    const rig = await rigWith({ wrap: (store) => ({ ...store, syncs: { ...store.syncs, put } }) });
    const browser = new Browser();
    const response = await browser.get(rig, '/sync/alpha?uid=t&gdpr=0');
    expect(response.status).toBe(200);
    await rig.crash();
    await using again = await rigWith({ dir: rig.dir });
    expect(await syncsOf(again.store, 'demo', NOW_MS)).toEqual([]);
    expect(await again.tracker.replay()).toMatchObject({ events: 1, damaged: [] });
    expect(await syncsOf(again.store, 'demo', NOW_MS)).toEqual([pair(browser.id, 't')]);
  });

  it('when everything is replayed once more', async () => {
    const rig = await rigWith();
    const [gone, browser] = [new Browser(), new Browser()];
    await gone.get(rig, '/sync/alpha?uid=gone&gdpr=0');
    await gone.get(rig, '/sync/optout');
    await browser.get(rig, '/sync/alpha?uid=t&gdpr=0');
    await until(() => rig.tracker.settled());
    await rig.crash();
    await using again = await rigWith({ dir: rig.dir });
    // As if no mark had been written before the crash.
    await again.store.marks.set(`event-log/${FIRST}`, '0');
    expect(await again.tracker.replay()).toMatchObject({ events: 3 });
    expect(await syncsOf(again.store, 'demo', NOW_MS)).toEqual([pair(browser.id, 't')]);
  });

  it('is not acknowledged while the log cannot take it, and gives no cookie', async () => {
    let gone = false;
    const create = async (dir: string, name: string) => {
      const file = await diskFiles.create(dir, name);
      return { ...file, sync: () => (gone ? Promise.reject(new Error('EIO')) : file.sync()) };
    };
    await using rig = await rigWith({ files: { ...diskFiles, create } });
    gone = true;
    const response = await rig.get('/sync/alpha?uid=t&gdpr=0');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(rig.count('rekindle_syncs_total', 'alpha', 'not_logged')).toBe(1);
  });
});
