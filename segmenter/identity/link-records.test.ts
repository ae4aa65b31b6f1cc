import { describe, expect, it } from 'vitest';
import { type LinkOptions, linkRecords } from './link-records.ts';
import { recordKey } from './record-keys.ts';

/** Rows as `id,cell,cell`, linked by keys of one column each. */
function link(rows: readonly string[], keys: string, changes: Partial<LinkOptions> = {}) {
  const records = rows.map((row) => {
    const [id, ...cells] = row.split(',');
    return { id: id!, cells: cells.map((cell) => [cell]) };
  });
  const options = { region: 'RU' as const, sharedMax: 3, personMax: 100, ...changes };
  return linkRecords(records, { keys: keys.split(',').map(recordKey), ...options });
}

describe('linkRecords', () => {
  it('makes one person of records with the same e-mail or phone, however they are written', () => {
    const rows = [
      'b,Anna@Mail.ru,',
      'a,,8 916 555-11-22',
      'c,anna@mail.ru ,+7 (916) 555 11 22',
      'd,other@mail.ru,',
    ];
    expect(link(rows, 'e-mail,Телефон').clusters).toEqual([
      { person: 'b', records: ['b', 'a', 'c'] },
      { person: 'd', records: ['d'] },
    ]);
  });

  it('compares other columns as they stand, but for blanks around', () => {
    const { clusters } = link(['1,Ann', '2, Ann ', '3,ann'], 'name');
    expect(clusters.map(({ records }) => records)).toEqual([['1', '2'], ['3']]);
  });

  it('links nobody by what is empty, unreadable or stands for nothing, and counts it', () => {
    const cells = ['', 'no address', 'noreply@shop.ru', 'ann@mail.ru'];
    const rows = [...cells, ...cells.slice(0, 3)].map((cell, i) => `${i},${cell}`);
    const { clusters, keys } = link(rows, 'email');
    expect(clusters).toHaveLength(7);
    expect(keys).toEqual([{ key: 'email', valued: 1, empty: 2, unreadable: 2, placeholder: 2 }]);
  });

  it('quarantines a value of too many records', () => {
    const rows = ['1,x@y.ru,5', '2,x@y.ru,5', '3,x@y.ru', '4,x@y.ru'].map((row) => `${row},,`);
    const { clusters, quarantined } = link(rows, 'email,card');
    expect(quarantined).toEqual([{ key: 'email', value: 'x@y.ru', records: 4 }]);
    expect(clusters.map(({ records }) => records)).toEqual([['1', '2'], ['3'], ['4']]);
  });

  it('refuses a link that makes a person too large, and says by which value', () => {
    const { clusters, refused } = link(['1,x,', '2,x,'], 'name,card', { personMax: 2 });
    expect(clusters).toHaveLength(2);
    expect(refused).toEqual([{ key: 'name', value: 'x', record: '2' }]);
  });
});
