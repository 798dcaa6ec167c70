// A type at the end of a line without a semicolon, before a line that would join it.
declare const other: any, f: (...x: any[]) => any, g: any;
const a = other as string;
[1].forEach(f)
const b = other as any
f()
let c = other satisfies unknown
let d: number;
[1, 2].map(f)
class Fields {
  a = other as any;
  ['b'] = 1
  c: string;
  ['d'] = 2
  readonly e = 3
  public ['f'] = 4
  private static *g() {}
  get: any
  h() {}
  static: number
  i() {}
  j!: string;
  *k() {}
  declare l: string
  ['m'] = 1
  n = 1
  o?(): void;
  ['p'] = 2
}
function early(x: any) {
  if (x) return x as any
  return x!
}
type After = string
f()
interface Also {}
[1].map(f)
export const last = other as any
export { a, b, c, d, Fields, early }
