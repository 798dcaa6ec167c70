// URL and URLSearchParams (url.spec.whatwg.org). Hosts outside ASCII become lower-case NFKC Punycode.
"use strict";
() => {
  const special = { "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21", "file:": "" };

  // ---- percent encoding

  const bytesOf = (character) => unescape(encodeURIComponent(character));
  const encode = (text, set) => {
    let out = "";
    for (let character of text) {
      const code = character.codePointAt(0);
      if (code > 0x1f && code < 0x7f && !set.includes(character)) {
        out += character;
        continue;
      }
      if (code >= 0xd800 && code <= 0xdfff) character = "\ufffd";
      for (const byte of bytesOf(character))
        out += "%" + byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    }
    return out;
  };
  const fragmentSet = " \"<>`";
  const querySet = " \"#<>";
  const pathSet = querySet + "?`{}";
  const userSet = pathSet + "/:;=@[\\]^|";
  const formSet = userSet + "$&'(),+!%~";
  const decodeBytes = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  const decode = (text) => {
    if (!text.includes("%")) return text;
    const bytes = [];
    const encoded = bytesOf(text.toWellFormed?.() ?? text.replace(/[\ud800-\udfff]/gu, "\ufffd"));
    for (let i = 0; i < encoded.length; i++) {
      const hex = encoded[i] === "%" && /^[0-9a-f]{2}$/i.test(encoded.slice(i + 1, i + 3));
      bytes.push(hex ? parseInt(encoded.slice(i + 1, i + 3), 16) : encoded.charCodeAt(i));
      if (hex) i += 2;
    }
    return decodeBytes(bytes);
  };

  // ---- hosts

  const bad = (input, base) => {
    const error = new TypeError(`Invalid URL: ${input}${base === undefined ? "" : ` (base: ${base})`}`);
    error.code = "ERR_INVALID_URL";
    error.input = input;
    return error;
  };
  class Bad extends Error {}
  const check = (ok) => {
    if (!ok) throw new Bad();
  };

  // RFC 3492
  const punycode = (label) => {
    const points = Array.from(label, (c) => c.codePointAt(0));
    let out = String.fromCharCode(...points.filter((p) => p < 128));
    const basic = out.length;
    let handled = basic;
    if (basic > 0) out += "-";
    let n = 128;
    let delta = 0;
    let bias = 72;
    while (handled < points.length) {
      const next = Math.min(...points.filter((p) => p >= n));
      delta += (next - n) * (handled + 1);
      n = next;
      for (const point of points) {
        if (point < n) delta++;
        if (point !== n) continue;
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t) break;
          const digit = t + ((q - t) % (36 - t));
          out += String.fromCharCode(digit < 26 ? digit + 97 : digit + 22);
          q = Math.floor((q - t) / (36 - t));
        }
        out += String.fromCharCode(q < 26 ? q + 97 : q + 22);
        delta = handled === basic ? Math.floor(delta / 700) : delta >> 1;
        delta += Math.floor(delta / (handled + 1));
        let k = 0;
        for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
        bias = k + Math.floor((36 * delta) / (delta + 38));
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return "xn--" + out;
  };

  const ipv4 = (host) => {
    const parts = host.split(".");
    if (parts.at(-1) === "" && parts.length > 1) parts.pop();
    const numeric = (part) => /^(0x[0-9a-f]*|[0-9]+)$/i.test(part);
    if (!numeric(parts.at(-1))) return undefined;
    check(parts.length <= 4);
    const numbers = parts.map((part) => {
      check(numeric(part));
      if (/^0x/i.test(part)) return part.length === 2 ? 0 : parseInt(part, 16);
      if (part.length > 1 && part[0] === "0") {
        check(/^[0-7]+$/.test(part));
        return parseInt(part, 8);
      }
      return Number(part);
    });
    const last = numbers.pop();
    check(numbers.every((n) => n < 256) && last < 256 ** (4 - numbers.length));
    const value = numbers.reduce((sum, n, i) => sum + n * 256 ** (3 - i), last);
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
  };

  const ipv6 = (text) => {
    const halves = text.split("::");
    check(halves.length <= 2);
    const pieces = (half) => {
      if (half === "") return [];
      const parts = half.split(":");
      const tail = parts.at(-1);
      if (tail.includes(".")) {
        check(/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(tail));
        const [a, b, c, d] = tail.split(".").map(Number);
        check([a, b, c, d].every((n) => n < 256));
        parts.splice(-1, 1, ((a << 8) | b).toString(16), ((c << 8) | d).toString(16));
      }
      return parts.map((part) => {
        check(/^[0-9a-f]{1,4}$/i.test(part));
        return parseInt(part, 16);
      });
    };
    let all = pieces(halves[0]);
    if (halves.length === 2) {
      const right = pieces(halves[1]);
      check(all.length + right.length < 8);
      all = [...all, ...new Array(8 - all.length - right.length).fill(0), ...right];
    }
    check(all.length === 8);
    let best = { start: -1, length: 1 };
    for (let i = 0; i < 8; i++) {
      let length = 0;
      while (i + length < 8 && all[i + length] === 0) length++;
      if (length > best.length) best = { start: i, length };
      i += length;
    }
    const hex = (list) => list.map((n) => n.toString(16)).join(":");
    return best.start < 0
      ? `[${hex(all)}]`
      : `[${hex(all.slice(0, best.start))}::${hex(all.slice(best.start + best.length))}]`;
  };

  const parseHost = (text, isSpecial) => {
    if (text.startsWith("[")) {
      check(text.endsWith("]"));
      return ipv6(text.slice(1, -1));
    }
    if (!isSpecial) {
      check(!/[\0\t\n\r #/:<>?@[\\\]^|]/.test(text));
      return encode(text, "");
    }
    const labels = decode(text).normalize("NFKC").toLowerCase().replace(/[\u3002\uff0e\uff61]/g, ".").replace(/\u00ad/g, "");
    const host = labels.split(".").map((label) => (/[^\0-\x7f]/.test(label) ? punycode(label) : label)).join(".");
    check(host !== "" && !/[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(host));
    return ipv4(host) ?? host;
  };

  // ---- parsing

  const isDriveLetter = (segment) => /^[a-z][:|]$/i.test(segment);
  const parsePath = (text, url, into) => {
    const isSpecial = url.protocol in special;
    const segments = into;
    const parts = (isSpecial ? text.replace(/\\/g, "/") : text).split("/");
    parts.forEach((part, i) => {
      const last = i === parts.length - 1;
      const dots = part.replace(/%2e/gi, ".");
      if (dots === "..") {
        if (!(url.protocol === "file:" && segments.length === 1 && isDriveLetter(segments[0]))) segments.pop();
        if (last) segments.push("");
      } else if (dots === ".") {
        if (last) segments.push("");
      } else {
        let segment = encode(part, pathSet);
        if (url.protocol === "file:" && segments.length === 0 && isDriveLetter(segment)) segment = segment[0] + ":";
        segments.push(segment);
      }
    });
    return segments;
  };
  const parsePort = (text, protocol) => {
    if (text === "") return "";
    check(/^\d+$/.test(text) && Number(text) <= 65535);
    const port = String(Number(text));
    return port === special[protocol] ? "" : port;
  };
  const parseAuthority = (text, url) => {
    const at = text.lastIndexOf("@");
    if (at >= 0) {
      const [, user, password] = /^([^:]*):?([\s\S]*)$/.exec(text.slice(0, at));
      url.username = encode(user, userSet);
      url.password = encode(password, userSet);
    }
    const [, host, , port] = /^(\[[^\]]*\]|[^:]*)(:(.*))?$/s.exec(text.slice(at + 1)) ?? check(false);
    check(host !== "" || (!(url.protocol in special) && at < 0 && !port));
    url.hostname = host === "" ? "" : parseHost(host, url.protocol in special);
    url.port = parsePort(port ?? "", url.protocol);
  };
  const queryOf = (text, protocol) => encode(text, querySet + (protocol in special ? "'" : ""));

  // Parts: protocol, username, password, hostname (null: none), port, path (a list, or a text where opaque), search, hash.
  const parse = (input, base) => {
    let rest = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
    const url = { protocol: "", username: "", password: "", hostname: null, port: "", path: [], search: null, hash: null };
    const hash = rest.indexOf("#");
    if (hash >= 0) {
      url.hash = encode(rest.slice(hash + 1), fragmentSet);
      rest = rest.slice(0, hash);
    }
    const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(rest)?.[1];
    const inherits = (protocol) => base && base.protocol === protocol;
    let relative = false;
    if (scheme) {
      url.protocol = scheme.toLowerCase();
      rest = rest.slice(scheme.length);
      const slashed = /^[/\\]/.test(rest);
      if (url.protocol in special && url.protocol !== "file:") {
        relative = inherits(url.protocol) && !/^\/\//.test(rest);
        if (!relative) rest = "//" + rest.replace(/^[/\\]*/, "");
      } else if (url.protocol === "file:") {
        relative = Boolean(inherits("file:")) && !slashed;
        if (!relative && !slashed) rest = "/" + rest;
      } else if (!rest.startsWith("/")) {
        const query = rest.indexOf("?");
        if (query >= 0) {
          url.search = queryOf(rest.slice(query + 1), url.protocol);
          rest = rest.slice(0, query);
        }
        url.path = encode(rest, "");
        return url;
      }
    } else {
      check(base !== undefined);
      if (typeof base.path === "string") {
        check(rest === "" && url.hash !== null);
        return { ...base, hash: url.hash };
      }
      url.protocol = base.protocol;
      relative = true;
    }
    const isSpecial = url.protocol in special;
    const slash = isSpecial ? "[/\\\\]" : "/";
    const query = rest.indexOf("?");
    if (query >= 0) {
      url.search = queryOf(rest.slice(query + 1), url.protocol);
      rest = rest.slice(0, query);
    }
    const authority = new RegExp(`^${slash}${slash}(${isSpecial ? "[^/\\\\]" : "[^/]"}*)`).exec(rest);
    if (authority) {
      rest = rest.slice(authority[0].length);
      if (url.protocol === "file:") {
        if (isDriveLetter(authority[1])) rest = "/" + authority[1] + rest;
        else url.hostname = authority[1] === "" ? "" : parseHost(authority[1], true);
        if (url.hostname === "localhost" || url.hostname === null) url.hostname = "";
      } else parseAuthority(authority[1], url);
    } else if (relative) {
      for (const part of ["username", "password", "hostname", "port"]) url[part] = base[part];
    } else if (url.protocol === "file:") url.hostname = "";
    if (relative && !authority && rest === "") {
      url.path = [...base.path];
      if (query < 0) url.search = base.search;
    } else if (new RegExp(`^${slash}`).test(rest)) {
      url.path = parsePath(rest.slice(1), url, []);
    } else if (relative && !authority) {
      url.path = parsePath(rest, url, base.path.slice(0, -1));
    } else if (isSpecial) url.path = [""];
    return url;
  };

  const pathText = (url) => (typeof url.path === "string" ? url.path : url.path.map((part) => "/" + part).join(""));
  const hostText = (url) => (url.hostname === null ? "" : url.hostname + (url.port === "" ? "" : ":" + url.port));
  const serialize = (url) => {
    let out = url.protocol;
    if (url.hostname !== null) {
      out += "//";
      if (url.username !== "" || url.password !== "")
        out += url.username + (url.password === "" ? "" : ":" + url.password) + "@";
      out += hostText(url);
    } else if (Array.isArray(url.path) && url.path.length > 1 && url.path[0] === "") out += "/.";
    return out + pathText(url) + (url.search === null ? "" : "?" + url.search) + (url.hash === null ? "" : "#" + url.hash);
  };

  // ---- URLSearchParams

  const formDecode = (text) => decode(text.replace(/\+/g, " "));
  const formEncode = (text) => encode(text, formSet).replace(/%20/g, "+");
  const parseForm = (text) =>
    text.split("&").filter((pair) => pair !== "").map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [formDecode(pair), ""] : [formDecode(pair.slice(0, at)), formDecode(pair.slice(at + 1))];
    });
  const setList = Symbol("list");
  const onChange = Symbol("changed");
  class URLSearchParams {
    #list = [];
    #changed = () => {};
    constructor(init = "") {
      if (init === null || (typeof init !== "object" && typeof init !== "function"))
        this.#list = parseForm(String(init).replace(/^\?/, ""));
      else if (typeof init[Symbol.iterator] === "function")
        this.#list = Array.from(init, (pair) => {
          const [name, value, ...more] = pair;
          if (Array.from(pair).length !== 2 || more.length) throw new TypeError("each pair must be [name, value]");
          return [String(name), String(value)];
        });
      else this.#list = Object.entries(init).map(([name, value]) => [name, String(value)]);
    }
    [setList](text) {
      this.#list = parseForm(text);
    }
    [onChange](changed) {
      this.#changed = changed;
    }
    get size() {
      return this.#list.length;
    }
    append(name, value) {
      this.#list.push([String(name), String(value)]);
      this.#changed();
    }
    delete(name, value) {
      this.#list = this.#list.filter(([n, v]) => n !== String(name) || (value !== undefined && v !== String(value)));
      this.#changed();
    }
    get(name) {
      return this.#list.find(([n]) => n === String(name))?.[1] ?? null;
    }
    getAll(name) {
      return this.#list.filter(([n]) => n === String(name)).map(([, value]) => value);
    }
    has(name, value) {
      return this.#list.some(([n, v]) => n === String(name) && (value === undefined || v === String(value)));
    }
    set(name, value) {
      const first = this.#list.find(([n]) => n === String(name));
      if (!first) return this.append(name, value);
      first[1] = String(value);
      this.#list = this.#list.filter((pair) => pair === first || pair[0] !== String(name));
      this.#changed();
    }
    sort() {
      this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#changed();
    }
    forEach(callback, self) {
      for (const [name, value] of this) callback.call(self, value, name, this);
    }
    *entries() {
      for (let i = 0; i < this.#list.length; i++) yield [...this.#list[i]];
    }
    *keys() {
      for (const [name] of this) yield name;
    }
    *values() {
      for (const [, value] of this) yield value;
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return this.#list.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join("&");
    }
  }

  // ---- URL

  class URL {
    #url;
    #params;
    constructor(input, base) {
      try {
        this.#url = parse(String(input), base === undefined ? undefined : parse(String(base)));
      } catch (error) {
        throw error instanceof Bad ? bad(String(input), base) : error;
      }
    }
    static canParse(input, base) {
      try {
        return Boolean(new URL(input, base));
      } catch {
        return false;
      }
    }
    // What does not parse leaves the URL as it is.
    #try(change) {
      const copy = { ...this.#url };
      try {
        change(copy);
        this.#url = copy;
      } catch (error) {
        if (!(error instanceof Bad)) throw error;
      }
    }
    #hasHost() {
      return this.#url.hostname !== null && this.#url.hostname !== "" && this.#url.protocol !== "file:";
    }
    get href() {
      return serialize(this.#url);
    }
    set href(value) {
      this.#url = new URL(value).#url;
      this.#params?.[setList](this.#url.search ?? "");
    }
    get origin() {
      const { protocol } = this.#url;
      return protocol in special && protocol !== "file:" ? `${protocol}//${this.host}` : "null";
    }
    get protocol() {
      return this.#url.protocol;
    }
    set protocol(value) {
      const scheme = /^([a-z][a-z0-9+.-]*)(:|$)/i.exec(String(value))?.[1].toLowerCase();
      if (scheme === undefined) return;
      const protocol = scheme + ":";
      if (protocol in special !== this.#url.protocol in special) return;
      this.#try((url) => {
        url.protocol = protocol;
        url.port = parsePort(url.port, protocol);
      });
    }
    get username() {
      return this.#url.username;
    }
    set username(value) {
      if (this.#hasHost()) this.#url.username = encode(String(value), userSet);
    }
    get password() {
      return this.#url.password;
    }
    set password(value) {
      if (this.#hasHost()) this.#url.password = encode(String(value), userSet);
    }
    get host() {
      return hostText(this.#url);
    }
    set host(value) {
      if (typeof this.#url.path === "string") return;
      this.#try((url) => {
        const [, host, , port] = /^(\[[^\]]*\]|[^:/?#\\]*)(:(\d*))?/.exec(String(value));
        url.hostname = parseHost(host, url.protocol in special);
        if (port) url.port = parsePort(port, url.protocol);
      });
    }
    get hostname() {
      return this.#url.hostname ?? "";
    }
    set hostname(value) {
      if (typeof this.#url.path === "string") return;
      this.#try((url) => {
        url.hostname = parseHost(/^(\[[^\]]*\]|[^:/?#\\]*)/.exec(String(value))[0], url.protocol in special);
      });
    }
    get port() {
      return this.#url.port;
    }
    set port(value) {
      if (!this.#hasHost()) return;
      this.#try((url) => {
        url.port = String(value) === "" ? "" : parsePort(/^\d+/.exec(String(value))?.[0] ?? "x", url.protocol);
      });
    }
    get pathname() {
      return pathText(this.#url);
    }
    set pathname(value) {
      if (typeof this.#url.path === "string") return;
      this.#url.path = parsePath(String(value).replace(this.#url.protocol in special ? /^[/\\]/ : /^\//, ""), this.#url, [])
        .map((part) => part.replace(/[?#]/g, (c) => (c === "?" ? "%3F" : "%23")));
    }
    get search() {
      return this.#url.search ? "?" + this.#url.search : "";
    }
    set search(value) {
      const text = String(value).replace(/^\?/, "");
      this.#url.search = text === "" ? null : queryOf(text, this.#url.protocol);
      this.#params?.[setList](this.#url.search ?? "");
    }
    get searchParams() {
      if (!this.#params) {
        this.#params = new URLSearchParams(this.#url.search ?? "");
        this.#params[onChange](() => {
          this.#url.search = String(this.#params) || null;
        });
      }
      return this.#params;
    }
    get hash() {
      return this.#url.hash ? "#" + this.#url.hash : "";
    }
    set hash(value) {
      const text = String(value).replace(/^#/, "");
      this.#url.hash = text === "" ? null : encode(text, fragmentSet);
    }
    toString() {
      return this.href;
    }
    toJSON() {
      return this.href;
    }
  }

  return { URL, URLSearchParams };
}
