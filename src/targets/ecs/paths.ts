/** Folder of the task definitions, below the project root. */
export const ecsFolder = 'deploy/ecs';

/** Path of the task definition of a service. */
export const pathOf = (service: string) => `${ecsFolder}/task-definition.${service}.json`;
