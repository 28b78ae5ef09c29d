import { type Connection, ErrorCodes, type Message, type MessageStrategy, ResponseError } from 'vscode-languageserver';

/** What a server may be asked at each time of its life; for `createConnection`, which knows nothing of that. */
export class Lifecycle implements MessageStrategy {
  #stage: 'fresh' | 'initialized' | 'shutDown' = 'fresh';

  /** Requests that come too early or too late are answered with the error the protocol has for it. */
  serve(connection: Connection): void {
    connection.onRequest(methods.tooEarly, () => {
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'Pinwatch is not initialized yet.');
    });
    connection.onRequest(methods.tooLate, () => {
      throw new ResponseError(ErrorCodes.InvalidRequest, 'Pinwatch has been shut down.');
    });
    connection.onRequest(methods.again, () => {
      throw new ResponseError(ErrorCodes.InvalidRequest, 'Pinwatch is initialized already.');
    });
  }

  handleMessage(message: Message, next: Next): ReturnType<Next> {
    const call: unknown = message;
    return isCall(call) ? this.#handleCall(message, call, next) : next(message);
  }

  #handleCall(message: Message, { method, id }: Call, next: Next): ReturnType<Next> {
    const stage = this.#stage;
    const isRequest = id !== undefined;
    if (method === 'exit' || method.startsWith('$/') || (stage === 'initialized' && method !== 'initialize')) {
      this.#stage = method === 'shutdown' ? 'shutDown' : stage;
      return next(message);
    }
    if (stage === 'fresh' && method === 'initialize' && isRequest) {
      this.#stage = 'initialized';
      return next(message);
    }
    if (isRequest) {
      const refusal = stage === 'fresh' ? 'tooEarly' : stage === 'shutDown' ? 'tooLate' : 'again';
      return next({ ...message, method: methods[refusal], params: null } as Message);
    }
    // A notification that nobody is there for is left (LSP, "initialize").
  }
}

type Next = Parameters<MessageStrategy['handleMessage']>[1];

interface Call {
  readonly method: string;
  readonly id?: unknown;
}

function isCall(message: unknown): message is Call {
  return typeof message === 'object' && message !== null && 'method' in message && typeof message.method === 'string';
}

const methods = {
  tooEarly: '$/pinwatch/tooEarly',
  tooLate: '$/pinwatch/tooLate',
  again: '$/pinwatch/again',
} as const;
