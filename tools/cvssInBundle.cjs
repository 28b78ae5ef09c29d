// esbuild puts it in for 'ae-cvss-calculator': its tables take time to build, and many runs score nothing.
for (const name of ['Cvss2', 'Cvss3P0', 'Cvss3P1', 'Cvss4P0']) {
  Object.defineProperty(exports, name, { get: () => require('./cvssCalculator.cjs')[name] });
}
