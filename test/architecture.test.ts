import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { VariableDeclarator } from '@swc/core';
import { Visitor } from '@swc/core/Visitor.js';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterEach, expect, it } from 'vitest';
import { ROOMS } from './rooms.contract.ts';

// swc parses `using`, but its visitor, which dependency-cruiser walks with, does not know it yet.
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function (statement) {
  if ((statement.type as string) !== 'UsingDeclaration')
    return visitStatement.call(this, statement);
  const { decls } = statement as unknown as { decls: VariableDeclarator[] };
  this.visitVariableDeclarators(decls);
  return statement;
};

const PLANTED = 'creative/planted-violation';

afterEach(() => rmSync(PLANTED, { recursive: true, force: true }));

it('keeps every import inside its room', async () => {
  const { modules, violations } = await cruiseRooms();

  // A parser that cannot read .ts reports no violations, so count what was read.
  const read = modules.filter(({ source }) => ROOMS.includes(source.split('/')[0] ?? ''));
  expect(read.length).toBe(ROOMS.flatMap(sourceFiles).length);
  expect(violations).toEqual([]);
});

it('fails for a planted violation', async () => {
  mkdirSync(PLANTED);
  writeFileSync(
    `${PLANTED}/reads-a-file.ts`,
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
  );

  const { violations } = await cruiseRooms();

  expect(violations).toEqual([`creative-is-pure: ${PLANTED}/reads-a-file.ts → fs`]);
});

async function cruiseRooms() {
  const options: ICruiseOptions = await extractDepcruiseOptions('./.dependency-cruiser.mjs');
  const { output } = await cruise(ROOMS, { ...options, validate: true });
  const { modules, summary } = output as ICruiseResult;
  return {
    modules,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}

function sourceFiles(room: string): string[] {
  return readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(ts|js)$/.test(name),
  );
}
