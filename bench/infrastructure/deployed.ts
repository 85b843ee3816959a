/**
 * What CloudFormation makes of the values of a template, as far as that is known without an account: a reference to a resource becomes a
 * text that names it. Written apart from `src`, so that both can be compared.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../src/project/data.js';

/** `AWS::NoValue`: what has it is not there. */
const nothing = Symbol('nothing');

const pseudo: Readonly<Record<string, unknown>> = {
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'stack',
  'AWS::StackId': 'stack-id',
  'AWS::NoValue': nothing,
};

/** Resolves values of a deployed template; every parameter without a default is given a text that names it. */
export class Deployed {
  constructor(readonly template: PlainObject) {}

  /** Resource of that logical id, unless its condition is not true. */
  resource(id: string): { type: unknown; properties: PlainObject } | undefined {
    const entry = objectOf(objectOf(this.template['Resources'])[id]);
    const { Type: type, Properties: properties, Condition: condition } = entry;
    if (type === undefined || (typeof condition === 'string' && !this.holds({ Condition: condition }))) return undefined;
    return { type, properties: objectOf(this.value(properties)) };
  }

  ids(): string[] {
    return Object.keys(objectOf(this.template['Resources']));
  }

  value(written: unknown): unknown {
    const found = this.resolve(written);
    return found === nothing ? undefined : found;
  }

  private resolve(written: unknown): unknown {
    if (Array.isArray(written)) return written.map((each) => this.resolve(each)).filter((each) => each !== nothing);
    if (!isPlainObject(written)) return written;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(written);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return this.call(name, argument);
    const entries = Object.entries(written).map(([key, entry]) => [key, this.resolve(entry)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== nothing));
  }

  private call(name: string, argument: unknown): unknown {
    const call = this.calls[name];
    return call ? call(argument) : `${name}(${JSON.stringify(this.value(argument))})`;
  }

  private readonly calls: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (argument) => this.named(String(argument)),
    'Fn::GetAtt': (argument) => `<${Array.isArray(argument) ? argument.map((each) => this.text(each)).join('.') : this.text(argument)}>`,
    'Fn::Sub': (argument) => this.substituted(argument),
    'Fn::Join': (argument) => {
      const [separator, parts] = listOf(argument);
      return listOf(this.value(parts))
        .map((each) => this.text(each))
        .join(this.text(separator));
    },
    'Fn::Split': (argument) => {
      const [separator, text] = listOf(argument);
      return this.text(this.value(text)).split(this.text(separator));
    },
    'Fn::Select': (argument) => {
      const [index, list] = listOf(argument);
      return listOf(this.value(list))[Number(this.value(index))];
    },
    'Fn::If': (argument) => {
      const [condition, then, otherwise] = listOf(argument);
      return this.resolve(this.holds({ Condition: condition }) ? then : otherwise);
    },
    'Fn::FindInMap': (argument) => {
      const [map, first, second] = listOf(argument).map((each) => this.text(this.value(each)));
      const found = objectOf(objectOf(objectOf(this.template['Mappings'])[map ?? ''])[first ?? ''])[second ?? ''];
      return found ?? `<${[map, first, second].join('.')}>`;
    },
    'Fn::Base64': (argument) => Buffer.from(this.text(this.value(argument))).toString('base64'),
  };

  private text(value: unknown): string {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  private named(id: string): unknown {
    if (Object.hasOwn(pseudo, id)) return pseudo[id];
    const parameter = objectOf(objectOf(this.template['Parameters'])[id]);
    const { Type: type, Default: fallback } = parameter;
    if (type === undefined) return `<${id}>`;
    const given = fallback === undefined || (fallback === '' && /^container/i.test(id)) ? `given-${id}` : fallback;
    return /^List|CommaDelimitedList/.test(String(type)) ? String(given).split(',') : given;
  }

  private substituted(argument: unknown): string {
    const [text, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
    const own = objectOf(variables);
    return this.text(text)
      .replace(/\$\{\s*([^!{}\s][^{}]*?)\s*\}/g, (_, name: string) => {
        if (Object.hasOwn(own, name)) return this.text(this.value(own[name]));
        return this.text(name.includes('.') ? `<${name}>` : this.value({ Ref: name }));
      })
      .replace(/\$\{!([^{}]*)\}/g, '${$1}');
  }

  /** A condition, by name or written out. */
  private holds(written: unknown): boolean {
    const [[name, argument] = ['', undefined]] = Object.entries(objectOf(written));
    const all = () => listOf(argument).map((each) => this.holds(each));
    if (name === 'Condition') return this.holds(objectOf(this.template['Conditions'])[String(argument)]);
    if (name === 'Fn::Not') return !all()[0];
    if (name === 'Fn::And') return all().every(Boolean);
    if (name === 'Fn::Or') return all().some(Boolean);
    if (name !== 'Fn::Equals') return true;
    const [one, other] = listOf(argument).map((each) => this.text(this.value(each)));
    return one === other;
  }
}
