import { describe, expect, it } from 'vitest';
import { readWorkspace } from './load-workspace.ts';
import { CAMPAIGN, SHOP, workspace } from './workspace.contract.ts';
import type { ShopSettings } from './workspace.ts';

function read(shop: string, campaign = '') {
  const dir = workspace({
    'shops/tea/shop.yaml': SHOP + shop,
    'shops/tea/campaigns/spring.yaml': CAMPAIGN + campaign,
  });
  const { shops, problems } = readWorkspace(dir);
  return {
    settings: shops[0]!.settings?.value,
    campaigns: shops[0]!.campaigns.map(({ value }) => value),
    problems: problems.map(
      ({ file, line, column, path, message }) => `${file}:${line}:${column} ${path} ${message}`,
    ),
  };
}

const settingsOf = (shop: string): ShopSettings => {
  const { settings, problems } = read(shop);
  expect(problems).toEqual([]);
  return settings!;
};

describe('what a shop says of itself to exchanges', () => {
  it('is its categories in one taxonomy or in several', () => {
    expect(settingsOf('').categories).toEqual({ 1: [] });
    expect(settingsOf('categories: [IAB22-1]\n').categories).toEqual({ 1: ['IAB22-1'] });
    expect(settingsOf('categories: { 7: [473, JLBCU7], 1: [IAB1] }\n').categories).toEqual({
      1: ['IAB1'],
      7: ['473', 'JLBCU7'],
    });
  });

  it('is who pays for its ads', () => {
    expect(settingsOf('dsa: { behalf: Tea Ltd }\n').dsa).toEqual({
      behalf: 'Tea Ltd',
      paid: 'Tea Ltd',
      rendered: false,
    });
    const paid = 'dsa: { behalf: Tea Ltd, paid: Holding, rendered: true }\n';
    expect(settingsOf(paid).dsa).toMatchObject({ paid: 'Holding', rendered: true });
  });

  it('is how it is known to the operator of ad data', () => {
    expect(settingsOf('ad_marking: { in_markup: true }\n').adMarking).toEqual({
      inMarkup: true,
      client: null,
    });
    const client = 'ad_marking: { client: { inn: "7707083893", legal_form: ul, name: ООО Чай } }\n';
    expect(settingsOf(client).adMarking).toEqual({
      inMarkup: false,
      client: { inn: '7707083893', legalForm: 'ul', name: 'ООО Чай' },
    });
  });

  it.each([
    [
      'categories: [IAB22-1, tea]\n',
      '9:23 categories.1 expected a category like IAB22-1, got "tea"',
    ],
    [
      'categories: { 7: [a b] }\n',
      '9:19 categories.7.0 expected the id of a category, like 473, got "a b"',
    ],
    [
      `dsa: { behalf: ${'x'.repeat(101)} }\n`,
      `9:16 dsa.behalf expected at most 100 characters, got "${'x'.repeat(59)}…`,
    ],
    [
      'ad_marking: { client: { inn: "123", legal_form: ul, name: Tea } }\n',
      '9:30 ad_marking.client.inn expected the tax number in quotes: 10 digits of a company, 12 of a person, got "123"',
    ],
  ])('is told where it is wrong: %j', (shop, problem) =>
    expect(read(shop).problems).toEqual([`shops/tea/shop.yaml:${problem}`]),
  );
});

it('gives a campaign the mark of its creative, or none', () => {
  expect(read('').campaigns[0]!.erid).toBe('');
  expect(read('', 'erid: 2VtzqwQ3Lft\n').campaigns[0]!.erid).toBe('2VtzqwQ3Lft');
  expect(read('', 'erid: "2V \\" x"\n').problems).toEqual([
    'shops/tea/campaigns/spring.yaml:13:7 erid expected a token such as 2VtzqwQ3Lft, got "2V \\" x"',
  ]);
});
