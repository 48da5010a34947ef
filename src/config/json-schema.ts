import { z } from 'zod';
import { ConfigFile } from './config-file.ts';

/** `countersign.yaml` as a JSON Schema, for editors. */
export function configJsonSchema(): object {
  return { ...z.toJSONSchema(ConfigFile, { io: 'input', reused: 'inline' }), title: 'countersign.yaml' };
}

/** What has to be known about a key: the part of the JSON Schema that describes it and says what it is by default. */
export const KeySchema = z.object({
  type: z.string().optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  get properties() {
    return z.record(z.string(), KeySchema).optional();
  },
  get items() {
    return KeySchema.optional();
  },
  get anyOf() {
    return z.array(KeySchema).optional();
  },
});

export type KeySchema = z.infer<typeof KeySchema>;

/** What the schema says about a path within it; empty where it says nothing. */
export function keyAt(schema: KeySchema, path: readonly PropertyKey[]): KeySchema {
  return path.reduce<KeySchema>((at, segment) => {
    // A section that may be null is one of two.
    const node = at.anyOf?.find(({ properties, items }) => properties !== undefined || items !== undefined) ?? at;
    return (typeof segment === 'number' ? node.items : node.properties?.[String(segment)]) ?? {};
  }, schema);
}
