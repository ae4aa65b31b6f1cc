import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as keys from './redis-keys.ts';
import { REDIS_SCRIPTS } from './redis-scripts.ts';

const DOCUMENT = new URL('../../docs/redis-keys.md', import.meta.url);
const LUA = new URL('./lua/', import.meta.url);

/** `rk:live:<shop>:{<person>}` as a pattern that its keys match. */
function matcher(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[{}]/g, '\\$&').replaceAll(/<[a-z]+>/g, '[^:{}]+');
  return new RegExp(`^${escaped}$`);
}

const BUILT = [
  keys.profileKey('s', 'g', 'p'),
  keys.linkKey('s', 'g', 'i'),
  keys.liveKey('s', 'p'),
  keys.exposuresKey('s', 'p'),
  keys.profileIndexKey('s', 'g', 'a'),
  keys.linkIndexKey('s', 'g', 'a'),
  keys.blobKey('s', 'g', 'n'),
  keys.blobNamesKey('s', 'g'),
  keys.generationsKey('s'),
  keys.servingKey('s'),
  keys.budgetKey('c', 'p'),
  keys.leasesKey('c', 'p'),
  keys.leaseEndsKey('c', 'p'),
  keys.bidKey('c', 'b'),
  keys.noticeKey('n'),
  keys.learnedKey('e', 'k'),
  keys.markKey('m'),
  keys.syncsKey('s', 'a'),
];

describe('Redis keys', () => {
  it('are built as their table says, one builder a row', () => {
    const builders = Object.keys(keys).filter((name) => name.endsWith('Key'));
    expect(builders.length).toBe(keys.REDIS_KEYS.length);
    expect(BUILT.length).toBe(keys.REDIS_KEYS.length);
    for (const [i, { pattern }] of keys.REDIS_KEYS.entries()) {
      expect(BUILT[i]).toMatch(matcher(pattern));
    }
  });

  it('are documented in docs/redis-keys.md, row by row', () => {
    const rows = readFileSync(DOCUMENT, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `rk:'));
    const expected = keys.REDIS_KEYS.map(
      (row) =>
        `| \`${row.pattern}\` | ${row.type} | ${row.owner} | ${row.reader} | ${row.life} | ${row.holds} |`,
    );
    expect(rows).toEqual(expected);
  });

  it('put all keys of a person, and all of a campaign, into one slot', () => {
    const tag = (key: string) => /\{([^}]+)\}/.exec(key)?.[1];
    expect(new Set(BUILT.slice(0, 4).map(tag))).toEqual(new Set(['p', 'i']));
    expect(new Set(BUILT.slice(10, 14).map(tag))).toEqual(new Set(['c']));
  });

  it('list the index letters in the order of their bytes', () => {
    expect([...keys.INDEX_LETTERS].sort()).toEqual(keys.INDEX_LETTERS);
    expect(keys.INDEX_LETTERS.length).toBe(65);
    expect(keys.indexLetter('ёлка')).toBe('~');
    expect(keys.indexLetter('')).toBe('~');
  });
});

describe('Lua scripts', () => {
  const files = readdirSync(LUA);

  it('are exactly the ones the client knows', () => {
    const known = Object.values(REDIS_SCRIPTS).map((name) => `${name}.lua`);
    expect([...files].sort()).toEqual([...known].sort());
  });

  it.each(files)('%s has its key count in its name, its header and its body', (file) => {
    const lua = readFileSync(new URL(file, LUA), 'utf8');
    const header = lua
      .split('\n')
      .filter((line) => line.startsWith('--'))
      .join('\n');
    const count = Number(/-(\d)\.lua$/.exec(file)?.[1]);
    const listed = [...header.matchAll(/(?<!of )KEYS\[(\d)\] /g)].map((match) => Number(match[1]));
    expect(header.startsWith(`-- ${file}: `)).toBe(true);
    expect(new Set(listed)).toEqual(new Set(Array.from({ length: count }, (_, i) => i + 1)));
    expect(header).toContain('ARGV[1]');
    expect(header).toContain('-- Returns ');
    const body = lua.replaceAll(/^--.*$/gm, '');
    for (const [, index] of body.matchAll(/KEYS\[(\d)\]/g)) {
      expect(Number(index)).toBeLessThanOrEqual(count);
    }
  });
});
