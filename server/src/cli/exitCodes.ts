/** The exit codes of the contract. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3, nothingToScan: 4 } as const;
