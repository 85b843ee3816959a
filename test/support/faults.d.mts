/** Lets the `at`-th change of a file below `under` fail with the code `kind`, or kills the process (`kill`). */
export function armFault(fault: { under: string; at: number; kind: string }): void;
/** Changes of files since the fault was armed. */
export function changesMade(): number;
