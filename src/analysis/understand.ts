/** The second stage, understanding: which code each function runs, what shape it has, and what it reaches. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import type { Facts } from './facts.js';
import { type Understood, understandFunction } from './handler.js';
import { modulesOf } from './modules.js';
import { Resolver } from './resolve.js';
import { Values } from './values.js';

/**
 * What the code of every Node.js function of a project does. Never throws and never runs anything: what cannot be understood is a
 * diagnostic of its function, and the others go on.
 * @example understand(repository, project).functions['GetOrder'].file // 'src/orders/get.ts'
 */
export function understand(repository: Repository, project: Project): Facts {
  return understandWith(valuesOf(repository, project), project);
}

/** What follows the names of a project's code. */
export function valuesOf(repository: Repository, project: Project): Values {
  return new Values(modulesOf(repository), new Resolver(repository, project));
}

/** As {@link understand}, with values that go on being used. */
export function understandWith(values: Values, project: Project): Facts {
  const facts: Facts = { functions: {}, diagnostics: [] };
  for (const lambda of project.functions) {
    if (lambda.runtime !== null && !lambda.runtime.startsWith('nodejs')) continue;
    const { handler, diagnostics } = guarded(values, lambda);
    if (handler) facts.functions[lambda.id] = handler;
    facts.diagnostics.push(...diagnostics);
  }
  return { ...facts, diagnostics: withoutRepeats(facts.diagnostics) };
}

/** Source nested too deep for a walk, say, fails its function alone. */
function guarded(values: Values, lambda: LambdaFunction): Partial<Understood> & { diagnostics: Diagnostic[] } {
  try {
    return understandFunction(values, lambda);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return {
      diagnostics: [diagnostic('ANALYSIS_FAILED', { args: { function: lambda.id, problem }, place: lambda.range, function: lambda.id })],
    };
  }
}

/** What is found in shared code is said once for the project, unless it stops a function. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, severity, file, line, column, args, function: id }) => {
    const key = JSON.stringify([code, file, line, column, args, severity === 'error' ? id : null]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
