/** A published version behind an alias, with instances that stand ready, in each form that functions are declared in. */
import { getAtt, ref } from '../../infrastructure/cloudformation.js';
import type { FunctionAlias } from '../../infrastructure/functions/calls.js';
import { type DeclaredFunction, type Definition, sectionsOf } from '../../infrastructure/functions/definition.js';
import type { StackDraft } from '../../infrastructure/stack-draft.js';
import type { Addition } from '../../infrastructure/text/rewrite.js';
import { listOf, objectOf } from '../../project/data.js';
import { namesIn } from '../../project/readers/cloudformation/intrinsics.js';

/** Name of an alias that is made. */
const live = 'live';

interface ReadyAlias {
  alias: FunctionAlias;
  added: Addition[];
}

type Make = (draft: StackDraft, declared: DeclaredFunction, ready: unknown, definition: Definition) => ReadyAlias;

/** Makes what runs `ready` instances of the function, and gives the alias that it is called by. */
export const aliasOf: Readonly<Record<DeclaredFunction['kind'], Make>> = {
  /** SAM publishes a version when the function changes, and gives the events of the function to the alias. */
  sam(_draft, { logicalId, path, settings }, ready) {
    const own = settings['AutoPublishAlias'];
    const name = typeof own === 'string' ? own : live;
    // Without AllProperties a change of the configuration alone would not reach the alias.
    const publish = typeof own === 'string' ? {} : { AutoPublishAlias: name, AutoPublishAliasAllProperties: true };
    return {
      alias: { function: logicalId, id: `${logicalId}Alias${name.replace(/[^A-Za-z0-9]/g, '')}`, name },
      added: [{ path, entries: { ...publish, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: ready } } }],
    };
  },

  /** CloudFormation publishes a version when the resource is made: it is made anew when its description changes. */
  template(draft, { logicalId, condition }, ready, definition) {
    const found = ownAlias(definition, logicalId);
    if (found) {
      const alias = { function: logicalId, id: found.id, name: found.name };
      const entries = { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: ready } };
      return { alias, added: [{ path: found.path, entries }] };
    }
    const release = draft.parameter(`${logicalId}Release`, {
      type: 'String',
      description: `Give another text whenever ${logicalId} changes: a version is published for each`,
      default: '1',
    });
    const under = condition === undefined ? {} : { Condition: condition };
    const version = draft.resource(
      `${logicalId}Version`,
      'AWS::Lambda::Version',
      { FunctionName: ref(logicalId), Description: release },
      { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', ...under },
    );
    const id = draft.resource(
      `${logicalId}Alias`,
      'AWS::Lambda::Alias',
      {
        FunctionName: ref(logicalId),
        FunctionVersion: getAtt(version, 'Version'),
        Name: live,
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: ready },
      },
      under,
    );
    return { alias: { function: logicalId, id, name: live }, added: [] };
  },

  /** The alias of the Serverless Framework, which gives it all events: https://www.serverless.com/framework/docs/providers/aws/guide/functions */
  serverless(_draft, { logicalId, path }, ready) {
    return {
      alias: { function: logicalId, id: logicalId.replace(/LambdaFunction$/, 'ProvConcLambdaAlias'), name: 'provisioned' },
      added: [{ path, entries: { provisionedConcurrency: ready } }],
    };
  },
};

/** An alias of the user's own: where it stands, and its name. */
function ownAlias({ document, base }: Definition, logicalId: string) {
  for (const { path, resources } of sectionsOf(document, base)) {
    for (const [id, entry] of Object.entries(resources)) {
      const { Type: type, Properties: properties } = objectOf(entry);
      const { FunctionName: of, Name: name } = objectOf(properties);
      if (type === 'AWS::Lambda::Alias' && typeof name === 'string' && listOf(namesIn(of)).includes(logicalId)) {
        return { id, name, path: [...path, id, 'Properties'] };
      }
    }
  }
  return undefined;
}
