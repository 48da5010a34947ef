import { registerHooks } from 'node:module';

/**
 * Loads packages that a package of theirs would keep from loading. Countersign runs from its sources under the condition `source`,
 * and one of them, eventsource-parser, offers TypeScript under the same word, which Node does not take from a package. So
 * for what packages ask for, and for the time of loading, the word is left out.
 */
export async function loadPackages<T>(load: () => Promise<T>): Promise<T> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL?.includes('/node_modules/') !== true) return next(specifier, context);
      return next(specifier, { ...context, conditions: context.conditions.filter((one) => one !== 'source') });
    },
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
