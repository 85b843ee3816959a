import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../repository.js';
import { readYaml } from '../../yaml.js';
import type { Provenance } from './provenance.js';

export type LoadedFile = { state: 'read'; value: unknown } | { state: 'unreadable' };

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
    const result: LoadedFile = text === undefined ? { state: 'unreadable' } : { state: 'read', value: this.parse(file, text) };
    this.loaded.set(file, result);
    return result;
  }

  private parse(file: string, text: string): unknown {
    if (!/\.(ya?ml|json|tfstate)$/.test(file)) return text;
    const document = readYaml(file, text);
    for (const found of document.diagnostics) this.report(found);
    this.provenance.addDocument(document.value, (path) => document.range([...path]));
    return document.value;
  }
}
