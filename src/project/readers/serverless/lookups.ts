import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { objectOf } from '../../data.js';
import type { Repository } from '../../repository.js';
import type { ReadOptions } from '../reader.js';
import { placeOf } from './functions.js';
import type { LoadedFile } from './load.js';
import type { Variable } from './variable-syntax.js';
import { known, type Lookup, missing, type Outcome, unknown, type VariableResolver } from './variables.js';

/** What the variables of one service can ask. */
export interface LookupContext {
  repository: Repository;
  /** Folder of the service: `file(…)` paths are relative to it. */
  folder: string;
  /** The service as written. */
  service: () => unknown;
  options: ReadOptions;
  load: (file: string) => LoadedFile;
  report: (found: Diagnostic) => void;
}

/** Serverless deploys here when nothing else is said. */
const defaultRegion = 'us-east-1';
const defaultStage = 'dev';

/**
 * The variable types that can be known without AWS. The environment of the machine is never read: `${env:X}` is what its
 * fallback says, or stays.
 */
export function lookupsFor(context: LookupContext): Record<string, Lookup> {
  const self = (address: string, resolver: VariableResolver) => {
    const outcome = resolver.addressed(`self:${address}`, context.service(), address);
    return outcome.state === 'missing' ? defaultOf(address, context) : outcome;
  };
  return {
    self: (_, address, resolver) => self(address ?? '', resolver),
    opt: (_, address) => option(address ?? '', context),
    env: () => missing,
    param: (_, address, resolver) => parameter(address ?? '', context, resolver),
    sls: (_, address, resolver) => (address === 'stage' ? known(stageOf(context, resolver)) : unknown),
    aws: (_, address, resolver) => (address === 'region' ? regionOf(context, resolver) : unknown),
    strToBool: (text) => booleanOf(text),
    file: (path, address, resolver) => fileContent(path ?? '', address, context, resolver),
  };
}

/** Serverless fills these in before it resolves variables. */
function defaultOf(address: string, context: LookupContext): Outcome {
  if (address === 'provider.stage') return known(context.options.stage ?? defaultStage);
  return address === 'provider.region' ? known(defaultRegion) : missing;
}

/** A stage is always known in the end; a file that is missing without a fallback is worth a word. */
export function lastResortFor(context: LookupContext): (variable: Variable, resolver: VariableResolver) => Outcome {
  return (variable, resolver) => {
    const text = variable.text.slice(2, -1).trim();
    if (/(^|[\s,])opt:stage\s*$/.test(text)) return known(stageOf(context, resolver));
    if (!/\bfile\(/.test(text)) return missing;
    context.report(diagnostic('SERVERLESS_FILE_MISSING', { args: { path: text }, place: placeOf(resolver.range()) }));
    return unknown;
  };
}

/** `--stage`, else `provider.stage`, else `dev`. */
export function stageOf(context: LookupContext, resolver: VariableResolver): string {
  if (context.options.stage !== undefined) return context.options.stage;
  if (resolver.isRunning('self:provider.stage')) return defaultStage;
  const outcome = resolver.addressed('self:provider.stage', context.service(), 'provider.stage');
  return outcome.state === 'known' && typeof outcome.value === 'string' ? outcome.value : defaultStage;
}

function regionOf(context: LookupContext, resolver: VariableResolver): Outcome {
  if (resolver.isRunning('self:provider.region')) return known(defaultRegion);
  const outcome = resolver.addressed('self:provider.region', context.service(), 'provider.region');
  return outcome.state === 'missing' ? known(defaultRegion) : outcome;
}

function option(name: string, context: LookupContext): Outcome {
  if (name === 'stage') return context.options.stage === undefined ? missing : known(context.options.stage);
  return known(context.options.parameters[name]);
}

/** `--param`, else `params:` (or version 4's `stages:`) of the stage, else of `default`. */
function parameter(name: string, context: LookupContext, resolver: VariableResolver): Outcome {
  const given = context.options.parameters[name];
  if (given !== undefined) return known(given);
  const stage = stageOf(context, resolver);
  for (const address of [`params.${stage}`, `stages.${stage}.params`, 'params.default', 'stages.default.params']) {
    const section = resolver.addressed(`self:${address}`, context.service(), address);
    const value = section.state === 'known' ? objectOf(section.value)[name] : undefined;
    if (value !== undefined) return known(value);
  }
  return missing;
}

function booleanOf(text: string | undefined): Outcome {
  const truth: Record<string, boolean> = { true: true, '1': true, false: false, '0': false, '': false, null: false };
  const value =
    truth[
      (text ?? '')
        .replace(/^(['"])(.*)\1$/, '$2')
        .trim()
        .toLowerCase()
    ];
  return value === undefined ? unknown : known(value);
}

function fileContent(written: string, address: string | undefined, context: LookupContext, resolver: VariableResolver): Outcome {
  const path = written.replace(/^(['"])(.*)\1$/, '$2');
  const tell = (code: string) => {
    context.report(diagnostic(code, { args: { path }, place: placeOf(resolver.range()) }));
    return unknown;
  };
  const file = context.repository.resolve(context.folder, path);
  if (file === undefined) return tell('SERVERLESS_FILE_REFUSED');
  if (/\.[cm]?[jt]s$/.test(file)) return tell('SERVERLESS_FILE_NOT_RUN');
  if (!context.repository.isFile(file)) return missing;
  const loaded = context.load(file);
  if (loaded.state === 'unreadable') return tell('SERVERLESS_FILE_UNREADABLE');
  if (loaded.state !== 'read') return unknown;
  return resolver.addressed(`file(${file}):${address ?? ''}`, loaded.value, address);
}
