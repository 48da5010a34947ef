import { existsSync, readFileSync } from 'node:fs';
import { saveFiles } from '../setup/init/save.ts';
import { envText } from '../setup/init/texts.ts';

/** Puts variables into a `.env` file that only its owner may read; its other lines stay. */
export function keepInEnvFile(path: string, variables: Readonly<Record<string, string>>): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  saveFiles([{ path, text: envText(before, { sections: {}, dropped: [], variables }), mode: 0o600 }]);
}
