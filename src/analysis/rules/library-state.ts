import type { Finding, Rule, RuleInput } from '../concurrency/rule.js';
import { lowestVersion } from '../concurrency/versions.js';

interface UnsafeLibrary {
  package: string;
  /** Versions that are unsafe, by major and minor; read in their sources. */
  isUnsafe(major: number, minor: number, target: RuleInput['target']): boolean;
  what: string;
  instead: string;
  /** Code that it harms; without such code it is only told. */
  harms?: RegExp;
}

const withoutStore = 'does not ask the runtime for the trace of a request: subsegments are lost, or go to the trace of another request';

const libraries: readonly UnsafeLibrary[] = [
  {
    // One AbortController in the module, which the early timeout of any call aborts for all of them.
    package: '@middy/core',
    isUnsafe: (major) => major === 6,
    what: 'has one AbortController for all requests: when one comes near its timeout, the signal of every other is aborted',
    instead: 'Set timeoutEarlyInMillis: 0, or do not use the signal.',
    harms: /[{,]\s*signal\b|\.signal\b/,
  },
  {
    // Its changelog: the context of a request is kept apart since 2.34.0, log buffer and sampled log level since 2.35.0.
    package: '@aws-lambda-powertools/logger',
    isUnsafe: (major, minor, target) => target === 'lambda-managed-instances' && (major < 2 || (major === 2 && minor < 35)),
    what: 'keeps context, buffer and log level of a request in the one logger of the module',
    instead: 'Update it to 2.35 or later.',
  },
  {
    // Its changelog: the active segment is kept apart since 2.34.0.
    package: '@aws-lambda-powertools/tracer',
    isUnsafe: (major, minor, target) => target === 'lambda-managed-instances' && (major < 2 || (major === 2 && minor < 34)),
    what: 'keeps the active segment of a request in the module',
    instead: 'Update it to 2.34 or later.',
  },
  {
    // lib/env/aws_lambda.js: before, the one facade segment of the module takes the trace id of the environment, or of another store.
    // AWS names 3.12.0 as the least: https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-nodejs-runtime.html
    package: 'aws-xray-sdk-core',
    isUnsafe: (major, minor, target) => target === 'lambda-managed-instances' && (major < 3 || (major === 3 && minor < 12)),
    what: withoutStore,
    instead: 'Update it to 3.12 or later.',
  },
  {
    // Depends on the core of its own version.
    package: 'aws-xray-sdk',
    isUnsafe: (major, minor, target) => target === 'lambda-managed-instances' && (major < 3 || (major === 3 && minor < 12)),
    what: withoutStore,
    instead: 'Update it to 3.12 or later.',
  },
];

/** Libraries that are known, from their sources, to keep state of a request in their module. */
export const libraryState: Rule = {
  id: 'library-state',
  find: ({ packages, packageJson, values, target, files }) =>
    libraries.flatMap((library): Finding[] => {
      const place = Object.hasOwn(packages, library.package) ? packages[library.package] : undefined;
      const version = place ? lowestVersion(packageJson, library.package) : null;
      const module = place && values.modules.get(place.file);
      if (!place || !version || !module?.program || !library.isUnsafe(version.major, version.minor, target)) return [];
      const start =
        module.text
          .split('\n')
          .slice(0, place.line - 1)
          .join('\n').length + (place.line > 1 ? 1 : 0);
      const at = { module, node: { ...module.program, start, end: start } };
      const { harms } = library;
      const isHarmed = harms === undefined || files.some((file) => harms.test(values.modules.get(file)?.text ?? ''));
      const args = { library: `${library.package} ${version.major}`, what: library.what, instead: library.instead };
      return [{ code: 'LIBRARY_KEEPS_REQUEST_STATE', at, args, severity: isHarmed ? 'warning' : 'info' }];
    }),
};
