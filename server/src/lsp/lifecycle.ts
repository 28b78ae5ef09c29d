import { type Connection, ErrorCodes, type Message, type MessageStrategy, ResponseError } from 'vscode-languageserver';

/** Who is to know what the client says of the server's own life. */
export interface LifecycleListener {
  /** The process of the client; the server ends when that is gone. */
  clientProcess(id: number): void;
  /** The client wants the process to end. */
  exit(): void;
}

/** What a server may be asked at each time of its life; for `createConnection`, which knows nothing of that. */
export class Lifecycle implements MessageStrategy {
  readonly #listener: LifecycleListener;
  #stage: 'fresh' | 'initialized' | 'shutDown' = 'fresh';

  constructor(listener: LifecycleListener) {
    this.#listener = listener;
  }

  /** Whether the client has asked for an end in good order. */
  get isShutDown(): boolean {
    return this.#stage === 'shutDown';
  }

  /** Requests that come too early or too late are answered with the error the protocol has for it. */
  serve(connection: Connection): void {
    connection.onRequest(methods.tooEarly, () => {
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'Pinwatch is not initialized yet.');
    });
    connection.onRequest(methods.tooLate, () => {
      throw new ResponseError(ErrorCodes.InvalidRequest, 'Pinwatch has been shut down.');
    });
    connection.onRequest(methods.unreadable, () => {
      throw new ResponseError(
        ErrorCodes.InvalidParams,
        'The params of initialize are not what the protocol has there.',
      );
    });
    connection.onRequest(methods.again, () => {
      throw new ResponseError(ErrorCodes.InvalidRequest, 'Pinwatch is initialized already.');
    });
  }

  handleMessage(message: Message, next: Next): ReturnType<Next> {
    const call: unknown = message;
    return isCall(call) ? this.#handleCall(message, call, next) : next(message);
  }

  #handleCall(message: Message, { method, id, params }: Call, next: Next): ReturnType<Next> {
    const stage = this.#stage;
    const isRequest = id !== undefined;
    if (method === 'exit') {
      // The library would end the process at once, with answers that are still to be written.
      this.#listener.exit();
      return;
    }
    if (method.startsWith('$/') || (stage === 'initialized' && method !== 'initialize')) {
      this.#stage = method === 'shutdown' ? 'shutDown' : stage;
      return next(message);
    }
    if (stage === 'fresh' && method === 'initialize' && isRequest) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) {
        return next({ ...message, method: methods.unreadable, params: null } as Message);
      }
      this.#stage = 'initialized';
      return next(this.#withoutProcess(message, params));
    }
    if (isRequest) {
      const refusal = stage === 'fresh' ? 'tooEarly' : stage === 'shutDown' ? 'tooLate' : 'again';
      return next({ ...message, method: methods[refusal], params: null } as Message);
    }
    // A notification that nobody is there for is left (LSP, "initialize").
  }

  /** The library, too, would look for that process, and end ours at once. */
  #withoutProcess(message: Message, params: object): Message {
    if (!('processId' in params)) {
      return message;
    }
    if (typeof params.processId === 'number') {
      this.#listener.clientProcess(params.processId);
    }
    return { ...message, params: { ...params, processId: null } } as Message;
  }
}

type Next = Parameters<MessageStrategy['handleMessage']>[1];

interface Call {
  readonly method: string;
  readonly id?: unknown;
  readonly params?: unknown;
}

function isCall(message: unknown): message is Call {
  return typeof message === 'object' && message !== null && 'method' in message && typeof message.method === 'string';
}

const methods = {
  tooEarly: '$/pinwatch/tooEarly',
  tooLate: '$/pinwatch/tooLate',
  unreadable: '$/pinwatch/unreadable',
  again: '$/pinwatch/again',
} as const;
