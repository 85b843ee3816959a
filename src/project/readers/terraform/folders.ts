/** Which folders of a repository hold Terraform files, which are root modules, and which were read. */
import { objectOf } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';

const localSource = /\bsource"?\s*[=:]\s*"(\.{1,2}\/[^"\n]*)"/g;
const declaresFunction = /"aws_lambda_function"|terraform-aws-(?:modules\/)?lambda\b/;

export class TerraformFolders {
  private readonly filesOf = new Map<string, string[]>();
  /** JSON that may be a plan. */
  private readonly documents = new Map<string, string[]>();
  private readonly callsOf = new Map<string, string[]>();
  private readonly called = new Set<string>();
  private readonly declaring = new Map<string, boolean>();
  /** Folders whose files were read as part of a project. */
  readonly read = new Set<string>();

  constructor(private readonly repository: Repository) {
    for (const file of repository.files()) {
      const isDocument = file.endsWith('.json') && !/(^|\/)(package|tsconfig)[^/]*$|\.tf\.json$/.test(file);
      const kind = isDocument ? this.documents : /\.tf(\.json)?$/.test(file) ? this.filesOf : undefined;
      kind?.set(parentOf(file), [...(kind.get(parentOf(file)) ?? []), file]);
    }
    for (const [folder, files] of this.filesOf) {
      const calls = files.flatMap((file) => this.localCalls(folder, file));
      this.callsOf.set(folder, calls);
      for (const callee of calls) if (callee !== folder) this.called.add(callee);
    }
  }

  private localCalls(folder: string, file: string): string[] {
    return [...(this.repository.peek(file) ?? '').matchAll(localSource)].flatMap((match) => {
      const callee = this.repository.resolve(folder, match[1] as string);
      return callee !== undefined && this.filesOf.has(callee) ? [callee] : [];
    });
  }

  files(folder: string): string[] {
    return this.filesOf.get(folder) ?? [];
  }

  /** A module that nothing else in the repository calls. */
  isRoot(folder: string): boolean {
    return this.filesOf.has(folder) && !this.called.has(folder);
  }

  /** True when the module, or one that it calls, declares a function. */
  declaresFunctions(folder: string, seen = new Set<string>()): boolean {
    if (seen.has(folder)) return false;
    seen.add(folder);
    return this.declares(folder) || (this.callsOf.get(folder) ?? []).some((callee) => this.declaresFunctions(callee, seen));
  }

  /** Asked for every file of a folder, and answered from disk once. */
  private declares(folder: string): boolean {
    const known = this.declaring.get(folder) ?? this.files(folder).some((file) => declaresFunction.test(this.repository.peek(file) ?? ''));
    this.declaring.set(folder, known);
    return known;
  }

  /** A plan or state beside the files, which is read instead of them. */
  hasPlan(folder: string): boolean {
    return (this.documents.get(folder) ?? []).some(
      (path) => isPlan(this.repository.head(path, 2000)) && (this.repository.peek(path) ?? '').includes('aws_lambda_function'),
    );
  }

  /**
   * Files whose values Terraform takes without being told to, the later ones over the earlier; then the one that is named after
   * the stage, as people give it with `-var-file`: beside the module, or in a folder for such files.
   */
  valueFiles(folder: string, stage: string | undefined): string[] {
    const beside = [...this.repository.entries(folder).keys()].map((name) => (folder === '' ? name : `${folder}/${name}`));
    const automatic = beside.filter((file) => /\.auto\.tfvars(\.json)?$/.test(file)).sort();
    return [
      ...['terraform.tfvars', 'terraform.tfvars.json'].map((name) => (folder === '' ? name : `${folder}/${name}`)),
      ...automatic,
      ...(stage === undefined ? [] : stageFiles(stage).map((name) => (folder === '' ? name : `${folder}/${name}`))),
    ].filter((file) => this.repository.isFile(file));
  }
}

/** `dev.tfvars`, `vars/dev.tfvars`, `environments/dev/terraform.tfvars`; the last that is there counts. */
function stageFiles(stage: string): string[] {
  if (!/^[\w-]+$/.test(stage)) return [];
  const folders = ['vars', 'tfvars', 'env', 'envs', 'environments', 'config'];
  const named = ['', ...folders.map((each) => `${each}/`)].flatMap((each) => [`${each}${stage}.tfvars`, `${each}${stage}.tfvars.json`]);
  return [...folders.map((each) => `${each}/${stage}/terraform.tfvars`), ...named];
}

/** True for the text, or its beginning, of what `terraform show -json` writes. */
export function isPlan(text: string): boolean {
  return /^\s*\{\s*"format_version"/.test(text) && text.includes('"terraform_version"');
}

const known = new WeakMap<Repository, TerraformFolders>();

/** The folders of a repository, looked through once. */
export function terraformFolders(repository: Repository): TerraformFolders {
  const found = known.get(repository) ?? new TerraformFolders(repository);
  known.set(repository, found);
  return found;
}

/** Values given with `--param`: texts of the command line, as `-var` reads them. */
export function givenValue(text: string): unknown {
  if (/^(true|false|-?\d+(\.\d+)?)$/.test(text)) return JSON.parse(text) as unknown;
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** `.tfvars.json` and `.tf.json` as the parser gives HCL. */
export function parsedJson(text: string): Record<string, unknown> {
  return objectOf(JSON.parse(text));
}
