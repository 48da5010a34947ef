import { existsSync, readFileSync } from 'node:fs';
import { isNoFile } from '../config/dotenv.ts';
import { PlaceError, saveFiles } from '../setup/init/save.ts';
import { envText } from '../setup/init/env-text.ts';

/** Puts variables into a `.env` file that only its owner may read; its other lines stay. */
export function keepInEnvFile(path: string, variables: Readonly<Record<string, string>>): void {
  if (isNoFile(path)) throw new PlaceError(`${path} cannot be written: it is no file`);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  saveFiles([{ path, text: envText(before, { variables }), mode: 0o600 }]);
}
