import { parseListen } from '../../config/listen.ts';
import type { Asker } from './asker.ts';
import { addressOf, bad, good, notAnAddress, plainly } from './checking.ts';
import type { Draft, Known } from './draft.ts';

/** Asks where GitLab reaches Countersign, and where it listens. */
export async function askServer(asker: Asker, known: Known): Promise<Draft> {
  asker.explain('This service', [
    'GitLab posts to <address>/webhooks/gitlab: the address has to be reached from GitLab, over HTTPS, with a proxy in front',
    'that hands bodies on as they are. Links in Linear lead there too.',
  ]);
  const publicUrl = await asker.text({
    id: 'public-url',
    ask: 'At which address do others reach Countersign?',
    initial: known.text('server.public_url'),
    example: 'https://countersign.acme.example',
    check: async (text) => {
      const url = addressOf(text.trim());
      if (url === undefined) return bad<string>(notAnAddress);
      const isHere = url.protocol === 'http:';
      return good(plainly(url), isHere ? 'Only this machine can reach that: good for a trial' : undefined);
    },
  });
  const listen = await asker.text({
    id: 'listen',
    ask: 'On which host and port does it listen?',
    initial: known.text('server.listen') ?? '127.0.0.1:8080',
    check: async (text) =>
      parseListen(text.trim()) !== undefined
        ? good(text.trim())
        : bad<string>('Write host:port, such as 127.0.0.1:8080, or 0.0.0.0:8080 for every address of this machine'),
  });
  return { sections: { server: { public_url: publicUrl, listen } }, dropped: [], variables: {} };
}
