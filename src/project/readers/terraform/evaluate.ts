/** Works out expressions as far as the files tell. Nothing of the user's is run: what is not a plain function of known values stays an expression. */
import { isPlainObject, type PlainObject } from '../../data.js';
import { intrinsicOf, maximumDepth } from '../cloudformation/intrinsics.js';
import { entriesOf, exact, operators, structural } from './functions.js';
import type { Expression, ParsedExpression } from './hcl.js';
import { isTemplateText } from './hcl.js';
import { isKnown, joinedText, unknownExpression } from './values.js';

/** What the names in an expression stand for. */
export interface Scope {
  /** `var.stage`, `local.name`, `aws_sqs_queue.orders`, `module.api`, `path.module`; undefined when there is no such thing. */
  named(first: string, second: string, third: string | undefined): { value: unknown; parts: number } | undefined;
  /** A member of a resource or module that {@link named} gave as a reference. */
  member(reference: unknown, segment: string | number): unknown;
  /** Instances of a resource or module by their keys. */
  instances(reference: unknown): [key: string | number, value: unknown][] | undefined;
  /** Text of a file of the module; undefined when it cannot be read. */
  file(path: string): string | undefined;
}

export type Bindings = Readonly<Record<string, unknown>>;

/** Parsed texts. One that is missing is asked for and unknown until it is there. */
export interface ExpressionSource {
  find(text: string): ParsedExpression | undefined;
}

/** A key that a known map does not have: an error of Terraform, which `try` is for. */
const absent = Symbol('absent');

export class ExpressionEvaluator {
  private depth = 0;

  constructor(
    private readonly scope: Scope,
    private readonly expressions: ExpressionSource,
    private readonly bindings: Bindings = {},
  ) {}

  /** The same names, and more. */
  with(bindings: Bindings): ExpressionEvaluator {
    const inner = new ExpressionEvaluator(this.scope, this.expressions, { ...this.bindings, ...bindings });
    inner.depth = this.depth;
    return inner;
  }

  /** A value as the parser gives it, with everything known put in. */
  value(written: unknown): unknown {
    if (typeof written === 'string') return this.text(written);
    if (typeof written !== 'object' || written === null || this.depth > maximumDepth) return written;
    this.depth++;
    const result = Array.isArray(written)
      ? written.map((entry) => this.value(entry))
      : Object.fromEntries(Object.entries(written).map(([key, entry]) => [this.key(key), this.value(entry)]));
    this.depth--;
    return result;
  }

  private key(written: string): string {
    const value = this.text(written);
    return typeof value === 'object' ? written : String(value);
  }

  private text(text: string): unknown {
    if (!isTemplateText(text)) return text;
    const parsed = this.expressions.find(text);
    if (!parsed) return unknownExpression(text);
    const parts = parsed.tree.type === 'template' ? parsed.tree.children : [parsed.tree];
    return this.template(withoutLastBreak(parts), parsed.source);
  }

  private template(parts: readonly Expression[], source: Buffer): unknown {
    const [only, ...others] = parts;
    if (only && others.length === 0) return only.type === 'literalValue' ? unescaped(literal(only)) : this.evaluate(only, source);
    const values = parts.map((part) => (part.type === 'literalValue' ? unescaped(literal(part)) : this.evaluate(part, source)));
    if (values.some((value) => Array.isArray(value))) return unknownExpression(source.toString());
    return joinedText(values);
  }

  /** Value of one expression. */
  evaluate(node: Expression, source: Buffer): unknown {
    const value = this.attempt(node, source);
    return value === absent ? unknownExpression(written(node)) : value;
  }

  private attempt(node: Expression, source: Buffer): unknown {
    if (this.depth > maximumDepth) return unknownExpression(written(node));
    this.depth++;
    const value = this.node(node, source);
    this.depth--;
    return value === undefined ? unknownExpression(written(node)) : value;
  }

  private node(node: Expression, source: Buffer): unknown {
    const meta = node.meta as unknown as Record<string, unknown>;
    const child = (index: number) => this.evaluate(node.children[index] as Expression, source);
    switch (node.type as string) {
      case 'literalValue':
        return literal(node);
      case 'template':
        return this.template(node.children, source);
      case 'templateWrap':
      case '':
        return node.children.length === 1 ? child(0) : undefined;
      case 'templateJoin':
        return this.join(node, source);
      case 'tuple':
        return node.children.map((_, index) => child(index));
      case 'object':
        return this.object(node, source);
      case 'scopeTraversal':
        return this.traversal(segmentsOf(meta['traversal']));
      case 'relativeTraversal':
        return node.children.length === 0 ? undefined : this.steps(child(0), segmentsOf(meta['traversal']));
      case 'index':
        return this.index(child(0), child(1));
      case 'splat':
        return this.splat(node, source);
      case 'conditional':
        return this.conditional(node, source);
      case 'unaryOp':
        return unary(String(meta['operator']), child(0));
      case 'binaryOp':
        return this.binary(String(meta['operator']), child(0), child(1));
      case 'for':
        return this.loop(node, source);
      case 'function':
        return this.call(node, source);
      default:
        return undefined;
    }
  }

  private object(node: Expression, source: Buffer): PlainObject | undefined {
    const entries: [string, unknown][] = [];
    for (let at = 0; at + 1 < node.children.length; at += 2) {
      const key = node.children[at] as Expression;
      const name = key.children.length === 0 ? textAt(key, source) : this.evaluate(key, source);
      if (typeof name === 'object') return undefined;
      entries.push([String(name), this.evaluate(node.children[at + 1] as Expression, source)]);
    }
    return Object.fromEntries(entries);
  }

  private traversal(segments: readonly (string | number)[]): unknown {
    const [first, second, third] = segments;
    if (typeof first !== 'string') return undefined;
    if (Object.hasOwn(this.bindings, first)) return this.steps(this.bindings[first], segments.slice(1));
    const found = this.scope.named(first, String(second ?? ''), third === undefined ? undefined : String(third));
    return found && this.steps(found.value, segments.slice(found.parts));
  }

  private steps(value: unknown, segments: readonly (string | number)[]): unknown {
    return segments.reduce<unknown>((at, segment) => this.step(at, segment), value);
  }

  private step(value: unknown, segment: string | number): unknown {
    if (Array.isArray(value)) return Number(segment) in value ? value[Number(segment)] : absent;
    const intrinsic = intrinsicOf(value);
    if (intrinsic?.name === 'Fn::GetAtt') return this.scope.member(value, segment);
    if (value === null || value === absent) return absent;
    if (!isPlainObject(value) || intrinsic) return undefined;
    return Object.hasOwn(value, segment) ? value[segment] : absent;
  }

  private index(collection: unknown, key: unknown): unknown {
    return typeof key === 'string' || typeof key === 'number' ? this.step(collection, key) : undefined;
  }

  private splat(node: Expression, source: Buffer): unknown {
    const collection = this.evaluate(node.children[0] as Expression, source);
    const items = Array.isArray(collection)
      ? collection
      : (this.scope.instances(collection)?.map(([, value]) => value) ?? (isKnown(collection) ? [collection] : undefined));
    const each = node.children[1];
    const rest = each?.type === 'relativeTraversal' ? segmentsOf((each.meta as unknown as Record<string, unknown>)['traversal']) : [];
    return items?.map((item) => {
      const value = this.steps(item, rest);
      return value === undefined || value === absent ? unknownExpression(written(node)) : value;
    });
  }

  private conditional(node: Expression, source: Buffer): unknown {
    const condition = this.evaluate(node.children[0] as Expression, source);
    return typeof condition === 'boolean' ? this.evaluate(node.children[condition ? 1 : 2] as Expression, source) : undefined;
  }

  private binary(operator: string, left: unknown, right: unknown): unknown {
    if (operator === 'logicalAnd' && (left === false || right === false)) return false;
    if (operator === 'logicalOr' && (left === true || right === true)) return true;
    return isKnown(left) && isKnown(right) ? operators[operator]?.(left, right) : undefined;
  }

  private loop(node: Expression, source: Buffer): unknown {
    const { keyVar, valVar, conditionalExpression, keyExpression, groupedValue } = node.meta as unknown as Record<string, unknown>;
    const collection = this.evaluate(node.children[0] as Expression, source);
    const entries = entriesOf(collection) ?? this.scope.instances(collection);
    if (!entries || groupedValue === true) return undefined;
    const makesMap = typeof keyExpression === 'string' && keyExpression !== '';
    const [first, second] = makesMap ? [node.children[1], node.children[2]] : [undefined, node.children[1]];
    const condition = typeof conditionalExpression === 'string' && conditionalExpression !== '' ? node.children.at(-1) : undefined;
    const results: [string, unknown][] = [];
    for (const [key, value] of entries) {
      const inner = this.with({ [String(valVar)]: value, ...(typeof keyVar === 'string' && keyVar !== '' && { [keyVar]: key }) });
      const holds = condition === undefined ? true : inner.evaluate(condition, source);
      const name = first === undefined ? '' : inner.evaluate(first, source);
      if (typeof holds !== 'boolean' || typeof name === 'object') return undefined;
      if (holds) results.push([String(name), inner.evaluate(second as Expression, source)]);
    }
    return makesMap ? Object.fromEntries(results) : results.map(([, value]) => value);
  }

  /** `%{ for … }` in a text. */
  private join(node: Expression, source: Buffer): unknown {
    const parts = node.children[0] && this.loop(node.children[0], source);
    return Array.isArray(parts) ? joinedText(parts) : undefined;
  }

  private call(node: Expression, source: Buffer): unknown {
    const { name, expandedFinalArgument } = node.meta as unknown as { name: string; expandedFinalArgument: unknown };
    if (name === 'try' || name === 'coalesce' || name === 'can') return this.firstKnown(name, node, source);
    const given = node.children.map((each) => this.evaluate(each, source));
    const last = given.at(-1);
    const values = expandedFinalArgument === true && Array.isArray(last) ? [...given.slice(0, -1), ...(last as unknown[])] : given;
    if (name === 'jsonencode') return isKnown(values[0]) ? JSON.stringify(values[0]) : { 'Fn::ToJsonString': values[0] };
    if (name === 'file' || name === 'templatefile') return this.fileText(name, values);
    if (name === 'tolist' || name === 'toset') return this.set(values[0]);
    const pure = Object.hasOwn(structural, name) ? structural[name] : undefined;
    if (pure) return pure(...values);
    return Object.hasOwn(exact, name) && values.every((value) => isKnown(value)) ? exact[name]?.(...values) : undefined;
  }

  private set(value: unknown): unknown {
    if (!Array.isArray(value)) return undefined;
    return isKnown(value) ? [...new Set(value)] : value;
  }

  /** `try` takes the first that is no error, `coalesce` the first that is something; one that is not known could be either. */
  private firstKnown(name: string, node: Expression, source: Buffer): unknown {
    for (const each of node.children) {
      const value = this.attempt(each, source);
      if (name === 'can') return value === absent ? false : isKnown(value) ? true : undefined;
      const skipped = value === absent || (name === 'coalesce' && (value === null || value === ''));
      if (!skipped) return intrinsicOf(value)?.name === 'Fn::Terraform' ? undefined : value;
    }
    return undefined;
  }

  private fileText(name: string, [path, variables]: readonly unknown[]): unknown {
    const content = typeof path === 'string' ? this.scope.file(path) : undefined;
    if (content === undefined || name === 'file') return content;
    if (!isPlainObject(variables)) return undefined;
    return this.with(variables).text(content);
  }
}

/** The heredoc that a text is parsed in ends it with a line break of its own. */
function withoutLastBreak(parts: readonly Expression[]): Expression[] {
  const last = parts.at(-1);
  if (last?.type !== 'literalValue') return [...parts];
  const meta = last.meta as unknown as { type: string; value: string };
  const value = meta.value.replace(/\n$/, '');
  return value === '' && parts.length > 1
    ? parts.slice(0, -1)
    : [...parts.slice(0, -1), { ...last, meta: { ...meta, value } } as unknown as Expression];
}

function literal(node: Expression): string | number | boolean | null {
  const { type, value } = node.meta as unknown as { type: string; value: string };
  if (type === 'number') return Number(value);
  if (type === 'bool') return value === 'true';
  return type === 'string' ? value : null;
}

/** `$${` in a text is `${` that Terraform does not read. */
function unescaped(value: string | number | boolean | null): unknown {
  return typeof value === 'string' ? value.replaceAll('$${', '${').replaceAll('%%{', '%{') : value;
}

function unary(operator: string, value: unknown): unknown {
  if (operator === 'negate') return typeof value === 'number' ? -value : undefined;
  return typeof value === 'boolean' ? !value : undefined;
}

function segmentsOf(traversal: unknown): (string | number)[] {
  return (traversal as { type: string; segment: string }[]).map(({ type, segment }) => {
    if (type === 'nameTraversal') return segment;
    return segment.startsWith('"') ? (JSON.parse(segment) as string) : Number(segment);
  });
}

function written(node: Expression): string {
  return String((node.meta as unknown as { value?: unknown } | undefined)?.value ?? '…');
}

function textAt({ range }: Expression, source: Buffer): string {
  return source.subarray(range.start.byte, range.end.byte).toString();
}
