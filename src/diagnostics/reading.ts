import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "reading". */
export const reading: DiagnosticEntries = {
  DUPLICATE_KEY: {
    severity: 'warning',
    message: 'The key {key} is given twice in {file}; the last one counts.',
    advice: 'Remove one of the two.',
    detail:
      'AWS accepts a template with a key given twice and silently takes the last value. The tool does the same; the earlier value has no effect and is probably a mistake.',
  },
};
