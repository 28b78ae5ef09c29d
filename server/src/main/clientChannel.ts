import { Console } from 'node:console';
import {
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

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
        writer: new IPCMessageWriter(running),
        onClosed: (call) => void running.once('disconnect', call),
      };
    default:
      return undefined;
  }
}

function stdioChannel({ stdin, stdout, stderr }: NodeJS.Process): ClientChannel {
  const reader = new StreamMessageReader(stdin);
  const writer = new StreamMessageWriter(stdout);
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
