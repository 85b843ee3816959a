import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "deciding". */
export const deciding: DiagnosticEntries = {};
