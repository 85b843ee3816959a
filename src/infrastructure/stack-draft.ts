import type { PlainObject } from '../project/data.js';
import { emptyStack, ref, type Stack } from './cloudformation.js';
import type { Origin, ParameterSpec } from './origins/origin.js';

/** A value that `deploy` is given. */
export interface StackParameter {
  name: string;
  description: string;
  default?: string | undefined;
}

/** Begins every logical id, so that people see what was added; a number follows where that is taken. */
const prefix = 'Container';

/** A stack while a target fills it. Names are given without their prefix. */
export class StackDraft {
  readonly stack: Stack = emptyStack();
  /** In the order in which they are first used. */
  readonly parameters: StackParameter[] = [];
  private readonly references = new Map<string, unknown>();
  private readonly prefix: string;

  constructor(readonly origin: Origin) {
    const taken = [...origin.taken()];
    const isFree = (candidate: string) => !taken.some((id) => id.toLowerCase().startsWith(candidate.toLowerCase()));
    let candidate = prefix;
    for (let number = 2; !isFree(candidate); number++) candidate = `${prefix}${number}`;
    this.prefix = candidate;
  }

  /** The logical id of a name: letters and digits. */
  id(name: string): string {
    return this.prefix + name.replace(/[^A-Za-z0-9]/g, '');
  }

  /** Adds a resource; gives its logical id. */
  resource(name: string, type: string, properties: PlainObject, more: PlainObject = {}): string {
    const id = this.id(name);
    this.stack.Resources[id] = withoutUndefined({ Type: type, ...more, Properties: withoutUndefined(properties) });
    return id;
  }

  /** A reference to a parameter, which is declared when it is first used. */
  parameter(name: string, spec: ParameterSpec): unknown {
    const known = this.references.get(name);
    if (known !== undefined) return known;
    const declared = this.origin.parameter(this.id(name), spec);
    if (declared.entry) this.stack.Parameters[this.id(name)] = declared.entry;
    this.parameters.push({ name: declared.name, description: spec.description, default: spec.default });
    this.references.set(name, declared.reference);
    return declared.reference;
  }

  /** Adds a condition; gives its id. */
  condition(name: string, value: unknown): string {
    const id = this.id(name);
    this.stack.Conditions[id] = value;
    return id;
  }

  output(name: string, description: string, value: unknown, condition?: string): void {
    this.stack.Outputs[this.id(name)] = {
      Description: description,
      ...(condition !== undefined && { Condition: condition }),
      Value: value,
    };
  }

  ref(name: string): unknown {
    return ref(this.id(name));
  }
}

function withoutUndefined(entry: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
