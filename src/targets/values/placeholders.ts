/** Placeholders have the shape of what belongs there, so that tools accept them, and cannot be mistaken for it. */
export interface Replaceable {
  text: string;
  meaning: string;
}

/** A valid host name label: SDK clients refuse others when they start. */
export const region = 'replace-with-region';

export const account = '000000000000';

export const registry = 'replace-with-registry';
