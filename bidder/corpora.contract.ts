/** Requests of others, for the tests: they lie beside the project, never in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const DATA = new URL('../../shared/data/', import.meta.url);
export const hasData = existsSync(DATA);

/** Every JSON file of a folder of DATA, in the order of their names. */
export function jsonFiles(folder: string): Buffer[] {
  const dir = new URL(folder, DATA);
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(new URL(name, dir)));
}

export function auctionLines(): string[] {
  const packed = readFileSync(new URL('openrtb/auctions-2012.ndjson.gz', DATA));
  return gunzipSync(packed).toString().trim().split('\n');
}

/** A 2012 auction of another protocol as OpenRTB: enough of it to be bid on. */
export function fromAuction(line: string): object {
  const auction = JSON.parse(line);
  return {
    id: auction.id,
    imp: auction.spots.map((spot: { id: string; formats: string[]; reservePrice: number }) => ({
      id: spot.id,
      bidfloor: spot.reservePrice,
      banner: {
        format: spot.formats.map((format) => ({
          w: Number(format.split('x')[0]),
          h: Number(format.split('x')[1]),
        })),
        battr: auction.restrictions?.creativeAttribute,
      },
    })),
    badv: auction.restrictions?.clickUrl,
    site: { page: auction.url },
    device: {
      ua: auction.userAgent,
      geo: { country: auction.location?.countryCode === 'US' ? 'USA' : undefined },
    },
    user: { id: auction.userIds?.xchg },
    tmax: 120,
  };
}
