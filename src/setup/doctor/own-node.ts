import { failure, fine, type Check } from '../check.ts';

// As `engines` of package.json has it; a test holds the two together.
const oldestMajor = 24;

/** Whether this Node can run Countersign. */
export function checkNode(version: string): Check {
  if (Number.parseInt(version, 10) >= oldestMajor) return fine('own.node', `Node is ${version}`);
  const message = `Node is ${version}: Countersign needs ${oldestMajor} or later, and does not run reliably on it`;
  return failure(
    'own.node',
    message,
    `Install Node ${oldestMajor} or later from nodejs.org, or run the container image`,
  );
}
