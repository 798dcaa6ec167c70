abstract class Base<T> { constructor(protected_: T) {} }
class Derived<T extends string = "a"> extends Base<T> implements Iterable<T>, PromiseLike<T> {
  static #count: number = 0;
  static readonly limit = 10 as const;
  private readonly name: string;
  protected optional?: string;
  definite!: string;
  declare ambient: string;
  override toString(): string { return super.toString(); }
  public static async create<T>(this: any, x?: T): Promise<void> {}
  [key: string]: any;
  get value(): number { return 1 }
  set value(x: number) {}
  static { Derived.#count++; }
  method?<T>(x: T): x is T;
  overloaded(a: string): void;
  overloaded(a: number): void;
  overloaded(a: any): void {}
  async *[Symbol.asyncIterator](): AsyncIterator<T> {}
  constructor(name: string);
  constructor(name: any, private_?: number) { super(name); this.name = name; }
  arrow = async <U,>(x: U): Promise<U> => x;
  then!: any;
  [Symbol.iterator](): any {}
}
const expression = class Named<T> implements Foo {};
interface Foo {}
let definite!: string, typed: number = 1, many: [a: string, b?: number] = ["a"];
try { } catch (error: unknown) { }
label: for (const x of [1]) continue label;
type Conditional<T> = T extends [infer A extends string, ...infer B] ? A : never;
function assert(x: unknown): asserts x {}
declare function declared(): void;
declare class DeclaredClass { a: string }
declare enum DeclaredEnum { A }
declare let declaredLet: string;
function f(a?: number, b: string = "x", ...c: any[]): void {}
var fn = function* <T>(x: T): Generator<T> {};
const object = { method<T>(x: T): T { return x }, get a(): string { return "" }, async *b(): any {}, [`c`]: 1 as number };
let unique: unique symbol, ctor: abstract new () => void, fnType: (x: number) => void = () => {};
let type = 1, declare = 2, namespace = 3, abstract = 4, readonly = 5, as = 6, is = 7, satisfies = 8, of = 9, module = 10;
type = declare + namespace + abstract + readonly + as + is + satisfies + of + module;
export { Derived, expression, definite, typed, many, Base, assert, f, fn, object, unique, ctor, fnType };
