import type { LambdaFunction, TextRange } from './model.js';

/** A function that nothing but its export declares. */
export interface UndeclaredFunction {
  id: string;
  runtime: string;
  /** Source file and export of the handler. */
  file: string;
  exportName: string;
  /** Folder that plays /var/task. */
  codeRoot: string;
  range: TextRange;
}

/**
 * What Lambda gives a function of which only the code is known: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function undeclaredFunction({ id, runtime, file, exportName, codeRoot, range }: UndeclaredFunction): LambdaFunction {
  const inside = codeRoot === '' ? file : file.slice(codeRoot.length + 1);
  return {
    id,
    runtime,
    packageType: 'zip',
    handler: { declared: `${inside.replace(/\.[cm]?[jt]sx?$/, '')}.${exportName}`, codeRoot, entry: file, range },
    architecture: 'x86_64',
    memoryMb: 128,
    timeoutSeconds: 3,
    ephemeralStorageMb: 512,
    environment: {},
    triggers: [],
    layers: [],
    vpc: false,
    permissions: [],
    build: { tool: 'none' },
    range,
  };
}
