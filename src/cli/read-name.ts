import { CommandError } from './errors.ts';
import { parseChangeName, type ChangeName } from '../compose.ts';

/** The change that was named on the command line. */
export function readName(text: string): ChangeName {
  const name = parseChangeName(text);
  if (name !== undefined) return name;
  throw new CommandError(
    'Name a merge request by its address, as group/project!7, or by the id of its record (SEC-…).',
    2,
  );
}
