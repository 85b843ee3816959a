import type { PlainObject } from '../../project/data.js';
import type { Placeholder, TargetInput } from '../target.js';
import { valuesToFill } from '../values/environment.js';
import { account, type Replaceable, regionToFill, registry } from '../values/placeholders.js';
import { neverSchedule, plannedCrons } from './jobs.js';
import { unexpanded } from './manifest.js';
import { eksFolder, manifestFiles } from './manifests.js';

/** What a person fills into the manifests, by the files that it stands in. */
export function placeholders(input: TargetInput): Placeholder[] {
  const { project, services } = input;
  const wanted: Replaceable[] = [
    ...regionToFill(project),
    { text: account, meaning: 'the AWS account' },
    { text: registry, meaning: 'the registry that holds the image' },
    ...services.flatMap(({ service }) => valuesToFill(project, service).map(({ text, meaning }) => ({ text: unexpanded(text), meaning }))),
    ...services.flatMap(({ service }) =>
      plannedCrons(project, service)
        .filter(({ reason }) => reason !== undefined)
        .map(({ trigger }) => ({ text: neverSchedule, meaning: `what starts as ${trigger.expression} does` })),
    ),
  ];
  const distinct = [...new Map(wanted.map((each) => [JSON.stringify(each), each])).values()];
  const files = manifestFiles(input).map(({ name, manifests }) => ({ path: `${eksFolder}/${name}`, texts: manifests.flatMap(textsIn) }));
  return distinct.flatMap((each) =>
    files.filter(({ texts }) => texts.some((text) => text.includes(each.text))).map(({ path }) => ({ path, ...each })),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as PlainObject).flatMap(textsIn);
}
