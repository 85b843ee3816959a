import type { CommandName } from '../options.js';
import type { Command } from './command.js';

/** Every command, loaded when it is run. */
export const loaders: { [C in CommandName]: () => Promise<Command<C>> } = {
  migrate: async () => (await import('./migrate.js')).migrateCommand,
  plan: async () => (await import('./plan.js')).planCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  check: async () => (await import('./check.js')).checkCommand,
  undo: async () => (await import('./undo.js')).undoCommand,
  explain: async () => (await import('./explain.js')).explainCommand,
  list: async () => (await import('./list.js')).listCommand,
  assess: async () => (await import('./assess.js')).assessCommand,
  facts: async () => (await import('./facts.js')).factsCommand,
  batch: async () => (await import('./batch.js')).batchCommand,
};
