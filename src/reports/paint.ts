import picocolors from 'picocolors';

/** Colours of the terminal report; all of them give the text back when colours are off. */
export type Paint = ReturnType<typeof paintOf>;

export function paintOf(colors: boolean) {
  const { bold, dim, red, green, yellow, cyan } = picocolors.createColors(colors);
  return { bold, dim, red, green, yellow, cyan };
}

/** Text of the user's made harmless for a terminal: control characters, which could hide or forge output, are shown as pictures. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** {@link visible}, and on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ');
}
