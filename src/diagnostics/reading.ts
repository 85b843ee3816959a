import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "reading". */
export const reading: DiagnosticEntries = {};
