import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "producing". */
export const producing: DiagnosticEntries = {};
