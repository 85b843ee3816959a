import type { Project } from '../project/model.js';

/** Partition that the project's own values name (`arn:aws-cn:…`, a China or GovCloud region); `aws` when none does. */
export function partitionOf(project: Project): 'aws' | 'aws-cn' | 'aws-us-gov' {
  const text = JSON.stringify([project.functions, project.resources]);
  if (/arn:aws-cn:|\bcn-north(west)?-1\b|\.amazonaws\.com\.cn\b/.test(text)) return 'aws-cn';
  if (/arn:aws-us-gov:|\bus-gov-(east|west)-1\b/.test(text)) return 'aws-us-gov';
  return 'aws';
}
