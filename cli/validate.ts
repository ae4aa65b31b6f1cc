/** `rekindle validate`: every problem of the workspace at its line, and the tests beside the rules. */
import type { Command } from 'commander';
import { TemplateError } from '../creative/template-plan.ts';
import { formatProblems } from '../platform/config-file.ts';
import { Failure } from '../platform/failure.ts';
import { ImportError } from '../segmenter/import/import-error.ts';
import { type OrdersLeftOut, ordersLeftOut } from '../segmenter/import/orders-left-out.ts';
import { compileTemplates } from '../service/serving-state.ts';
import { loadSupplyIndex } from '../service/supply/load-supply-index.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { validateWorkspace } from '../settings/validate-workspace.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { withoutRateLine } from './orders-left-out.ts';
import type { Terminal } from './terminal.ts';

const SUPPLY_PROBLEMS_SHOWN = 10;

export function addValidate(program: Command): void {
  withCommon(
    program
      .command('validate')
      .description('check settings, rules, templates and the tests beside the rules'),
    'rekindle validate',
  ).action(validate);
}

async function validate(options: CommonOptions): Promise<void> {
  const terminal = terminalOf(options);
  const { dir } = serviceConfig();
  const verdict = validateWorkspace(dir);
  const isSound = verdict.problems.length === 0;
  const templates = isSound ? templateProblems(dir) : [];
  const supply = isSound ? await supplyProblems(dir) : [];
  const orders = isSound ? leftOut(dir) : [];
  terminal.data({ v: 1, ...verdict, templates, supply, ordersLeftOut: orders });
  sayFirst(supply, terminal);
  if (verdict.warnings.length > 0) terminal.say(formatProblems(verdict.warnings));
  for (const shop of orders) sayLeftOut(shop, terminal);
  for (const { passed, test, at, message } of verdict.tests.results) {
    if (!passed) terminal.say(`${at.file}:${at.line}:${at.column}  test "${test}": ${message}`);
  }
  const { shops, segments, campaigns, offers, exchanges } = verdict.read;
  const read = `${shops} shops, ${segments} segments, ${campaigns} campaigns, ${offers} offers, ${exchanges} exchanges`;
  const { passed, failed } = verdict.tests;
  if (verdict.problems.length + templates.length > 0) {
    const problems = [formatProblems(verdict.problems), ...templates].filter((text) => text !== '');
    throw new Failure('invalid-config', problems.join('\n'));
  }
  terminal.say(`${terminal.good('✓')} ${read}; ${passed} tests passed, ${failed} failed`);
  if (failed > 0) throw new Failure('failed-check', `${failed} tests beside the rules failed`);
}

/** Templates are compiled as the bidder will compile them. */
function templateProblems(dir: string): string[] {
  const workspace = loadWorkspace(dir);
  const problems: string[] = [];
  for (const shop of workspace.shops) {
    const campaigns = workspace.campaigns.filter((campaign) => campaign.shop === shop.shop);
    try {
      compileTemplates(shop, campaigns);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      problems.push(error.message);
    }
  }
  return problems;
}

type ShopLeftOut = OrdersLeftOut & { readonly shop: string };

/** Orders of the data that was imported and that count nowhere, by shop. */
function leftOut(dir: string): ShopLeftOut[] {
  try {
    return loadWorkspace(dir).shops.map((shop) => ({
      shop: shop.shop,
      ...ordersLeftOut(dir, shop),
    }));
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    throw new Failure('failed-check', error.message, { cause: error });
  }
}

function sayLeftOut(
  { shop, unmappedStatuses, withoutRate }: ShopLeftOut,
  terminal: Terminal,
): void {
  const file = `shops/${shop}/shop.yaml`;
  for (const { status, orders } of unmappedStatuses) {
    terminal.warn(`${file}  statuses has no "${status}": ${orders} orders do not count`);
  }
  for (const orders of withoutRate) terminal.warn(`${file}  ${withoutRateLine(orders)}`);
}

/** Other people's files: what is wrong in them stops nothing. */
async function supplyProblems(dir: string): Promise<string[]> {
  const problems: string[] = [];
  const { exchanges } = loadWorkspace(dir);
  await loadSupplyIndex(dir, exchanges, (place, problem) => {
    problems.push(`${place}  ${problem}`);
  });
  return problems;
}

function sayFirst(problems: readonly string[], terminal: Terminal): void {
  for (const problem of problems.slice(0, SUPPLY_PROBLEMS_SHOWN)) terminal.say(problem);
  const more = problems.length - SUPPLY_PROBLEMS_SHOWN;
  if (more > 0) terminal.say(terminal.dim(`and ${more} more lines of supply/ that cannot be read`));
}
