import type { TemplateContext } from '../../../triggers/template-context.js';
import type { LambdaFunction } from '../../model.js';
import type { ReadOptions } from '../reader.js';
import type { Service } from './functions.js';

export interface ServiceTemplate {
  context: TemplateContext;
}

export function readResources(_service: Service, _options: ReadOptions): ServiceTemplate | undefined {
  return undefined;
}

export function addResourceTriggers(_service: Service, _functions: LambdaFunction[], _template: ServiceTemplate): LambdaFunction[] {
  return [];
}
