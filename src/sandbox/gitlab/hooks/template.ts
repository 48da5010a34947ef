/** A custom payload: `{{object_attributes.title}}` takes the field's text. Members of arrays cannot be reached. */
export function fillTemplate(template: string, payload: unknown): unknown {
  const filled = template.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_whole, path: string) => {
    const value = path.split('.').reduce<unknown>(step, payload);
    if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
    return typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : '';
  });
  try {
    return JSON.parse(filled);
  } catch {
    return {};
  }
}

function step(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
