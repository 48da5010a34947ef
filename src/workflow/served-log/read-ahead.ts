import { tilePath, widthOfTile, type LogSource } from '@countersign/ledger';

const mostInFlight = 8;

/** Reads a log of that size ahead of whoever walks through it from its first entry on: at most 8 files at a time. */
export function readAhead(source: LogSource, size: number): LogSource {
  const upcoming = pathsOf(size);
  const inFlight = new Map<string, Promise<Uint8Array | undefined>>();

  function fill(): void {
    while (inFlight.size < mostInFlight) {
      const { value: path, done } = upcoming.next();
      if (done === true) return;
      const reading = source.read(path);
      // Whoever asks for it hears of its failure; nobody may ask.
      reading.catch(() => undefined);
      inFlight.set(path, reading);
    }
  }

  return {
    async read(path) {
      fill();
      const reading = inFlight.get(path);
      if (reading === undefined) return source.read(path);
      try {
        return await reading;
      } finally {
        inFlight.delete(path);
        fill();
      }
    },
  };
}

/** Entries and their hashes, in the order in which they are asked for. Higher tiles are few. */
function* pathsOf(size: number): Generator<string, undefined> {
  for (let index = 0; ; index++) {
    const width = widthOfTile('entries', index, size);
    if (width === 0) return;
    yield tilePath({ level: 'entries', index, width });
    yield tilePath({ level: 0, index, width });
  }
}
