import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "understanding". */
export const understanding: DiagnosticEntries = {};
