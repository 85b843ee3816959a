import { mappingsFrom, samStream } from '../project/readers/cloudformation/events/event-source-mapping.js';
import type { TriggerKind } from './kind.js';

export const documentdb: TriggerKind = {
  type: 'documentdb',
  title: 'DocumentDB change stream',
  workload: 'stays',
  reason: 'Lambda reads the DocumentDB change stream for it',
  advice: 'Keep the function on Lambda; a service would open the change stream with a MongoDB client and store its own resume tokens.',
  sam: { DocumentDB: samStream('documentdb', 'Cluster') },
  cloudformation: mappingsFrom('documentdb'),
};
