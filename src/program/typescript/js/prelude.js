// The surroundings of a program, made anew for each pass. `natives` are functions and values of C++ (builtins.cpp);
// what this returns is called from there.
"use strict";
(natives) => {
  const { print, unknownMark, unknownMember, unknownPrimitive, unknownShown, needed } = natives;
  const ObjectPrototype = Object.prototype;

  const hidden = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });

  // ---- values that are not known yet

  const unknowable = (target) => needed(target[unknownMark]);
  const unknownHandler = {
    get(target, key) {
      const index = target[unknownMark];
      if (key === unknownMark) return index;
      if (key === Symbol.toPrimitive) return (hint) => unknownPrimitive(index, hint);
      if (key === "toJSON" || key === "toString" || key === "valueOf") return () => unknownPrimitive(index, "string");
      if (key === Symbol.iterator || key === Symbol.asyncIterator) return needed(index);
      if (typeof key === "symbol" || key === "then" || key === "constructor") return undefined;
      return unknownMember(index, key);
    },
    has: unknowable,
    ownKeys: unknowable,
    getOwnPropertyDescriptor: unknowable,
    set: unknowable,
    defineProperty: unknowable,
    deleteProperty: unknowable,
  };
  const made = new Map();  // by index: what is read twice equals itself
  const unknown = (index, isList) => {
    if (made.has(index)) return made.get(index);
    guardText();
    const target = isList ? [] : {};
    hidden(target, unknownMark, index);
    const proxy = new Proxy(target, unknownHandler);
    made.set(index, proxy);
    return proxy;
  };

  // A resource of which some outputs are not known yet.
  const openHandler = {
    get(target, key) {
      if (key === unknownMark) return undefined;
      const known = target[key];
      if (known !== undefined || typeof key === "symbol" || key === "then" || key === "toJSON") return known;
      return unknownMember(target[unknownMark], key);
    },
    has: (target, key) => key in target || (typeof key === "symbol" ? false : unknowable(target)),
    ownKeys: unknowable,
    getOwnPropertyDescriptor: (target, key) =>
      typeof key === "symbol" || Object.hasOwn(target, key)
        ? Reflect.getOwnPropertyDescriptor(target, key)
        : unknowable(target),
  };
  const known = new WeakMap();  // what is known of each such resource, for showing it
  const open = (target, index) => {
    guardText();
    hidden(target, unknownMark, index);
    const proxy = new Proxy(target, openHandler);
    known.set(proxy, target);
    return proxy;
  };

  // Text that holds a placeholder can be joined and passed on; all else that reads it needs the value.
  let guarded = false;
  let ours = 0;  // above 0 while our own code handles text
  const quietly = (work) => {
    ours++;
    try {
      return work();
    } finally {
      ours--;
    }
  };
  const guardText = () => {
    if (guarded) return;
    guarded = true;
    const placeholder = /[\u{10F8A0}\u{10F8A1}]/u;
    const test = RegExp.prototype.exec.bind(placeholder);
    const holds = (value) => typeof value === "string" && test(value) !== null;
    const textOf = (value) =>
      typeof value === "object" && value !== null && unknownShown(value) !== undefined ? String(value) : value;
    const read = (value) => {
      const text = ours === 0 ? textOf(value) : undefined;
      if (holds(text)) needed(text);
    };
    const guard = (owner, name, readsSelf) => {
      const original = owner[name];
      const guardedFunction = {
        [name](...values) {
          if (readsSelf) read(this);
          read(values[0]);
          return Reflect.apply(original, this, values);
        },
      }[name];
      hidden(owner, name, guardedFunction);
    };
    const guardConstructor = (name) => {
      const original = globalThis[name];
      const guardedConstructor = new Proxy(original, {
        construct(target, values, newTarget) {
          read(values[0]);
          return Reflect.construct(target, values, newTarget);
        },
        apply(target, self, values) {
          read(values[0]);
          return Reflect.apply(target, self, values);
        },
      });
      hidden(original.prototype, "constructor", guardedConstructor);
      hidden(globalThis, name, guardedConstructor);
    };
    const passesOn = new Set(["constructor", "toString", "valueOf", "concat", "isWellFormed"]);
    for (const name of Object.getOwnPropertyNames(String.prototype))
      if (typeof String.prototype[name] === "function" && !passesOn.has(name))
        guard(String.prototype, name, true);
    guard(String.prototype, Symbol.iterator, true);
    for (const name of ["test", "exec"]) guard(RegExp.prototype, name);
    for (const name of ["encodeURIComponent", "encodeURI", "decodeURIComponent", "decodeURI", "parseInt", "parseFloat"])
      guard(globalThis, name);
    guard(JSON, "parse");
    guard(Date, "parse");
    guardConstructor("Date");
    guardConstructor("RegExp");
  };

  // ---- secrets

  class Secret {
    #value;
    #name;
    constructor(value, name = "secret") {
      if (value === undefined || value === null)
        throw new TypeError(`a secret's value cannot be ${value}; is the environment variable it comes from set?`);
      if (value instanceof Promise) throw new TypeError("a secret's value cannot be a promise: write `await` before it");
      this.#value = value instanceof Secret ? value.#value : value;
      this.#name = String(name);
      natives.secret(this.#value);
    }
    static holds(value) {
      return typeof value === "object" && value !== null && #value in value;
    }
    get type() {
      return "secret";
    }
    get name() {
      return this.#name;
    }
    get unencrypted() {
      return this.#value;
    }
    get [natives.secretMark]() {
      return #value in this ? this.#value : undefined;
    }
    toString() {
      return natives.secretShown();
    }
    toJSON() {
      return natives.secretShown();
    }
  }
  // Reads variables by call or by name: env("X"), env.X.
  const variables = (read) =>
    new Proxy(read, {
      get: (target, key) => (typeof key === "symbol" || key === "then" || key === "prototype" ? target[key] : read(key)),
    });
  const variable = (name, value, message) => {
    const found = value ?? natives.environment[name];
    if (found === undefined) throw new Error(message ?? `the environment variable ${name} is not set`);
    return found;
  };
  const env = variables((name, value, message) => variable(name, value, message));
  const secret = (value, name) => new Secret(value, name);
  secret.env = variables((name, value, message) => new Secret(variable(name, value, message), name));

  // ---- AWS

  const ownNames = new Set(["accountId", "region", "partition"]);
  const namesHandler = (make) => ({
    get(target, key) {
      if (typeof key === "symbol" || key === "then" || key === "toJSON" || key in ObjectPrototype)
        return Reflect.get(target, key);
      return (target[key] ??= make(key));
    },
    set: () => false,
  });
  const service = (name) => new Proxy({}, namesHandler((resource) => natives.resource(name, resource)));
  const services = namesHandler(service);
  const AWS = new Proxy({}, {
    ...services,
    get: (target, key) =>
      ownNames.has(key) ? natives.target(key) :
      key === "defaultTags" ? natives.defaultTags : services.get(target, key),
  });

  const missing = (what, object) =>
    new Proxy(object, {
      get(target, key) {
        if (key in target || typeof key === "symbol" || key === "then" || key === "toJSON") return target[key];
        throw new Error(`${what}.${String(key)} does not exist in Athanor`);
      },
    });
  async function alchemy(name, options = {}) {
    if (typeof name !== "string" || name === "") throw new TypeError("alchemy(name) needs the app's name");
    return missing("app", { name, stage: options.stage ?? natives.stage, finalize: async () => {} });
  }
  hidden(alchemy, "secret", secret);
  hidden(alchemy, "env", env);
  const shared = { alchemy: missing("alchemy", alchemy), AWS, previewing: natives.previewing, secret, Secret };
  const modules = {
    "alchemy": { ...shared, default: shared.alchemy },
    "athanor": { ...shared, default: shared.alchemy },
    "alchemy/aws/control": { ...shared, default: AWS },
    "athanor/aws": { ...shared, default: AWS },
  };

  // ---- console

  let inspector;
  const inspecting = (method, ...values) => {
    inspector ??= natives.load("inspect", {
      shown: (value) => (Secret.holds(value) ? "(secret)" : unknownShown(value)),
      revealed: (object) => known.get(object) ?? object,
      promiseState: natives.promiseState,
    });
    return quietly(() => inspector[method](...values));
  };
  const format = (values) =>
    values.length === 1 && typeof values[0] === "string" ? values[0] : inspecting("format", values);
  let indent = "";
  const write = (isError, text) => print(isError, indent ? quietly(() => text.replace(/^/gm, indent)) : text);
  const out = (...values) => write(false, format(values));
  const err = (...values) => write(true, format(values));
  const counts = new Map();
  const times = new Map();
  const console = {
    log: out,
    info: out,
    debug: out,
    warn: err,
    error: err,
    trace(...values) {
      err(`Trace${values.length ? ": " + format(values) : ""}\n${new Error().stack.split("\n").slice(1).join("\n")}`);
    },
    assert(condition, ...values) {
      if (!condition) err(...(values.length ? ["Assertion failed:", ...values] : ["Assertion failed"]));
    },
    dir: (value, options) => write(false, inspecting("inspect", value, options)),
    table(value) {
      out(value !== null && typeof value === "object" ? inspecting("table", value) : value);
    },
    group(...values) {
      if (values.length) out(...values);
      indent += "  ";
    },
    groupEnd() {
      indent = indent.slice(2);
    },
    count(label = "default") {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      out(`${label}: ${counts.get(label)}`);
    },
    time: (label = "default") => void times.set(label, Date.now()),
    timeEnd(label = "default") {
      out(`${label}: ${Date.now() - (times.get(label) ?? Date.now())}ms`);
      times.delete(label);
    },
  };

  // ---- process

  const stream = (isError) => {
    let rest = "";
    return {
      isTTY: false,
      write(text) {
        const lines = quietly(() => (rest + text).split("\n"));
        rest = lines.pop();
        for (const line of lines) print(isError, line);
        return true;
      },
    };
  };
  const process = {
    env: natives.environment,
    argv: natives.arguments,
    platform: "linux",
    exitCode: undefined,
    cwd: () => natives.directory,
    exit: (code = process.exitCode) => natives.exit(code),
    nextTick: (callback, ...values) => queueMicrotask(() => callback(...values)),
    stdout: stream(false),
    stderr: stream(true),
  };

  // ---- timers

  const callable = (callback) => {
    if (typeof callback !== "function") throw new TypeError("the callback must be a function");
    return callback;
  };
  class Timeout {
    #number;
    constructor(number) {
      this.#number = number;
    }
    ref() {
      return this;
    }
    unref() {
      return this;
    }
    [Symbol.toPrimitive]() {
      return this.#number;
    }
  }
  const timer = (repeat) => (callback, milliseconds = 0, ...values) => {
    callable(callback);
    return new Timeout(natives.setTimer(() => void callback(...values), milliseconds, repeat));
  };
  const clear = (timeout) => {
    if (timeout !== undefined && timeout !== null) natives.clearTimer(Number(timeout));
  };
  const setTimeout = timer(false);
  const queueMicrotask = (callback) => {
    callable(callback);
    settled.then(() => {
      try {
        callback();
      } catch (error) {
        natives.setTimer(() => { throw error; }, 0, false);
      }
    });
  };
  const settled = Promise.resolve();

  // ---- globals

  const crypto = {
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || array instanceof DataView || /^Float/.test(array.constructor.name))
        throw new TypeError("crypto.getRandomValues() needs a typed array of integers");
      if (array.byteLength > 65536) throw new RangeError("crypto.getRandomValues() gives at most 65536 bytes");
      natives.randomBytes(array);
      return array;
    },
    randomUUID() {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    },
  };
  const start = Date.now();
  const values = {
    AWS,
    console,
    process,
    crypto,
    performance: { now: () => Date.now() - start, timeOrigin: start },
    setTimeout,
    setInterval: timer(true),
    setImmediate: (callback, ...given) => setTimeout(callback, 0, ...given),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    queueMicrotask,
    structuredClone: (value) => natives.structuredClone(value),
    global: globalThis,
  };
  for (const [name, value] of Object.entries(values)) hidden(globalThis, name, value);

  const loaded = {};
  const whenUsed = (script, names) => {
    for (const name of names)
      Object.defineProperty(globalThis, name, {
        get() {
          loaded[script] ??= natives.load(script, {});
          hidden(globalThis, name, loaded[script][name]);
          return loaded[script][name];
        },
        set: (value) => hidden(globalThis, name, value),
        configurable: true,
        enumerable: false,
      });
  };
  whenUsed("url", ["URL", "URLSearchParams"]);
  whenUsed("encoding", ["TextEncoder", "TextDecoder", "atob", "btoa"]);

  return {
    unknown,
    open,
    module: (name) => modules[name],
    exitCode: () => ({ value: process.exitCode }),
  };
}
