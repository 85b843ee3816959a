import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "delivering". */
export const delivering: DiagnosticEntries = {};
