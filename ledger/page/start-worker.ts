import { find } from './elements.ts';

// Not yet among TypeScript's own types. https://w3c.github.io/trusted-types/dist/spec/
declare const trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    }
  | undefined;

// The page's policy lets texts become code in this one place.
const rules = { createScriptURL: (url: string): string => url };
const policy = typeof trustedTypes === 'undefined' ? rules : trustedTypes?.createPolicy('worker', rules);

/** Starts the worker whose code stands in the page. */
export function startWorker(): Worker {
  const code = find('worker', HTMLScriptElement).text;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  return new Worker((policy ?? rules).createScriptURL(url), { name: 'verify' });
}
