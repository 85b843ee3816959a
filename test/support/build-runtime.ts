import { buildRuntime } from '../../templates/service/build.js';
import { repositoryRoot } from './fixtures.js';

/** Before any test: the runtime's JavaScript forms, from the sources as they are now. */
export default function setup(): Promise<void> {
  return buildRuntime(repositoryRoot);
}
