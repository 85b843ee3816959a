import type { SourceModule } from '../../src/analysis/source-module.js';
import type { NewTexts } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';

/** The modules that one mend edits, each with one view. */
export class Views {
  private readonly views = new Map<string, SourceView>();

  of(module: SourceModule): SourceView {
    const found = this.views.get(module.file) ?? new SourceView(module);
    this.views.set(module.file, found);
    return found;
  }

  /** Texts of what was edited; null when that is a file that may not be edited. */
  texts(kept: ReadonlySet<string>): NewTexts | null {
    const found = [...this.views].flatMap(([file, view]) => {
      const text = view.result();
      return text === null ? [] : [[file, text] as const];
    });
    return found.some(([file]) => kept.has(file)) ? null : new Map(found);
  }
}
