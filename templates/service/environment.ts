/**
 * Comes before all code of the functions: it finds the environment that it found on Lambda. There was no PORT, so a server that it starts
 * for local use takes none that the service needs.
 */
export const servicePort = process.env['PORT'];
delete process.env['PORT'];

/** Conditions that ask whether the code runs on Lambda ask for this too. */
process.env['RUNS_AS_SERVICE'] = '1';
