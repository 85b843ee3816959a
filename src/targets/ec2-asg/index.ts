import type { ServiceTarget } from '../target.js';
import { ec2Folder, placeholders, scripts } from './artefacts.js';
import { ec2Guide } from './guide.js';
import { profile } from './profile.js';
import { ec2Stack } from './stack.js';

/** Instances of one's own in Auto Scaling groups, each of which runs one container of the image. */
export const ec2Asg: ServiceTarget = {
  id: 'ec2-asg',
  title: 'Amazon EC2 Auto Scaling',
  available: true,
  availability: 'in every AWS region, China included',
  profile,
  folder: ec2Folder,
  artefacts: (input) => scripts(input).map(({ path, text }) => ({ path, content: text })),
  placeholders,
  guide: ec2Guide,
  stack: ec2Stack,
};
