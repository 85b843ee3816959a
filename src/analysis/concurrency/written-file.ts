import type { Call } from './trace.js';

/** Calls that write a file → which of their arguments names it. */
const writes: readonly { name: RegExp; argument: number }[] = [
  {
    name: /^(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|writeJson|writeJSON|toFile|writeJsonFile)$/,
    argument: 0,
  },
  { name: /^(copyFile|copyFileSync|rename|renameSync|cp|cpSync|copy|move)$/, argument: 1 },
];
const opens = /^(open|openSync)$/;

/** Index of the argument that names the file that a call writes; null for other calls, and for functions of the project. */
export function writtenFile({ name, args, spot, target }: Call): number | null {
  if (target !== null) return null;
  const [, flags] = args;
  const isOpen = opens.test(name) && flags !== undefined && /['"][wa]/.test(spot.module.text.slice(flags.node.start, flags.node.end));
  return writes.find((each) => each.name.test(name))?.argument ?? (isOpen ? 0 : null);
}
