import type { HttpTrigger, RequestValidation } from '../../project/trigger.js';
import type { HeaderLine } from '../fronts/http.js';
import type { RequestPlan } from './plan.js';
import { sampleOf } from './sample.js';

/** What a request must have so that the gateway hands it on, where it validates requests. */
export interface Accepted extends Pick<RequestPlan, 'query' | 'headers'> {
  /** A body that its model takes, in base64, with its media type. */
  body: { type: string; content: string } | undefined;
}

export function acceptedBy({ gateway }: HttpTrigger): Accepted {
  const validations = gateway.flatMap((feature) =>
    feature.kind === 'request-validation' && feature.validation ? [feature.validation] : [],
  );
  const required = validations.flatMap((validation) => validation.required ?? []);
  const named = (place: string) => required.filter((each) => each.startsWith(`${place}.`)).map((each) => each.slice(place.length + 1));
  return {
    query: named('querystring').map((name) => `${encodeURIComponent(name)}=1`),
    headers: named('header').map((name): HeaderLine => [name, '1']),
    body: validations.flatMap((validation) => bodyOf(validation) ?? [])[0],
  };
}

function bodyOf({ body = {} }: RequestValidation): Accepted['body'] {
  const [found] = Object.entries(body);
  if (!found) return undefined;
  const [type, schema] = found;
  const content = Buffer.from(JSON.stringify(sampleOf(schema)), 'utf8').toString('base64');
  return { type: type === '$default' ? 'application/json' : type, content };
}
