import manifest from '../../package.json' with { type: 'json' };

/** Stands in every record and verdict: what made it. */
export const product = `${manifest.name}/${manifest.version}`;
