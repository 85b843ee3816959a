/** Works out what a template's functions give, as far as the template alone tells. */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import { attributeOf, intrinsicOf, maximumDepth, substitutedName, substitutionOf } from './intrinsics.js';

/** Longer results are not worth knowing; a hostile template could make them huge. */
const maximumLength = 100_000;

/** A value that the template alone does not tell. */
const unknown = Symbol('unknown');

export interface EvaluatorParts {
  /** `Parameters` of the template. */
  parameters: PlainObject;
  /** Values given by the user, also for pseudo parameters. */
  overrides: Readonly<Record<string, string>>;
  mappings: PlainObject;
  conditions: PlainObject;
  /** Attributes of resources that are known; none in a template. */
  attribute?: ((id: string, name: string) => unknown) | undefined;
}

export class Evaluator {
  private readonly conditionValues = new Map<string, boolean | undefined>();

  constructor(private readonly parts: EvaluatorParts) {}

  /** The value with everything known put in; what stays unknown comes back unchanged. `AWS::NoValue` is undefined. */
  resolve(value: unknown, depth = 0): unknown {
    if (typeof value !== 'object' || value === null || depth > maximumDepth) return value;
    if (intrinsicOf(value)) {
      const known = this.intrinsic(value, depth);
      return known === unknown ? value : known;
    }
    if (Array.isArray(value)) return value.map((entry) => this.resolve(entry, depth + 1)).filter((entry) => entry !== undefined);
    const entries = Object.entries(value).map(([key, entry]) => [key, this.resolve(entry, depth + 1)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
  }

  /** Whether a condition of the template holds; undefined when that depends on the deployment. */
  condition(name: string): boolean | undefined {
    if (this.conditionValues.has(name)) return this.conditionValues.get(name);
    this.conditionValues.set(name, undefined);
    const value = this.truth(this.parts.conditions[name], 0);
    this.conditionValues.set(name, value);
    return value;
  }

  private intrinsic(value: unknown, depth: number): unknown {
    const intrinsic = intrinsicOf(value);
    if (!intrinsic || depth > maximumDepth) return unknown;
    const { name, argument } = intrinsic;
    const below = depth + 1;
    if (name === 'Ref') return this.parameter(argument);
    if (name === 'Fn::Sub') return this.substitute(argument, below);
    if (name === 'Fn::If') return this.choose(argument, below);
    if (name === 'Fn::FindInMap') return this.findInMap(argument, below);
    if (name === 'Fn::GetAtt') return this.attribute(argument, below);
    const known = this.known(argument, below);
    if (known === unknown) return unknown;
    return this.pure(name, known);
  }

  /** Functions of nothing but their arguments. */
  private pure(name: string, argument: unknown): unknown {
    const [first, second] = listOf(argument);
    if (name === 'Fn::Join') {
      if (typeof first !== 'string' || !Array.isArray(second)) return unknown;
      const joined = second.map(textOf).join(first);
      return joined.length > maximumLength ? unknown : joined;
    }
    if (name === 'Fn::Select') return Array.isArray(second) ? (second[Number(first)] ?? unknown) : unknown;
    if (name === 'Fn::Split')
      return typeof first === 'string' && first !== '' && typeof second === 'string' ? second.split(first) : unknown;
    if (name === 'Fn::Base64') return typeof argument === 'string' ? Buffer.from(argument).toString('base64') : unknown;
    if (name === 'Fn::Length') return Array.isArray(argument) ? argument.length : unknown;
    if (name === 'Fn::ToJsonString') return JSON.stringify(argument);
    return unknown;
  }

  /** The value when nothing in it is unknown. */
  private known(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (depth > maximumDepth) return unknown;
    if (intrinsicOf(value)) return this.intrinsic(value, depth);
    if (Array.isArray(value)) {
      const entries = value.map((entry) => this.known(entry, depth + 1));
      return entries.includes(unknown) ? unknown : entries.filter((entry) => entry !== undefined);
    }
    const entries = Object.entries(value).map(([key, entry]) => [key, this.known(entry, depth + 1)] as const);
    return entries.some(([, entry]) => entry === unknown) ? unknown : Object.fromEntries(entries);
  }

  private parameter(name: unknown): unknown {
    if (typeof name !== 'string') return unknown;
    if (name === 'AWS::NoValue') return undefined;
    const declared = this.parts.parameters[name];
    const type = String(objectOf(declared)['Type'] ?? 'String');
    const given = this.parts.overrides[name];
    if (given === undefined && !isPlainObject(declared)) return unknown;
    // The default of an SSM parameter is a name, and one of a secret must not be shown.
    if (given === undefined && (type.startsWith('AWS::SSM::') || String(objectOf(declared)['NoEcho']) === 'true')) return unknown;
    const value = given ?? objectOf(declared)['Default'];
    if (value === undefined || value === null) return unknown;
    return /List/.test(type) && typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : value;
  }

  private attribute(argument: unknown, depth: number): unknown {
    const named = this.parts.attribute && attributeOf(argument);
    const value = named && this.parts.attribute?.(named.id, named.attribute);
    return value === undefined ? unknown : this.known(value, depth);
  }

  private substitute(argument: unknown, depth: number): unknown {
    const substitution = substitutionOf(argument);
    if (!substitution) return unknown;
    let complete = true;
    let length = substitution.text.length;
    const text = substitution.text.replace(substitutedName, (whole, name: string) => {
      const own = substitution.variables[name];
      const value = own === undefined ? this.parameter(name) : this.known(own, depth);
      if (value === unknown || value === undefined || (typeof value === 'object' && value !== null)) complete = false;
      length += complete ? textOf(value).length : 0;
      return complete && length <= maximumLength ? textOf(value) : whole;
    });
    return complete && length <= maximumLength ? text.replaceAll('${!', '${') : unknown;
  }

  private choose(argument: unknown, depth: number): unknown {
    const [name, whenTrue, whenFalse] = listOf(argument);
    const holds = typeof name === 'string' ? this.condition(name) : undefined;
    if (holds === undefined) return unknown;
    return this.resolve(holds ? whenTrue : whenFalse, depth);
  }

  private findInMap(argument: unknown, depth: number): unknown {
    const [map, first, second, fallback] = listOf(argument).map((part) => this.known(part, depth));
    if ([map, first, second].some((part) => part === unknown)) return unknown;
    const found = objectOf(objectOf(this.parts.mappings[String(map)])[String(first)])[String(second)];
    if (found !== undefined) return found;
    const value = objectOf(fallback)['DefaultValue'];
    return value === undefined ? unknown : value;
  }

  private truth(condition: unknown, depth: number): boolean | undefined {
    if (!isPlainObject(condition) || depth > maximumDepth) return undefined;
    if (typeof condition['Condition'] === 'string') return this.condition(condition['Condition']);
    const [name, argument] = Object.entries(condition)[0] ?? [];
    const parts = listOf(argument);
    if (name === 'Fn::Equals') return this.equal(parts, depth + 1);
    const values = () => parts.map((part) => this.truth(part, depth + 1));
    if (name === 'Fn::Not') return negated(values()[0]);
    if (name === 'Fn::And') return all(values());
    return name === 'Fn::Or' ? negated(all(values().map(negated))) : undefined;
  }

  private equal([left, right]: readonly unknown[], depth: number): boolean | undefined {
    const [a, b] = [this.known(left, depth), this.known(right, depth)];
    return a === unknown || b === unknown ? undefined : textOf(a) === textOf(b);
  }
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function all(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(',') : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
