/** What the image starts from, and where it comes from: in China neither Docker Hub nor ECR Public can be relied on. */
import { dnsSuffix, partitionOf } from '../aws/partition.js';
import type { Project } from '../project/model.js';
import type { Placeholder } from '../targets/target.js';
import { account, regionOf } from '../targets/values/placeholders.js';

export interface BaseImage {
  /** Default of the build argument `NODE_IMAGE`. */
  image: string;
  /** The image of Docker Hub that it is a copy of; undefined where it is that one. */
  copyOf: string | undefined;
}

/** The official image of Node.js, or the copy of it in the registry of one's own. */
export function baseImage(project: Project, nodeMajor: number): BaseImage {
  const official = `node:${nodeMajor}-slim`;
  const partition = partitionOf(project);
  if (partition !== 'aws-cn') return { image: official, copyOf: undefined };
  return { image: `${account}.dkr.ecr.${regionOf(project)}.${dnsSuffix(partition)}/base/${official}`, copyOf: official };
}

/** The registry of the copy is a person's to fill in. */
export function baseImagePlaceholders({ image, copyOf }: BaseImage, path: string): Placeholder[] {
  if (copyOf === undefined) return [];
  const repository = image.slice(0, image.lastIndexOf('/base/'));
  return [{ path, text: repository, meaning: `the registry of your own that holds a copy of ${copyOf} as base/${copyOf}` }];
}

/** Commands that copy the image once, with `$REGISTRY` set; `platforms` as `docker build` has it. */
export function copyCommands({ copyOf }: BaseImage, platforms: string): string[] {
  if (copyOf === undefined) return [];
  return [
    'aws ecr create-repository --repository-name base/node',
    ...platforms
      .split(',')
      .slice(0, 1)
      .map((platform) => `docker pull --platform ${platform} ${copyOf} # once, where Docker Hub can be reached`),
    `docker tag ${copyOf} "$REGISTRY/base/${copyOf}"`,
    `docker push "$REGISTRY/base/${copyOf}"`,
  ];
}

/** Before an install: packages come from the mirror that the build argument `NPM_REGISTRY` names. */
export const fromMirror =
  'if [ -n "$NPM_REGISTRY" ]; then export npm_config_registry="$NPM_REGISTRY" YARN_NPM_REGISTRY_SERVER="$NPM_REGISTRY"; fi; ';
