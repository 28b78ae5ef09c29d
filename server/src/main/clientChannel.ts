import { Console } from 'node:console';
import {
  AbstractMessageWriter,
  IPCMessageReader,
  type Message,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

import { diagnosticsEncoder } from './diagnosticsEncoder.ts';

export interface ClientChannel {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Calls once the client has closed its end. */
  onClosed(call: () => void): void;
}

/**
 * How the client talks to us, by the command line: `--stdio` or `--node-ipc`; `undefined` for any other way, which is the
 * library's. Made here because the library ends the process at once when the client closes standard input.
 */
export function clientChannel(running: NodeJS.Process): ClientChannel | undefined {
  const [way] = running.argv.slice(2).filter((argument) => /^--(?:stdio|node-ipc|socket|pipe)\b/u.test(argument));
  switch (way) {
    case '--stdio':
      return stdioChannel(running);
    case '--node-ipc':
      return {
        reader: new IPCMessageReader(running),
        writer: new IpcWriter(running),
        onClosed: (call) => void running.once('disconnect', call),
      };
    default:
      return undefined;
  }
}

function stdioChannel({ stdin, stdout, stderr }: NodeJS.Process): ClientChannel {
  const reader = new StreamMessageReader(stdin);
  const writer = new StreamMessageWriter(stdout, { contentTypeEncoder: diagnosticsEncoder() });
  // A line of some library among the messages would end the conversation.
  globalThis.console = new Console(stderr, stderr);
  return {
    reader,
    writer,
    onClosed: (call) => {
      stdin.once('end', call);
      stdin.once('close', call);
    },
  };
}

/** Says of each message when it is on its way to the client, which the library's own does not. */
class IpcWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #process: NodeJS.Process;
  #failures = 0;

  constructor(running: NodeJS.Process) {
    super();
    this.#process = running;
    running.on('error', (error) => this.fireError(error));
    running.on('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    return new Promise((resolve) => {
      const done = (error: Error | null): void => {
        this.#failures = error === null ? 0 : this.#failures + 1;
        if (error !== null) {
          this.fireError(error, message, this.#failures);
        }
        resolve();
      };
      if (this.#process.send === undefined) {
        done(null);
      } else {
        this.#process.send(message, undefined, undefined, done);
      }
    });
  }

  end(): void {
    // The channel is the process's.
  }
}
