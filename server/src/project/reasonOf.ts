/** Why an aborted signal ended the work, in words for people: those of the error that it was aborted with. */
export function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
