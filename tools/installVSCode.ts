import { installVSCode, vscodeVersions } from '../test/vscode/install.ts';

// Fills the cache ahead of time: `node tools/installVSCode.ts [newest|oldest]…`, for a CI image or a slow connection.
process.once('SIGINT', () => process.exit(130)); // so that what it started ends with it
const wanted = vscodeVersions.filter((version) => process.argv.length < 3 || process.argv.includes(version));
for (const version of wanted) {
  const { release, server } = await installVSCode(version, console.log);
  console.log(`${version}: VS Code ${release} at ${server}`);
}
