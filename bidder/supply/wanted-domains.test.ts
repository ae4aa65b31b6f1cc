import { expect, it } from 'vitest';
import { WantedDomains } from './wanted-domains.ts';

it('keeps each domain once, up to a thousand, until they are taken', () => {
  const wanted = new WantedDomains();
  for (const site of ['a.example', 'a.example', 'no domain', '10.0.0.1', '../x', ''])
    wanted.add(site);
  expect(wanted.take()).toEqual(['a.example']);
  expect(wanted.take()).toEqual([]);
  for (let i = 0; i < 1500; i++) wanted.add(`s${i}.example`);
  expect(wanted.take()).toHaveLength(1000);
});
