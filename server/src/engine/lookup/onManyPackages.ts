import type { AdvisorySource } from '../ports.ts';

// What fewer of them leave behind is not worth a collection.
const many = 20;

/** The same source. `call` is called once, when many packages have been asked for: most of what they fill is garbage soon. */
export function onManyPackages(source: AdvisorySource, call: () => void): AdvisorySource {
  let asked = 0;
  return {
    query: (questions, signal) => source.query(questions, signal),
    package: (name, signal) => {
      const answer = source.package(name, signal);
      if (++asked === many) call();
      return answer;
    },
    record: (id, signal) => source.record(id, signal),
    get counters() {
      return source.counters;
    },
    close: () => source.close(),
  };
}
