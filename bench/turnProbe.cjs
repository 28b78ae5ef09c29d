// Loaded into a measured process: notes each turn of the event loop, with the profile of what ran in it where PROBE_PROFILE
// is set. On SIGUSR2 it writes them to PROBE_FILE and begins again.
const fs = require('node:fs');
const { Session } = require('node:inspector');
const session = process.env.PROBE_PROFILE ? new Session() : undefined;
const now = () => Number(process.hrtime.bigint() / 1000n);
const cpu = () => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};
let turns = [];
let startedAt = now();
let cpuAt = cpu();
const tick = () => {
  const [at, used] = [now(), cpu()];
  // In microseconds: the processor time is this thread's alone, whoever else wants the machine.
  if (at - startedAt > 4_000) {
    turns.push({ start: startedAt, end: at, cpu: used - cpuAt });
  }
  startedAt = now();
  cpuAt = cpu();
  setImmediate(tick).unref();
};
setImmediate(tick).unref();
const begin = () => {
  turns = [];
  session?.post('Profiler.start');
};
if (session !== undefined) {
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 500 });
}
begin();
process.on('SIGUSR2', () => {
  const write = (profile) => {
    fs.writeFileSync(`${process.env.PROBE_FILE}.tmp`, JSON.stringify({ turns, profile }));
    fs.renameSync(`${process.env.PROBE_FILE}.tmp`, process.env.PROBE_FILE);
    begin();
    startedAt = now();
    cpuAt = cpu();
  };
  if (session === undefined) {
    write();
  } else {
    session.post('Profiler.stop', (_error, result) => write(result?.profile));
  }
});
