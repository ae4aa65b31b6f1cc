/** `rekindle validate`: every problem of the workspace at its line, and the tests beside the rules. */
import type { Command } from 'commander';
import { TemplateError } from '../creative/template-plan.ts';
import { formatProblems } from '../platform/config-file.ts';
import { Failure } from '../platform/failure.ts';
import { compileTemplates } from '../service/serving-state.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { validateWorkspace } from '../settings/validate-workspace.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';

export function addValidate(program: Command): void {
  withCommon(
    program
      .command('validate')
      .description('check settings, rules, templates and the tests beside the rules'),
    'rekindle validate',
  ).action(validate);
}

function validate(options: CommonOptions): void {
  const terminal = terminalOf(options);
  const { dir } = serviceConfig();
  const verdict = validateWorkspace(dir);
  const templates = verdict.problems.length === 0 ? templateProblems(dir) : [];
  terminal.data({ v: 1, ...verdict, templates });
  if (verdict.warnings.length > 0) terminal.say(formatProblems(verdict.warnings));
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
