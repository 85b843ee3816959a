import { listOf, objectOf, type PlainObject } from '../project/data.js';
import { both, emptyStack, equals, not, ref, type Stack } from './cloudformation.js';
import type { Origin, ParameterSpec } from './origins/origin.js';

/** A value that `deploy` is given. */
export interface StackParameter {
  name: string;
  description: string;
  /** Undefined when it has to be given together with the image. */
  default?: string | undefined;
}

const image = 'Image';

/** Begins every logical id, so that people see what was added; a number follows where that is taken. */
const containers = 'Container';

/** A stack while a target fills it. Names are given without their prefix. */
export class StackDraft {
  readonly stack: Stack = emptyStack();
  /** In the order in which they are first used. */
  readonly parameters: StackParameter[] = [];
  private readonly references = new Map<string, unknown>();
  private readonly prefix: string;
  private readonly joins: boolean;
  /** What has to be there, beside the image, before anything is made. */
  private readonly given: unknown[] = [];

  constructor(
    readonly origin: Origin,
    prefix = containers,
  ) {
    this.joins = origin.deploys === 'beside';
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

  /** Adds a resource; gives its logical id. `Condition` among `more` is one of the definition, or of {@link condition}. */
  resource(name: string, type: string, properties: PlainObject, more: PlainObject = {}): string {
    const id = this.id(name);
    const { Condition: given, ...rest } = more;
    const condition = this.onceDeployed(typeof given === 'string' ? given : undefined);
    this.stack.Resources[id] = withoutUndefined({
      Type: type,
      ...(condition !== undefined && { Condition: condition }),
      ...rest,
      Properties: withoutUndefined(properties),
    });
    return id;
  }

  /** The image of the services; nothing is made before it is given, where the stack joins one that is deployed already. */
  image(): unknown {
    return this.parameter(image, {
      type: 'String',
      description: this.joins ? 'URI of the pushed image; without one no container is deployed' : 'URI of the pushed image',
    });
  }

  /** A reference to a parameter, which is declared when it is first used. */
  parameter(name: string, spec: ParameterSpec): unknown {
    const known = this.references.get(name);
    if (known !== undefined) return known;
    const declared = this.origin.parameter(this.id(name), this.joins ? optional(spec) : spec);
    if (declared.entry) this.stack.Parameters[this.id(name)] = declared.entry;
    if (declared.entry && this.joins && spec.default === undefined) this.demand(name, spec, declared.reference);
    this.parameters.push({ name: declared.name, description: spec.description, default: spec.default });
    this.references.set(name, declared.reference);
    return declared.reference;
  }

  /** A value that has to be given with the image: the deployment is refused before anything is made. */
  private demand(name: string, { type }: ParameterSpec, reference: unknown): void {
    if (name === image) return;
    // Tools that check templates know by the condition that it is not empty where it is used.
    if (type === 'AWS::EC2::VPC::Id') this.given.push(not(equals(reference, '')));
    // Functions that join lists are not there for rules.
    if (type !== 'String' && type !== 'AWS::EC2::VPC::Id') return;
    const id = this.id('Parameters');
    const rule = objectOf(this.stack.Rules[id]);
    const assertion = { Assert: not(equals(reference, '')), AssertDescription: `${this.id(name)} is to be given with ${this.id(image)}` };
    this.stack.Rules[id] = {
      RuleCondition: not(equals(this.image(), '')),
      Assertions: [...listOf(rule['Assertions']), assertion],
    };
  }

  /** Adds a condition; gives its id. */
  condition(name: string, value: unknown): string {
    const id = this.id(name);
    this.stack.Conditions[id] = value;
    return id;
  }

  /** A condition and that there is an image; where the stack joins none, the condition alone. */
  onceDeployed(condition: string | undefined): string | undefined {
    if (!this.joins) return condition;
    const deployed = this.id('Deployed');
    const given = [not(equals(this.image(), '')), ...this.given];
    this.stack.Conditions[deployed] = given.length === 1 ? given[0] : { 'Fn::And': given };
    if (condition === undefined) return deployed;
    const own = Object.hasOwn(this.stack.Conditions, condition) ? condition.slice(this.prefix.length) : condition;
    const id = this.id(`If${own}`);
    this.stack.Conditions[id] ??= both({ Condition: condition }, { Condition: deployed });
    return id;
  }

  output(name: string, description: string, value: unknown, given?: string): void {
    const condition = this.onceDeployed(given);
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

/** The same without having to be given: a type that CloudFormation looks up refuses an empty text. */
function optional(spec: ParameterSpec): ParameterSpec {
  if (spec.default !== undefined) return spec;
  const type = spec.type === 'AWS::EC2::VPC::Id' ? 'String' : spec.type === 'List<AWS::EC2::Subnet::Id>' ? 'CommaDelimitedList' : spec.type;
  return { ...spec, type, default: '' };
}

function withoutUndefined(entry: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
