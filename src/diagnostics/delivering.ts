import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "delivering". */
export const delivering: DiagnosticEntries = {
  PROJECT_FAILED: {
    severity: 'error',
    message: 'The project could not be migrated: {reason}.',
    advice: 'This is a fault of migrate-lambda. The other projects are not affected; please report it with the definition of this project.',
    detail:
      'Each project of a folder is migrated on its own. When one meets an unexpected error, nothing of it is written, all its functions count as failed, the exit code says so, and the other projects go on. ' +
      'Set NODE_DEBUG=migrate-lambda to see the stack.',
  },
  FILE_NOT_TEXT: {
    severity: 'error',
    message: '{file} has to be written, but {reason}.',
    advice: 'Save the file as UTF-8 text, or rename or remove what stands in its place, and run the command again.',
    detail:
      'Files are edited as UTF-8 text and written back byte for byte outside the edit. A file in another encoding, a binary file, a very large one, or a folder of the same name would be damaged, so the project is left as it is.',
  },
};
