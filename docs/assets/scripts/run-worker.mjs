/** Python in a worker: loads it once, then runs one program after another. */

const HOME = new URL("../pyodide-314.0.7/", import.meta.url);
const RUNNER = new URL("runner.py", import.meta.url);
const ARCHIVES = {
  miniorch: new URL("../../snippets/miniorch.zip", import.meta.url),
  grading: new URL("../../snippets/grading.zip", import.meta.url),
  tzdata: new URL("tzdata.zip", HOME),
};
// What a program needs besides the standard library, by what it imports.
const NEEDS = { miniorch: ["miniorch", "tzdata"], grading: ["grading"], zoneinfo: ["tzdata"] };

const WEIGHT = 13.5e6; // bytes of Python, unpacked
const ENOUGH = 200_000; // characters of output
const OFTEN = 50; // milliseconds between two messages about output

/** @param {URL} url @returns {Promise<Response>} */
async function get(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/**
 * Lets every fetch say how much has arrived, and that it failed: Pyodide tells neither.
 * @param {(reason: Error) => void} fail @returns {() => void} puts the browser's own fetch back
 */
function watchFetches(fail) {
  const { fetch: plain } = self;
  let arrived = 0;
  const transform = (chunk, next) => {
    arrived += chunk.length;
    self.postMessage({ loaded: Math.min(arrived / WEIGHT, 1) });
    next.enqueue(chunk);
  };
  self.fetch = async (address, options) => {
    const response = await plain(address, options).catch((error) => ({ ok: false, status: error }));
    if (!response.ok) fail(new Error(`${address}: ${response.status}`));
    const counted = new TransformStream({ transform });
    response.body.pipeTo(counted.writable).catch(fail);
    return new Response(counted.readable, { headers: response.headers });
  };
  return () => (self.fetch = plain);
}

/** @returns {Promise<any>} Python, set up as packages/testbed/sandbox.py sets it up */
async function load() {
  const env = { HOME: "/home", TZ: "UTC", PYTHONHASHSEED: "0", NO_COLOR: "1" };
  const options = { indexURL: HOME.href, env, stdin: () => null };
  const { loadPyodide } = await import(new URL("pyodide.mjs", HOME).href);
  return new Promise((resolve, reject) => {
    const stopWatching = watchFetches(reject);
    loadPyodide(options).then(resolve, reject).finally(stopWatching);
  });
}

/** What is printed: line by line, but a flood in few messages, and not without end. */
const printed = {
  start() {
    Object.assign(this, { parts: [], length: 0, messages: 0, sent: 0 });
  },
  /** @param {boolean} error @returns {(bytes: Uint8Array) => number} */
  writer(error) {
    const decoder = new TextDecoder();
    return (bytes) => {
      this.add(decoder.decode(bytes, { stream: true }), error);
      return bytes.length;
    };
  },
  /** @param {string} text @param {boolean} error */
  add(text, error) {
    const room = ENOUGH - this.length;
    if (room <= 0) return;
    this.length += text.length;
    this.parts.push({ text: text.slice(0, room), error });
    if (text.length >= room) this.parts.push({ text: "\n… and more, not shown.\n", error: true });
    const flood = this.messages > 1000 && performance.now() - this.sent < OFTEN;
    if (!flood || text.length >= room) this.send();
  },
  send() {
    if (this.parts.length) self.postMessage({ printed: this.parts.splice(0) });
    this.sent = performance.now();
    this.messages += 1;
  },
};

async function start() {
  const [python, runner] = await Promise.all([load(), get(RUNNER)]);
  python.setStdout({ write: printed.writer(false) });
  python.setStderr({ write: printed.writer(true) });
  const module = python.runPython("import types; types.ModuleType('runner')");
  python.runPython(await runner.text(), { globals: module.__dict__, filename: "runner.py" });
  const imports = python.pyimport("pyodide.code").find_imports;
  return { python, runner: module, imports: (code) => imports(code).toJs() };
}

const there = new Set();

/** Brings what a program imports and Python does not have, once. */
async function bring(python, imported) {
  const missing = imported.flatMap((name) => NEEDS[name] ?? []).filter((name) => !there.has(name));
  for (const name of new Set(missing)) {
    const archive = await (await get(ARCHIVES[name])).arrayBuffer();
    python.FS.writeFile(`/lib/${name}.zip`, new Uint8Array(archive));
    python.runPython(`import sys; sys.path.append("/lib/${name}.zip")`);
    there.add(name);
  }
}

const ready = start();

self.addEventListener("message", async ({ data: { name, code, exercise } }) => {
  try {
    const { python, runner, imports } = await ready;
    const imported = exercise === undefined ? [] : ["grading", ...imports(exercise)];
    await bring(python, [...imports(code), ...imported]);
    self.postMessage({ running: true });
    printed.start();
    const result = exercise === undefined ? runner.run(name, code) : JSON.parse(runner.grade(name, code, exercise));
    printed.send();
    self.postMessage(exercise === undefined ? { ended: true, well: result } : { ended: true, graded: result });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
});
