import { expect, it } from 'vitest';
import { validateWorkspace } from './validate-workspace.ts';
import { workspace } from './workspace.contract.ts';

it('validates with the tests of the segments, and warns of what is probably not meant', () => {
  const segment = (name: string, expect: string) =>
    `segment: ${name}\ntitle: S\nall: [ { orders.count: { gte: 1 } } ]\ntests: [ { name: t, profile: { orders.count: 1 }, expect: ${expect} } ]\n`;
  const verdict = validateWorkspace(
    workspace({
      'shops/tea/segments/good.yaml': segment('good', 'in'),
      'shops/tea/segments/wrong.yaml': segment('wrong', 'out'),
      'shops/tea/offers/idle.yaml': 'offer: idle\ntext: Idle\n',
    }),
  );
  expect(verdict.problems).toEqual([]);
  expect(verdict.tests).toMatchObject({ passed: 1, failed: 1 });
  expect(verdict.tests.results[1]).toMatchObject({
    segment: 'wrong',
    at: { file: 'shops/tea/segments/wrong.yaml', line: 4 },
    message: 'expected out, but the rule takes this person in',
  });
  expect(verdict.read).toEqual({ shops: 1, segments: 3, campaigns: 1, offers: 2, exchanges: 1 });
  expect(verdict.warnings.map(({ file, message }) => `${file} ${message}`)).toEqual([
    'shops/tea/segments/good.yaml segment existing has the same priority: for people in both, the order is by name',
    'shops/tea/segments/wrong.yaml segment existing has the same priority: for people in both, the order is by name',
    'shops/tea/segments/existing.yaml this segment has no tests beside its rule',
    'shops/tea/offers/idle.yaml no segment and no campaign uses this offer',
  ]);
});
