/** Data files as text, in the format of this repository's formatter. */

const lineWidth = 140;

/** Rows as JSON: lists of plain values stand on one line where they fit. */
export function rowsText(rows: readonly unknown[]): string {
  const text = JSON.stringify(rows, null, 2).replace(
    /^( *)("[^"]+": )\[\n([^[\]{}]*?)\n *\](,?)$/gm,
    (whole, indent: string, key: string, list: string, comma: string) => {
      const line = `${indent}${key}[${list
        .split('\n')
        .map((each) => each.trim())
        .join(' ')}]${comma}`;
      return line.length <= lineWidth ? line : whole;
    },
  );
  return `${text}\n`;
}
