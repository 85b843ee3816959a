/** Where in the definition the sections of a template are: at its top, or under `resources` of a Serverless service. */
export type TemplateBase = readonly [] | readonly ['resources'];

/** The definition cannot be edited: why, as the end of a sentence. */
export class CannotSplice extends Error {
  override readonly name = 'CannotSplice';
}
