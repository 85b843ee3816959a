import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../repository.js';
import type { Provenance } from '../../static/provenance.js';
import { readYaml } from '../../yaml.js';

/** `broken`: it has been reported why. */
export type LoadedFile = { state: 'read'; value: unknown } | { state: 'unreadable' | 'broken' };

/**
 * Files of one service: YAML and JSON as located data, anything else as its text. Each is read once; what is wrong with
 * it is reported once.
 */
export class ServiceFiles {
  private readonly loaded = new Map<string, LoadedFile>();

  constructor(
    private readonly repository: Repository,
    private readonly provenance: Provenance,
    private readonly report: (found: Diagnostic) => void,
  ) {}

  load(file: string): LoadedFile {
    const before = this.loaded.get(file);
    if (before) return before;
    const text = this.repository.read(file);
    const result: LoadedFile = text === undefined ? { state: 'unreadable' } : this.parse(file, text);
    this.loaded.set(file, result);
    return result;
  }

  private parse(file: string, text: string): LoadedFile {
    if (!/\.(ya?ml|json|tfstate)$/.test(file)) return { state: 'read', value: text };
    const document = readYaml(file, text);
    for (const found of document.diagnostics) this.report(found);
    this.provenance.addDocument(document.value, (path, part) => (part === 'entry' ? document.entryRange(path) : document.range(path)));
    return document.value === undefined ? { state: 'broken' } : { state: 'read', value: document.value };
  }
}
