/** The report as JUnit XML, which CI systems show row by row. */
import type { CertifyReport, ReportedCheck } from './report.ts';
import { AREAS } from './verdict.ts';

export function junitXml(report: CertifyReport): string {
  const suites = AREAS.map((area) => ({
    area,
    rows: report.checks.filter((check) => check.area === area),
  })).filter(({ rows }) => rows.length > 0);
  const body = suites.map(({ area, rows }) => suite(area, rows, report.at)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts(report.checks)} name="certify ${escaped(
    `${report.profile} ${report.url}`,
  )}">\n${body}</testsuites>\n`;
}

function suite(area: string, rows: readonly ReportedCheck[], at: string): string {
  const cases = rows.map((row) => testCase(row)).join('');
  const time = ` time="${seconds(rows.reduce((sum, { tookMs }) => sum + tookMs, 0))}"`;
  return `  <testsuite name="${area}"${counts(rows)}${time} timestamp="${escaped(at)}">\n${cases}  </testsuite>\n`;
}

function counts(rows: readonly ReportedCheck[]): string {
  const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  return ` tests="${rows.length}" failures="${count('FAIL')}" errors="0" skipped="${count('N/A')}"`;
}

function testCase({ id, area, title, verdict, why, tookMs, saved }: ReportedCheck): string {
  const start = `    <testcase name="${escaped(`${id}: ${title}`)}" classname="certify.${area}" time="${seconds(tookMs)}"`;
  if (verdict === 'FAIL') {
    const where = escaped(saved === undefined ? why : `${why}\nsaved in ${saved}`);
    return `${start}>\n      <failure message="${escaped(why)}">${where}</failure>\n    </testcase>\n`;
  }
  return verdict === 'N/A'
    ? `${start}>\n      <skipped message="${escaped(why)}"/>\n    </testcase>\n`
    : `${start}/>\n`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"\n]/g, (character) => ENTITIES[character]!);
}
