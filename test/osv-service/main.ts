import { parseArgs } from 'node:util';
import { startOsvService } from './osvService.ts';

const usage = 'Usage: node test/osv-service/main.ts [--port N] [--records PATH ...] [--tls]';

/** Serves until it is told to end. With `--tls` the port is the one of TLS, and the authority goes to standard error. */
async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      records: { type: 'string', multiple: true },
      tls: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const port = portNumber(values.port);
  const service = await startOsvService({
    ...(values.records && { records: values.records }),
    ...(values.tls ? { tlsPort: port } : { port }),
  });
  if (values.tls) console.error(service.ca);
  console.log(`OSV service on ${values.tls ? service.tlsUrl : service.url} (${service.records.size} records)`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void service.close());
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^[0-9]+$/.test(text) || port > 65_535) throw new Error(`--port: not a port: ${text}`);
  return port;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 2;
}
