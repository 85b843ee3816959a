/** One sentence about why a process failed, short enough for a table and free of what differs from run to run. */

interface LogLine {
  message?: string;
  error?: { name?: string; message?: string };
}

/** The first error that the output of a process tells, or its last line. */
export function reasonOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const structured = lines.map(readLog).find((line) => line?.error?.message);
  const plain = lines.find((line) => /^\s*(?:\[?\w*(?:Error|Exception)\w*\b.*:|.*\berror TS\d+|✘|X \[ERROR\])/.test(line));
  const text = structured?.error ? `${structured.error.name}: ${structured.error.message}` : (plain ?? lines.at(-1) ?? 'no output');
  return withoutPlaces(text.trim()).slice(0, 240);
}

function readLog(line: string): LogLine | undefined {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as LogLine) : undefined;
  } catch {
    return undefined;
  }
}

/** The first line, without the paths of this run. */
export function withoutPlaces(text: string): string {
  return (text.split('\n')[0] ?? '')
    .replaceAll(/(?<![\w.:/)-])(?:file:\/\/)?\/(?:[\w.@+-]+\/)+/g, '')
    .replaceAll(/(?:\.\.\/)+installs\/[0-9a-f]+\//g, '')
    .replaceAll(/\[[A-Z_]+\]/g, '')
    .replaceAll(/ {2,}/g, ' ');
}
