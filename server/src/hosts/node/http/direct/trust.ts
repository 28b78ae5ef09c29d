import * as tls from 'node:tls';

/** Which certificates are trusted: arguments for a TLS connection. */
export interface Trust {
  readonly secureContext?: tls.SecureContext;
  readonly rejectUnauthorized?: false;
}

export interface TrustOptions {
  /** `false`: none is checked. */
  readonly strictSsl?: boolean;
  /** A further authority, PEM. */
  readonly ca?: string;
  /** PEM; instead of asking the operating system. */
  readonly systemCertificates?: () => readonly string[];
}

/**
 * Node's own authorities, those of NODE_EXTRA_CA_CERTS and the one given; and the operating system's from the moment that a
 * certificate is not trusted otherwise: reading these takes a tenth of a second and more, and few need them.
 */
export class TrustStore {
  readonly #options: TrustOptions;
  #current: Trust;
  #isWidened = false;

  constructor(options: TrustOptions) {
    this.#options = options;
    const { strictSsl = true, ca } = options;
    this.#current = {
      ...(ca === undefined ? {} : { secureContext: tls.createSecureContext({ ca: [...listed('default'), ca] }) }),
      ...(strictSsl ? {} : { rejectUnauthorized: false }),
    };
  }

  get current(): Trust {
    return this.#current;
  }

  /** A certificate was not trusted by `seen`. Whether another try may end better. */
  widen(seen: Trust): boolean {
    if (seen !== this.#current) {
      return true;
    }
    const { ca, systemCertificates = () => listed('system') } = this.#options;
    if (this.#isWidened) {
      return false;
    }
    this.#isWidened = true;
    const system = systemCertificates();
    if (system.length === 0) {
      return false;
    }
    const all = [...listed('default'), ...system, ...(ca === undefined ? [] : [ca])];
    this.#current = { secureContext: tls.createSecureContext({ ca: all }) };
    return true;
  }
}

function listed(kind: 'default' | 'system'): readonly string[] {
  // Node has it since 22.15; before, only the bundled ones can be listed.
  if (typeof tls.getCACertificates === 'function') {
    return tls.getCACertificates(kind);
  }
  return kind === 'default' ? tls.rootCertificates : [];
}
