// TextEncoder, TextDecoder, atob and btoa (encoding.spec.whatwg.org; UTF-8 and UTF-16LE only).
"use strict";
() => {

  const encodeInto = (text, bytes) => {
    let read = 0;
    let written = 0;
    for (const character of text) {
      let code = character.codePointAt(0);
      if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (written + size > bytes.length) break;
      if (size === 1) bytes[written] = code;
      else {
        for (let i = size - 1; i > 0; i--, code >>= 6) bytes[written + i] = 0x80 | (code & 0x3f);
        bytes[written] = ((0xf00 >> size) & 0xff) | code;
      }
      written += size;
      read += character.length;
    }
    return { read, written };
  };

  class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text = "") {
      text = String(text);
      const bytes = new Uint8Array(text.length * 3);
      return bytes.slice(0, encodeInto(text, bytes).written);
    }
    encodeInto(text, bytes) {
      return encodeInto(String(text), bytes);
    }
  }

  // How the next bytes may begin and go on, by the first byte of a character: needed bytes, bounds of the second.
  const lead = (byte) =>
    byte >= 0xc2 && byte <= 0xdf ? [1, 0x80, 0xbf] :
    byte === 0xe0 ? [2, 0xa0, 0xbf] :
    byte === 0xed ? [2, 0x80, 0x9f] :
    byte >= 0xe1 && byte <= 0xef ? [2, 0x80, 0xbf] :
    byte === 0xf0 ? [3, 0x90, 0xbf] :
    byte >= 0xf1 && byte <= 0xf3 ? [3, 0x80, 0xbf] :
    byte === 0xf4 ? [3, 0x80, 0x8f] : undefined;

  class Utf8 {
    needed = 0;
    lower = 0x80;
    upper = 0xbf;
    code = 0;
    // Gives the text; calls broken() for what is no UTF-8, which gives what stands for it.
    decode(bytes, more, broken) {
      let text = "";
      let run = [];
      const put = (code) => {
        run.push(code);
        if (run.length > 4096) {
          text += String.fromCodePoint(...run);
          run = [];
        }
      };
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i];
        if (this.needed === 0) {
          if (byte < 0x80) {
            put(byte);
            continue;
          }
          const form = lead(byte);
          if (!form) {
            put(broken());
            continue;
          }
          [this.needed, this.lower, this.upper] = form;
          this.code = byte & (0x3f >> this.needed);
          continue;
        }
        if (byte < this.lower || byte > this.upper) {
          this.needed = 0;
          put(broken());
          i--;
          continue;
        }
        [this.lower, this.upper] = [0x80, 0xbf];
        this.code = (this.code << 6) | (byte & 0x3f);
        if (--this.needed === 0) put(this.code);
      }
      if (!more && this.needed > 0) {
        this.needed = 0;
        put(broken());
      }
      return text + String.fromCodePoint(...run);
    }
  }

  class Utf16 {
    rest = [];
    decode(bytes, more, broken) {
      const all = [...this.rest, ...bytes];
      const units = [];
      for (let i = 0; i + 1 < all.length; i += 2) units.push(all[i] | (all[i + 1] << 8));
      this.rest = all.slice(units.length * 2);
      const last = units.at(-1);
      if (more && last >= 0xd800 && last <= 0xdbff) {
        units.pop();
        this.rest = [last & 0xff, last >> 8, ...this.rest];
      }
      let text = "";
      for (const unit of units) text += String.fromCharCode(unit);
      text = text.replace(/[\ud800-\udfff]/gu, () => String.fromCodePoint(broken()));
      if (!more && this.rest.length > 0) text += String.fromCodePoint(broken());
      if (!more) this.rest = [];
      return text;
    }
  }

  const encodings = { "utf-8": Utf8, "utf8": Utf8, "unicode-1-1-utf-8": Utf8, "utf-16le": Utf16, "utf-16": Utf16 };

  class TextDecoder {
    #codec;
    #started = false;
    constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
      const Codec = encodings[String(label).trim().toLowerCase()];
      if (!Codec) throw new RangeError(`TextDecoder knows UTF-8 and UTF-16LE, not "${label}"`);
      this.#codec = new Codec();
      this.encoding = Codec === Utf8 ? "utf-8" : "utf-16le";
      this.fatal = Boolean(fatal);
      this.ignoreBOM = Boolean(ignoreBOM);
    }
    decode(input = new Uint8Array(), { stream = false } = {}) {
      const bytes = ArrayBuffer.isView(input)
        ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
        : new Uint8Array(input);
      const broken = () => {
        if (!this.fatal) return 0xfffd;
        this.#started = false;
        this.#codec = new this.#codec.constructor();
        throw new TypeError(`The encoded data was not valid for encoding ${this.encoding}`);
      };
      let text = this.#codec.decode(bytes, stream, broken);
      if (!this.#started && text.length > 0) {
        this.#started = true;
        if (!this.ignoreBOM && text[0] === "\ufeff") text = text.slice(1);
      }
      if (!stream) this.#started = false;
      return text;
    }
  }

  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const btoa = (text) => {
    text = String(text);
    if (/[^\0-\xff]/.test(text)) throw new RangeError("btoa() takes characters up to U+00FF only");
    let out = "";
    for (let i = 0; i < text.length; i += 3) {
      const [a, b, c] = [0, 1, 2].map((n) => text.charCodeAt(i + n));
      const bits = (a << 16) | (b << 8) | c;
      out += alphabet[bits >> 18] + alphabet[(bits >> 12) & 63];
      out += (i + 1 < text.length ? alphabet[(bits >> 6) & 63] : "=") + (i + 2 < text.length ? alphabet[bits & 63] : "=");
    }
    return out;
  };
  const atob = (text) => {
    text = String(text).replace(/[\t\n\f\r ]/g, "");
    if (text.length % 4 === 0) text = text.replace(/={1,2}$/, "");
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new RangeError("atob() got no valid base64");
    let out = "";
    let bits = 0;
    let count = 0;
    for (const character of text) {
      bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        out += String.fromCharCode((bits >> count) & 0xff);
      }
    }
    return out;
  };

  return { TextEncoder, TextDecoder, atob, btoa };
}
