/**
 * SARIF 2.1.0, the format that code review tools read findings in.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { catalog } from '../diagnostics/catalog.js';
import type { Severity } from '../diagnostics/diagnostic.js';
import type { UserError } from '../errors.js';
import type { Report, ReportDiagnostic } from './json.js';

export interface SarifLog {
  $schema: string;
  version: '2.1.0';
  runs: unknown[];
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };

/** The findings of a check as one SARIF run. Paths stay relative to the folder that was given. */
export function sarifOf({ projects, diagnostics }: Report): SarifLog {
  const found = [...diagnostics, ...projects.flatMap((project) => project.diagnostics)];
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  return logOf({
    tool: { driver: { ...driver(), rules: codes.map(ruleOf) } },
    results: found.map((each) => resultOf(each, codes.indexOf(each.code))),
    columnKind: 'utf16CodeUnits',
  });
}

/** The document of a check that could not run. */
export function sarifErrorOf({ message, advice }: UserError): SarifLog {
  const notification = { level: 'error', message: { text: `${message}. ${advice}` } };
  return logOf({
    tool: { driver: driver() },
    results: [],
    invocations: [{ executionSuccessful: false, toolExecutionNotifications: [notification] }],
  });
}

function logOf(run: object): SarifLog {
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
}

function driver() {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return { name: 'migrate-lambda', semanticVersion: (JSON.parse(text) as { version: string }).version };
}

function ruleOf(code: string) {
  const { message = code, advice = '', detail = code, severity = 'warning' } = catalog[code] ?? {};
  return {
    id: code,
    shortDescription: { text: message },
    fullDescription: { text: detail },
    help: { text: advice === '' ? detail : advice },
    defaultConfiguration: { level: levels[severity] },
  };
}

function resultOf({ code, severity, file, line, column, message, advice, function: id }: ReportDiagnostic, ruleIndex: number) {
  const region = line === undefined ? {} : { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } };
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: advice === '' ? message : `${message} ${advice}` },
    ...(file !== undefined && { locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(file) }, ...region } }] }),
    // Lines move; a finding is the same while its code, file, function and words without numbers are.
    partialFingerprints: { 'finding/v1': fingerprint([code, file ?? '', id ?? '', message.replace(/\d+/g, '#')]) },
    ...(id !== undefined && { properties: { function: id } }),
  };
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
