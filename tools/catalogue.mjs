// Packs all resource types of @aws-cdk/aws-service-spec, and the overlays of src/schema/overlays/, into the one
// file that the schema library embeds. Its layout is told in docs/schemas.md and read by src/schema/pack.cpp.
//
//   node tools/catalogue.mjs DB.JSON.GZ OUTPUT [OVERLAY.json …]
import fs from "node:fs";
import zlib from "node:zlib";

const [input, output, ...overlayFiles] = process.argv.slice(2);
if (!input || !output) {
  console.error("usage: node tools/catalogue.mjs DB.JSON.GZ OUTPUT [OVERLAY.json …]");
  process.exit(2);
}

const db = JSON.parse(zlib.gunzipSync(fs.readFileSync(input))).schema;
const definitions = new Map(db.typeDefinition.entities.map((d) => [d.$id, d]));

/** Turns one resource of the database into a schema in the words of AWS's registry, and its documentation. */
class Converter {
  constructor(resource) {
    this.resource = resource;
    this.names = new Map(); // id of a definition -> its name here
    this.definitions = {};
    this.docs = {};
  }

  convert() {
    const resource = this.resource;
    const root = this.object(resource.properties, this.docs);
    for (const path of resource.additionalReplacementProperties ?? []) this.flag(root, path, "createOnly");
    for (const [name, attribute] of Object.entries(resource.attributes)) this.attribute(root, name, attribute);
    const tags = root.properties[resource.tagInformation?.tagPropertyName];
    if (tags?.items) tags.insertionOrder = false; // no service keeps the order of tags
    const record = { typeName: resource.cloudFormationType, ...root };
    if (Object.keys(this.definitions).length) record.definitions = this.definitions;
    if (resource.primaryIdentifier?.length) record.primaryIdentifier = resource.primaryIdentifier;
    if (resource.arnTemplate) record.arnTemplate = resource.arnTemplate;
    if (tags) record.tagProperty = resource.tagInformation.tagPropertyName;
    const reason = notDeployable(resource);
    if (reason) record.notDeployable = reason;
    if (resource.documentation) this.docs.description = resource.documentation;
    return { record, docs: this.docs };
  }

  object(properties, docs) {
    const out = { type: "object", properties: {} };
    const required = [];
    for (const [name, property] of Object.entries(properties)) {
      const node = this.type(property.type);
      if (property.causesReplacement === "yes") node.createOnly = true;
      const value = defaultOf(property);
      if (value !== undefined) node.default = value;
      refer(node, name, property.relationshipRefs);
      out.properties[name] = node;
      if (property.required) required.push(name);
      document(docs, name, property.documentation);
    }
    if (required.length) out.required = required;
    return out;
  }

  type(type) {
    switch (type.type) {
      case "array":
        return { type: "array", items: this.type(type.element) };
      case "map":
        return { type: "object", additionalProperties: this.type(type.element) };
      case "union":
        return { oneOf: type.types.map((t) => this.type(t)) };
      case "ref":
        return { $ref: "#/definitions/" + this.define(type.reference.$ref) };
      case "tag":
        return { $ref: "#/definitions/" + this.define("tag") };
      case "json":
        return {};
      case "date-time":
        return { type: "string" };
      case "string":
      case "integer":
      case "number":
      case "boolean":
        return type.allowedValues ? { type: type.type, enum: type.allowedValues } : { type: type.type };
      default:
        throw new Error(`${this.resource.cloudFormationType}: a type of kind "${type.type}" is new to this script`);
    }
  }

  define(id) {
    if (this.names.has(id)) return this.names.get(id);
    const definition =
      id === "tag"
        ? { name: "Tag", properties: { Key: { type: { type: "string" }, required: true }, Value: { type: { type: "string" } } } }
        : definitions.get(id);
    let name = definition.name;
    for (let i = 2; name in this.definitions; ++i) name = definition.name + i;
    this.names.set(id, name);
    this.definitions[name] = {}; // taken, before what it refers to is defined
    const docs = {};
    this.definitions[name] = this.object(definition.properties, docs);
    if (definition.documentation) docs.description = definition.documentation;
    if (Object.keys(docs).length) (this.docs.definitions ??= {})[name] = docs;
    return name;
  }

  /** The object that `node` stands for, made its own where it is a shared definition, so that it can be changed. */
  own(node) {
    if (node.$ref) {
      const name = node.$ref.slice("#/definitions/".length);
      delete node.$ref;
      Object.assign(node, { title: name, ...structuredClone(this.definitions[name]) });
    }
    return node;
  }

  flag(root, path, flag) {
    let node = root;
    for (const step of path) {
      this.own(node);
      node = step === "*" ? node.items ?? node.additionalProperties : node.properties?.[step];
      if (!node) return; // the path is of an older form of the type
    }
    node[flag] = true;
  }

  /** A read-only property; "Endpoint.Address" stands inside of Endpoint, which may have no other properties. */
  attribute(root, name, attribute) {
    let node = root;
    const steps = name.split(".").filter((s) => s !== "*");
    for (const step of steps.slice(0, -1)) {
      while (this.own(node).items) node = node.items;
      if (node.additionalProperties) node = this.own(node.additionalProperties);
      if (!node.type) return; // free-form: nothing to add
      node.properties ??= {};
      node = node.properties[step] ??= { type: "object", readOnly: true };
    }
    while (this.own(node).items) node = node.items;
    const last = steps.at(-1);
    if (node.type !== "object" || node.additionalProperties || (node === root && last in root.properties)) return;
    node.properties ??= {};
    node.properties[last] = { ...(node.properties[last] ?? this.type(attribute.type)), readOnly: true };
    node.required = node.required?.filter((r) => r !== last);
    if (steps.length === 1) document(this.docs, name, attribute.documentation);
  }
}

/** Which other types' properties a value may name, in the words of AWS's registry. */
function refer(node, name, references) {
  // What these hold depends on what stands beside them: that one of many values is a reference says nothing.
  if (!references || /Values?$|^Content$|^DefinitionString$|^Endpoint$/.test(name)) return;
  const words = references.map((r) => ({
    relationshipRef: { typeName: r.cloudFormationType, propertyPath: `/properties/${r.propertyName}` },
  }));
  Object.assign(node, words.length === 1 ? words[0] : { anyOf: words });
}

function document(docs, name, text) {
  if (text) (docs.properties ??= {})[name] = { description: text };
}

function defaultOf(property) {
  if (property.defaultValue === undefined) return undefined;
  try {
    return JSON.parse(property.defaultValue);
  } catch {
    return undefined; // prose, not a value
  }
}

function notDeployable(resource) {
  if (resource.cloudFormationTransform)
    return `it is a macro of ${resource.cloudFormationTransform}, which only CloudFormation expands`;
  if (!resource.primaryIdentifier?.length)
    return "AWS publishes no identifier for it, so the Cloud Control API cannot manage it";
  return "";
}

// CBOR (RFC 8949) of JSON values: what nlohmann/json reads back.
function cbor(value) {
  const parts = [];
  const head = (major, n) => {
    if (n < 24) parts.push(Buffer.from([(major << 5) | n]));
    else if (n < 0x100) parts.push(Buffer.from([(major << 5) | 24, n]));
    else if (n < 0x10000) parts.push(Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
    else {
      const b = Buffer.alloc(5);
      b[0] = (major << 5) | 26;
      b.writeUInt32BE(n, 1);
      parts.push(b);
    }
  };
  const put = (v) => {
    if (v === null) parts.push(Buffer.from([0xf6]));
    else if (typeof v === "boolean") parts.push(Buffer.from([v ? 0xf5 : 0xf4]));
    else if (Number.isInteger(v) && Math.abs(v) < 2 ** 32) v < 0 ? head(1, -1 - v) : head(0, v);
    else if (typeof v === "number") {
      const b = Buffer.alloc(9);
      b[0] = 0xfb;
      b.writeDoubleBE(v, 1);
      parts.push(b);
    } else if (typeof v === "string") {
      const bytes = Buffer.from(v);
      head(3, bytes.length);
      parts.push(bytes);
    } else if (Array.isArray(v)) {
      head(4, v.length);
      v.forEach(put);
    } else {
      const entries = Object.entries(v).filter(([, inner]) => inner !== undefined);
      head(5, entries.length);
      for (const [key, inner] of entries) put(key), put(inner);
    }
  };
  put(value);
  return Buffer.concat(parts);
}

function pack(types) {
  const lower = (s) => s.toLowerCase();
  types.sort((a, b) => (lower(a.name) < lower(b.name) ? -1 : 1));
  const entryBytes = 44;
  const start = 12 + types.length * entryBytes;
  const index = Buffer.alloc(start);
  index.write("athcat1\n", 0);
  index.writeUInt32LE(types.length, 8);
  const blobs = [];
  let offset = start;
  const append = (bytes) => {
    blobs.push(bytes);
    offset += bytes.length;
    return offset - bytes.length;
  };
  types.forEach((type, i) => {
    const at = 12 + i * entryBytes;
    const name = Buffer.from(type.name);
    index.writeUInt32LE(append(name), at);
    index.writeUInt32LE(name.length, at + 4);
    [type.record, type.overlay, type.docs].forEach((value, k) => {
      const raw = value ? cbor(value) : Buffer.alloc(0);
      const packed = value ? zlib.deflateRawSync(raw, { level: 9 }) : raw;
      index.writeUInt32LE(append(packed), at + 8 + k * 12);
      index.writeUInt32LE(packed.length, at + 12 + k * 12);
      index.writeUInt32LE(raw.length, at + 16 + k * 12);
    });
  });
  return Buffer.concat([index, ...blobs]);
}

const types = new Map();
for (const resource of db.resource.entities) {
  const { record, docs } = new Converter(resource).convert();
  types.set(record.typeName, { name: record.typeName, record, docs });
}
for (const file of overlayFiles) {
  const overlay = JSON.parse(fs.readFileSync(file));
  const type = types.get(overlay.typeName);
  if (!type) throw new Error(`${file}: "${overlay.typeName}" is not a type of the database`);
  type.overlay = overlay;
}
fs.writeFileSync(output, pack([...types.values()]));
