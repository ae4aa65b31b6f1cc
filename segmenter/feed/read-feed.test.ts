import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { feedText } from './feed-text.ts';
import { FeedUnreadable } from './feed-unreadable.ts';
import { type FeedContent, readFeed } from './read-feed.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-feed-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const FEEDS = '../shared/data/feeds';
const missing = existsSync(FEEDS) ? '' : ` (skipped: ${FEEDS} is missing)`;
const HEADER = 'id,title,link,image_link,price';
const ROW = 'a1,Red shoe,https://shop.example/p/1,https://shop.example/1.jpg,12.99 EUR';

function read(content: string | Buffer, nowMs?: number): Promise<FeedContent> {
  const file = join(dir, 'feed');
  writeFileSync(file, content);
  return readFeed(file, { currency: 'EUR', ...(nowMs === undefined ? {} : { nowMs }) });
}

async function checkUnreadable(content: string | Buffer, problem: RegExp): Promise<void> {
  const error = await read(content).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FeedUnreadable);
  expect((error as FeedUnreadable).message).toMatch(/feed:\d+/);
  expect((error as FeedUnreadable).message).toMatch(problem);
}

function rss(items: string): string {
  return `<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>t</title>${items}</channel></rss>`;
}

function xmlItem(more = '', title = 'Red shoe'): string {
  return `<item><g:id>a1</g:id><title>${title}</title><link>https://shop.example/p/1</link><g:image_link>https://shop.example/1.jpg</g:image_link><g:price>12.99 EUR</g:price>${more}</item>`;
}

const SHOE = {
  id: 'a1',
  title: 'Red shoe',
  priceMicros: 12_990_000,
  listPriceMicros: null,
  imageUrl: 'https://shop.example/1.jpg',
  landingUrl: 'https://shop.example/p/1',
  category: '',
  available: true,
};

describe('a CSV feed', () => {
  it.each([',', '\t', ';', '|'])('is read with the delimiter %j', async (delimiter) => {
    const text = `${HEADER}\n${ROW}\n`.replaceAll(',', delimiter);
    expect((await read(text)).items).toEqual([SHOE]);
  });
  it('is read gzipped, with a byte order mark, other header spellings and line ends', async () => {
    const text = `\ufeffID,Product Name,URL,Image URL,Price,extra\r\n${ROW},x\r\n`;
    expect((await read(gzipSync(text))).items).toEqual([SHOE]);
  });
  it.each(['brand', 'vendor', 'Manufacturer', 'g:brand'])(
    'reads the brand from %s',
    async (name) => {
      const { brands } = await read(`${HEADER},${name}\n${ROW}, Acme &amp; Sons \n`);
      expect([...brands.values()]).toEqual(['Acme & Sons']);
    },
  );

  it('rejects a row alone, with its line and reason', async () => {
    const text = `${HEADER},availability\na0,"two\nlines",x\n${ROW},maybe\n${ROW},out of stock\n`;
    expect(await read(text)).toEqual({
      items: [{ ...SHOE, available: false }],
      brands: new Map(),
      rejected: [
        { line: 2, id: 'a0', reason: 'the line has 3 values, the header 6' },
        { line: 4, id: 'a1', reason: expect.stringContaining('availability "maybe" is not known') },
      ],
      rejectedCount: 2,
    });
  });
  it('keeps the last of an id that comes twice', async () => {
    const { items, rejected } = await read(`${HEADER}\n${ROW}\n${ROW.replace('Red', 'Blue')}\n`);
    expect(items).toEqual([{ ...SHOE, title: 'Blue shoe' }]);
    expect(rejected).toEqual([
      { line: 2, id: 'a1', reason: 'line 3 has the same id again, and stands' },
    ]);
  });
  it('is refused without the columns it needs', () =>
    checkUnreadable(
      'id,name\n1,x\n',
      /:1: the header has no link, image_link, price; found "id, name"/,
    ));
  it('is refused when a quote is never closed', () =>
    checkUnreadable(`${HEADER}\n${ROW}\na2,"open,x\n`, /:3: a quoted value .* never closed/));
});

describe('an XML feed', () => {
  it('is read from RSS, a g: element winning over its plain twin', async () => {
    const text = rss(xmlItem('<g:title>Shoe, red</g:title>'));
    expect((await read(text)).items).toEqual([{ ...SHOE, title: 'Shoe, red' }]);
  });
  it('does not take the price of shipping for the price', async () => {
    const shipping = '<g:shipping><g:price>5 EUR</g:price></g:shipping><g:id>';
    expect((await read(rss(xmlItem().replace('<g:id>', shipping)))).items).toEqual([SHOE]);
  });
  it('is read from Atom, with another prefix and the link as attribute', async () => {
    const text = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://base.google.com/ns/1.0"><entry>
      <m:id>a1</m:id><title>Red shoe</title><link rel="self" href="https://x.example/"/>
      <link href="https://shop.example/p/1"/><m:image_link>https://shop.example/1.jpg</m:image_link>
      <m:price>12.99</m:price></entry></feed>`;
    expect((await read(text)).items).toEqual([SHOE]);
  });
  it('is decoded as its declaration says', async () => {
    const text = `<?xml version="1.0" encoding="windows-1251"?>${rss(xmlItem('', 'T')).slice(21)}`;
    const bytes = Buffer.from(text, 'latin1');
    bytes[bytes.indexOf('<title>T</title><link>') + 7] = 0xd8;
    expect((await read(bytes)).items).toEqual([{ ...SHOE, title: 'Ш' }]);
  });
  it('believes a sale only below the price, above a tenth of it, and in its window', async () => {
    const sale = (price: string, window = '') =>
      read(
        rss(
          xmlItem(
            `<g:sale_price>${price}</g:sale_price><g:sale_price_effective_date>${window}</g:sale_price_effective_date>`,
          ),
        ),
        Date.UTC(2026, 5, 1),
      ).then(({ items }) => [items[0]!.priceMicros, items[0]!.listPriceMicros]);
    expect(await sale('9.99 EUR')).toEqual([9_990_000, 12_990_000]);
    expect(await sale('12.99 EUR')).toEqual([12_990_000, null]);
    expect(await sale('0.99 EUR')).toEqual([12_990_000, null]);
    expect(await sale('9.99', '2020-01-01T00:00Z/2020-02-01T00:00Z')).toEqual([12_990_000, null]);
    expect(await sale('9.99', '2026-01-01T00:00Z/2027-02-01T00:00Z')).toEqual([
      9_990_000, 12_990_000,
    ]);
  });
  it('is refused with own or unknown entities, which are never expanded', async () => {
    await checkUnreadable(
      `<!DOCTYPE r [<!ENTITY x "y">]>${rss(xmlItem('', '&x;')).slice(21)}`,
      /entities/,
    );
    await checkUnreadable(rss(xmlItem('', '&nbsp;')), /not well-formed: undefined entity/);
  });
  it('is refused when it is cut off, deep, or never tags again', async () => {
    await checkUnreadable(rss(xmlItem()).slice(0, -30), /cut off/);
    await checkUnreadable(rss('<a>'.repeat(70)), /nested deeper than 64/);
    await checkUnreadable(rss(xmlItem('', 'x'.repeat(5 << 20))), /no tag|longer than/);
  });
});

it('refuses what is no feed, naming the supported formats', async () => {
  await checkUnreadable('', /is empty; supported are Google/);
  await checkUnreadable(' <!DOCTYPE html><p>404', /HTML page/);
  await checkUnreadable('[{"id":1}]', /this is JSON/);
  await checkUnreadable(Buffer.from([1, 0, 2, 0]), /binary/);
  await checkUnreadable(Buffer.from(`${HEADER}\n\xff,`, 'latin1'), /not in the encoding/);
  await checkUnreadable('<yml_catalog date="x"></yml_catalog>', /Yandex YML feed; supported/);
});

it('refuses damaged gzip and what unpacks beyond the bound', async () => {
  const packed = gzipSync(`${HEADER}\n${`${ROW}\n`.repeat(1000)}`);
  await checkUnreadable(packed.subarray(0, packed.length / 2), /gzip data is damaged or cut off/);
  await checkUnreadable(Buffer.concat([packed.subarray(0, 20), Buffer.alloc(99, 7)]), /gzip data/);
  const file = join(dir, 'bomb.gz');
  writeFileSync(file, gzipSync(Buffer.alloc(1 << 22, 0x61)));
  const reading = (async () => {
    for await (const _ of feedText(file, 1 << 20));
  })();
  await expect(reading).rejects.toThrow(/larger than 1048576 bytes/);
});

describe(`every feed of the collection${missing}`, () => {
  it.skipIf(missing !== '').each([
    ['fb_catalog.csv', 'USD', 25, 0],
    ['gmc_bing_opispot.xml', 'USD', 486, 0],
    ['gmc_opispot_bom_cdata.xml', 'USD', 486, 0],
    ['gmc_pinterest_opispot.xml', 'USD', 486, 0],
    ['gmc_importpc_cz.xml', 'CZK', 1254, 1],
    ['gmc_oman_arabic.xml', 'OMR', 129, 0],
    ['gmc_skoda_badsale.xml', 'PLN', 2, 0],
    ['gmc_sparkling_gbp.xml', 'GBP', 1, 72],
    ['gmc_valves_zero_price.xml', 'INR', 0, 106],
    ['gmc_vehicles.xml', 'USD', 47, 0],
    ['derived/hostile_titles.xml', 'EUR', 12, 9],
  ])('%s gives its products', async (name, currency, items, rejected) => {
    const content = await readFeed(join(FEEDS, name), { currency });
    expect([content.items.length, content.rejectedCount]).toEqual([items, rejected]);
  });

  it.skipIf(missing !== '')(
    'is read or refused by name and line, never anything else',
    async () => {
      const names = readdirSync(FEEDS, { recursive: true, encoding: 'utf8' });
      for (const name of names) {
        const thrown = await readFeed(join(FEEDS, name), { currency: 'EUR' }).catch(
          (e: unknown) => e,
        );
        if (thrown instanceof Error) {
          expect(thrown, name).toBeInstanceOf(FeedUnreadable);
          expect(thrown.message).toContain(`${name}:`);
        }
      }
      expect(names.length).toBeGreaterThan(20);
    },
  );
});
