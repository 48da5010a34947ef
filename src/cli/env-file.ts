import { isNoFile } from '../config/dotenv.ts';
import { PlaceError, saveFiles } from '../setup/init/save.ts';
import { envText } from '../setup/init/env-text.ts';
import { textOf } from './init/files.ts';

/** Puts variables into a `.env` file that only its owner may read; its other lines stay. */
export function keepInEnvFile(path: string, variables: Readonly<Record<string, string>>): void {
  if (isNoFile(path)) throw new PlaceError(`${path} cannot be written: it is no file`);
  saveFiles([{ path, text: envText(textOf(path), { variables }), mode: 0o600 }]);
}
