import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { count } from '../fields.ts';
import { listenAddress, parseListen, type Listen } from '../listen.ts';
import { evenIfWrong, report, type Fault } from '../rules.ts';

/** Where Countersign is reached, and where it listens. */
export const Server = z
  .strictObject({
    public_url: webAddress({
      description: 'Where GitLab reaches Countersign, and where links lead.',
      examples: ['https://countersign.acme.example'],
    }),
    allow_http: allowHttp(),
    listen: listenAddress(),
    console_port: count(
      {
        description:
          'Not in effect yet: the port of the console on this machine. Not given: the one after that of listen.',
      },
      { min: 0, max: 65_535 },
    ).optional(),
  })
  .refine(...encrypted('public_url'))
  .superRefine((section, ctx) => report(ctx, portFaults(section)), evenIfWrong)
  .transform(({ public_url, listen, console_port }) => {
    const address: Listen = parseListen(listen) ?? { host: '127.0.0.1', port: 8080 };
    return { publicUrl: withoutSlash(public_url), listen: address, consolePort: console_port ?? portAfter(address) };
  })
  .meta({ description: 'Where Countersign is reached, and where it listens.' });

export type Server = z.infer<typeof Server>;

function portFaults({ listen, console_port }: { listen?: unknown; console_port?: unknown }): Fault[] {
  const port = typeof listen === 'string' ? parseListen(listen)?.port : undefined;
  if (port === undefined || port === 0 || port !== console_port) return [];
  return [{ path: ['console_port'], message: 'is the port of listen', hint: 'Give the console a port of its own' }];
}

// Port 0 asks for any that is free.
function portAfter({ port }: Listen): number {
  if (port === 0) return 0;
  return port === 65_535 ? port - 1 : port + 1;
}
