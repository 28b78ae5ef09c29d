/** Client to server: whether the user trusts the workspace; only then does what its files say is ignored hold. */
export const trustMethod = 'pinwatch/trust';

export interface TrustParams {
  readonly trusted: boolean;
}
