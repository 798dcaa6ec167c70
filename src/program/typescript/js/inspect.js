// Values as text for the console, in the manner of Node's util.inspect.
"use strict";
({ shown, revealed, promiseState }) => {
  const widest = 76;
  const mostItems = 100;
  const plainName = /^[A-Za-z_$][\w$]*$/;

  const quote = (text) => {
    const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
    const body = text
      .replace(/[\\\n\r\t\b\f\v\0]/g, (c) =>
        ({ "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\v": "\\v", "\0": "\\x00" })[c])
      .replace(/[\x01-\x1f\x7f]/g, (c) => "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase());
    return mark + (mark === "'" ? body.replace(/'/g, "\\'") : body) + mark;
  };
  const primitive = (value, top) => {
    if (typeof value === "string") return top ? value : quote(value);
    if (typeof value === "bigint") return `${value}n`;
    return Object.is(value, -0) ? "-0" : String(value);
  };
  const keyText = (key) =>
    typeof key === "symbol" ? `[${String(key)}]` : plainName.test(key) ? key : quote(key);
  const className = (object) => {
    for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
      const constructor = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
      if (typeof constructor === "function" && constructor.name) return constructor.name;
    }
    return object instanceof Promise ? "Promise" : null;
  };
  const tag = (object, usual) => {
    const name = className(object);
    return name === null ? `[${usual}: null prototype] ` : name === usual ? "" : `${name} `;
  };
  const errorText = (error) => {
    const head = Error.prototype.toString.call(error);
    const stack = typeof error.stack === "string" ? error.stack : "";
    const frames = stack.split("\n").filter((line) => /^\s+at |^\s*at /.test(line) && !line.includes("athanor:"));
    return frames.length ? `${head}\n${frames.map((line) => "    " + line.trim()).join("\n")}` : `[${head}]`;
  };

  const inspect = (value, options = {}) => {
    const deepest = options.depth === null ? Infinity : options.depth ?? 2;
    const seen = [];
    const circular = new Map();

    const show = (value, depth, indent, top) => {
      if (value === null || (typeof value !== "object" && typeof value !== "function")) return primitive(value, top);
      const unknown = shown(value);
      if (unknown !== undefined) return unknown;
      value = revealed(value);
      if (seen.includes(value)) {
        if (!circular.has(value)) circular.set(value, circular.size + 1);
        return `[Circular *${circular.get(value)}]`;
      }
      seen.push(value);
      const text = body(value, depth, indent);
      seen.pop();
      return circular.has(value) ? `<ref *${circular.get(value)}> ${text}` : text;
    };

    const members = (object, depth, indent, skip = () => false) => {
      const keys = Reflect.ownKeys(object).filter(
        (key) => !skip(key) && Object.getOwnPropertyDescriptor(object, key)?.enumerable);
      return keys.map((key) => {
        const property = Object.getOwnPropertyDescriptor(object, key);
        const text =
          property.get && property.set ? "[Getter/Setter]" : property.get ? "[Getter]" : property.set ? "[Setter]" :
          show(property.value, depth + 1, indent + "  ");
        return `${keyText(key)}: ${text}`;
      });
    };
    const wrap = (prefix, left, parts, right, indent) => {
      if (parts.length === 0) return `${prefix}${left}${right}`;
      const line = `${prefix}${left} ${parts.join(", ")} ${right}`;
      if (line.length + indent.length <= widest && !parts.some((part) => part.includes("\n"))) return line;
      return `${prefix}${left}\n${indent}  ${parts.join(`,\n${indent}  `)}\n${indent}${right}`;
    };
    const most = (parts, total) => {
      if (total > mostItems) parts.push(`... ${total - mostItems} more item${total - mostItems > 1 ? "s" : ""}`);
      return parts;
    };
    const isIndex = (key) => typeof key === "string" && /^\d+$/.test(key);

    const body = (object, depth, indent) => {
      if (typeof object === "function") {
        const kind = /^class\b/.test(Function.prototype.toString.call(object)) ? "class" : className(object) ?? "Function";
        const label = kind === "class" ? `[class ${object.name || "(anonymous)"}]` : `[${kind}${object.name ? ": " + object.name : " (anonymous)"}]`;
        const parts = depth > deepest ? [] : members(object, depth, indent);
        return parts.length ? wrap(label + " ", "{", parts, "}", indent) : label;
      }
      if (object instanceof Error) {
        const parts = depth > deepest ? [] : members(object, depth, indent, (key) => key === "stack" || key === "message");
        if (Object.hasOwn(object, "cause")) parts.push(`[cause]: ${show(object.cause, depth + 1, indent + "  ")}`);
        const text = errorText(object).replace(/\n/g, "\n" + indent);
        return parts.length ? wrap(text + " ", "{", parts, "}", indent) : text;
      }
      if (object instanceof Date) return Number.isNaN(object.getTime()) ? "Invalid Date" : object.toISOString();
      if (object instanceof RegExp) return String(object);
      if (object instanceof String || object instanceof Number || object instanceof Boolean)
        return `[${className(object)}: ${primitive(object.valueOf())}]`;
      if (depth > deepest) return Array.isArray(object) ? "[Array]" : `[${className(object) ?? "Object: null prototype"}]`;
      const inner = indent + "  ";
      if (Array.isArray(object)) {
        const parts = [];
        for (let i = 0; i < Math.min(object.length, mostItems); i++) {
          let holes = 0;
          while (i < object.length && !(i in object)) holes++, i++;
          if (holes) parts.push(`<${holes} empty item${holes > 1 ? "s" : ""}>`);
          if (i < object.length) parts.push(show(object[i], depth + 1, inner));
        }
        const prefix = className(object) === "Array" ? "" : `${className(object)}(${object.length}) `;
        return wrap(prefix, "[", [...most(parts, object.length), ...members(object, depth, indent, isIndex)], "]", indent);
      }
      if (ArrayBuffer.isView(object) && !(object instanceof DataView)) {
        const parts = Array.from(object.subarray(0, mostItems), (item) => primitive(item));
        return wrap(`${className(object)}(${object.length}) `, "[", most(parts, object.length), "]", indent);
      }
      if (object instanceof Map) {
        const parts = [...object].slice(0, mostItems).map(([key, item]) =>
          `${show(key, depth + 1, inner)} => ${show(item, depth + 1, inner)}`);
        return wrap(`Map(${object.size}) `, "{", most(parts, object.size), "}", indent);
      }
      if (object instanceof Set) {
        const parts = [...object].slice(0, mostItems).map((item) => show(item, depth + 1, inner));
        return wrap(`Set(${object.size}) `, "{", most(parts, object.size), "}", indent);
      }
      if (object instanceof Promise) {
        const { state, value } = promiseState(object);
        const text = state === "pending" ? "<pending>" :
          (state === "rejected" ? "<rejected> " : "") + show(value, depth + 1, inner);
        return wrap("Promise ", "{", [text], "}", indent);
      }
      if (object instanceof WeakMap || object instanceof WeakSet) return `${className(object)} { <items unknown> }`;
      const toStringTag = object[Symbol.toStringTag];
      const prefix = tag(object, "Object") +
        (typeof toStringTag === "string" && toStringTag !== "" && toStringTag !== className(object) ? `[${toStringTag}] ` : "");
      return wrap(prefix, "{", members(object, depth, indent), "}", indent);
    };

    return show(value, 0, "", options.top);
  };

  // As Node's util.format: %s %d %i %f %j %o %O %c %%.
  const format = (values) => {
    const rest = [...values];
    let text = "";
    if (typeof rest[0] === "string" && rest.length > 1 && /%[sdifjoOc%]/.test(rest[0])) {
      text = rest.shift().replace(/%([sdifjoOc%])/g, (whole, kind) => {
        if (kind === "%") return "%";
        if (rest.length === 0) return whole;
        const value = rest.shift();
        switch (kind) {
          case "s": return typeof value === "object" && value !== null ? inspect(value, { depth: 0 }) : primitive(value, true);
          case "d": return typeof value === "object" ? "NaN" : typeof value === "bigint" ? `${value}n` : String(Number(value));
          case "i": return typeof value === "object" ? "NaN" : String(parseInt(value, 10));
          case "f": return String(parseFloat(value));
          case "j": return JSON.stringify(value) ?? "undefined";
          case "c": return "";
          default: return inspect(value, { depth: kind === "o" ? 4 : 2 });
        }
      });
      if (rest.length) text += " ";
    }
    return text + rest.map((value) => inspect(value, { top: true })).join(" ");
  };

  const table = (data) => {
    const cells = (value) => inspect(value, { depth: 0 });
    const entries = data instanceof Map ? [...data] : Object.entries(data);
    const columns = [];
    let hasValues = false;
    for (const [, row] of entries) {
      if (row !== null && typeof row === "object" && shown(row) === undefined) {
        for (const key of Object.keys(row)) if (!columns.includes(key)) columns.push(key);
      } else hasValues = true;
    }
    const head = ["(index)", ...columns, ...(hasValues ? ["Values"] : [])];
    const rows = entries.map(([index, row]) => {
      const object = row !== null && typeof row === "object" && shown(row) === undefined;
      return [String(index),
        ...columns.map((key) => (object && Object.hasOwn(row, key) ? cells(row[key]) : "")),
        ...(hasValues ? [object ? "" : cells(row)] : [])];
    });
    const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)) + 2);
    const line = (left, middle, right) => left + widths.map((width) => "─".repeat(width)).join(middle) + right;
    const row = (texts) => "│" + texts.map((text, i) => ` ${text.padEnd(widths[i] - 1)}`).join("│") + "│";
    return [line("┌", "┬", "┐"), row(head), line("├", "┼", "┤"), ...rows.map(row), line("└", "┴", "┘")].join("\n");
  };

  return { inspect, format, table };
}
