/** The `.tf` files of one folder, parsed. */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import { FilePlaces } from './places.js';

interface ParsedFile {
  places: FilePlaces;
  content: PlainObject;
}

/** Arguments of blocks that tell nothing of functions, and are not evaluated. */
export class ModuleFiles {
  private readonly parsed: ParsedFile[] = [];

  constructor(readonly folder: string) {}

  add(file: string, text: string, content: PlainObject): void {
    this.parsed.push({ places: new FilePlaces(file, text), content });
  }

  /** Content of all blocks of a kind: of `resource` type → name → bodies, of `module` name → bodies. */
  blocks(kind: string): { places: FilePlaces; content: PlainObject }[] {
    return this.parsed.flatMap(({ places, content }) => (isPlainObject(content[kind]) ? [{ places, content: content[kind] }] : []));
  }

  variable(name: string): PlainObject | undefined {
    return this.named('variable', name);
  }

  output(name: string): unknown {
    return this.named('output', name)?.['value'];
  }

  local(name: string): unknown {
    for (const { content } of this.parsed) {
      for (const block of listOf(content['locals'])) if (Object.hasOwn(objectOf(block), name)) return objectOf(block)[name];
    }
    return undefined;
  }

  private named(kind: string, name: string): PlainObject | undefined {
    for (const { content } of this.blocks(kind)) if (Object.hasOwn(content, name)) return objectOf(listOf(content[name])[0]);
    return undefined;
  }
}
