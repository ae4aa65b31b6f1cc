import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadWorkspace } from './load-workspace.ts';
import { readShopSegments } from './shop-segments.ts';
import { problemsOf, workspace } from './workspace.contract.ts';

const BROKEN = {
  'shops/tea/segments/syntax.yaml': 'segment: syntax\n  title: [\n',
  'shops/tea/segments/rule.yaml':
    'segment: rule\ntitle: R\nall:\n  - orders.cuont: { gte: 1 }\n  - x: 1\n',
  'shops/tea/segments/offer.yaml':
    'segment: offer\ntitle: O\nall: [ { orders.count: { gte: 1 } } ]\noffer: tenn\n',
  'shops/tea/segments/bytes.yaml': '\0',
};

function shopOf(dir: string) {
  return readShopSegments(loadWorkspace(dir).shops[0]!);
}

it('reads the sound files of a shop beside broken ones, and what those are called', () => {
  const { segments, broken } = shopOf(workspace(BROKEN));
  expect(segments.map(({ segment }) => segment)).toEqual(['existing']);
  expect(broken).toEqual([
    {
      file: 'segments/bytes.yaml',
      segment: null,
      error: 'segments/bytes.yaml:1:1  expected YAML, but this is binary data',
    },
    {
      file: 'segments/rule.yaml',
      segment: 'rule',
      error: expect.stringMatching(
        /^segments\/rule\.yaml:4:5 {2}.*orders\.cuont.* \(and 1 more\)$/,
      ),
    },
    {
      file: 'segments/syntax.yaml',
      segment: null,
      error: expect.stringMatching(/^segments\/syntax\.yaml:1:10 {2}not valid YAML/),
    },
    {
      file: 'segments/offer.yaml',
      segment: 'offer',
      error: 'segments/offer.yaml:4:8  offer there is no offer named "tenn"',
    },
  ]);
});

it('keeps the workspace loadable, while validate tells of every problem', () => {
  const dir = workspace(BROKEN);
  expect(loadWorkspace(dir).campaigns).toHaveLength(1);
  expect(problemsOf(dir)).toHaveLength(5);
});

it('takes a folder that cannot be read for a broken one', () => {
  const dir = workspace();
  const folder = join(dir, 'shops/tea/segments');
  renameSync(folder, `${folder}-moved`);
  renameSync(join(dir, 'shops/tea/offers/ten.yaml'), folder);
  chmodSync(folder, 0o600);
  const { segments, broken } = readShopSegments({
    ...loadWorkspace(workspace()).shops[0]!,
    dir: join(dir, 'shops/tea'),
  });
  expect(segments).toEqual([]);
  expect(broken).toMatchObject([{ file: 'segments', segment: null }]);
});
