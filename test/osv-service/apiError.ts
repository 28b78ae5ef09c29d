/** An answer that is no success. `code` is the number in the body, not the HTTP status. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** From the server behind the gateway: gRPC's INVALID_ARGUMENT. */
export function invalidArgument(message: string): ApiError {
  return new ApiError(400, 3, message);
}

/** gRPC's NOT_FOUND. */
export function notFound(message: string): ApiError {
  return new ApiError(404, 5, message);
}

/** From the gateway, which puts the HTTP number into the body. */
export function gatewayError(status: number, message: string): ApiError {
  return new ApiError(status, status, message);
}
