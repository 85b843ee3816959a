/**
 * SAM APIs with an OpenAPI document of their own. SAM adds the routes of events only to a document that it makes itself, or
 * with `MergeDefinitions`; else an event is nothing but a permission
 * (`samtranslator/model/eventsources/push.py`, `Api.to_cloudformation`).
 */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import type { PlainObject } from '../../../../data.js';
import { booleanOf } from '../resources.js';
import { type DocumentedRoute, documentOf } from './openapi.js';
import type { Api } from './route.js';

/** What an API's own document says about the route of an event. */
export type DocumentedEvent =
  /** It has none: the event makes the route. */
  | 'made'
  /** The document is out of sight. */
  | 'unread'
  /** The document leads the route to the function. */
  | 'documented'
  /** The document does not hold the route, or leads it elsewhere. */
  | 'absent';

function hasOwnDocument({ kind, path, properties }: Api): boolean {
  return kind === 'sam' && path[0] === 'Resources' && (properties['DefinitionBody'] ?? properties['DefinitionUri']) !== undefined;
}

function mergesEvents(context: TemplateContext, { properties }: Api): boolean {
  return properties['DefinitionUri'] === undefined && booleanOf(context, properties['MergeDefinitions']) === true;
}

/** Whether the events of an API make its routes. */
export function eventsMakeRoutes(context: TemplateContext, api: Api): boolean {
  return !hasOwnDocument(api) || mergesEvents(context, api);
}

/** `Auth` of an event of a REST API as far as it counts: a document of its own yields to `OverrideApiAuth` only. */
export function countingAuth(context: TemplateContext, api: Api, auth: PlainObject): PlainObject {
  const overrides = api.properties['DefinitionBody'] !== undefined && booleanOf(context, auth['OverrideApiAuth']) === true;
  return eventsMakeRoutes(context, api) || overrides ? auth : {};
}

/** `addsMissing`: the API is of a kind whose events bring operations that the document lacks. */
export function documentedEvent(
  context: TemplateContext,
  api: Api,
  documented: DocumentedRoute | undefined,
  functionId: string,
  addsMissing: boolean,
): DocumentedEvent {
  if (!hasOwnDocument(api)) return 'made';
  if (!documentOf(context, api)) return 'unread';
  if (mergesEvents(context, api) && documented?.operation.method !== 'ANY') return 'made';
  const isIntegrated = documented !== undefined && Object.keys(documented.operation.integration).length > 0;
  // Merging leaves an ANY operation as it is: SAM writes the event's under another name beside it.
  if (!isIntegrated) return addsMissing || mergesEvents(context, api) ? 'made' : 'absent';
  const called = context.functionOf(documented.operation.integration['uri']);
  return called === undefined || called === functionId ? 'documented' : 'absent';
}
