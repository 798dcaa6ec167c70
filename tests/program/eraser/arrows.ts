const one = (x: number): number => x;
const two = <T,>(x: T): T => x;
const three = async <
  T,
>(x: T) => x;
const four = (
  x: number,
): Promise<
  string
> => null!;
const five = (): { a: 1 } => ({ a: 1 });
const six = async (x?: number, ...rest: string[]): Promise<void> => {};
const seven = (x: unknown): x is string => typeof x === "string";
const eight = (x: unknown): asserts x is string => {};
function nine() {
  return <
    T,
  >(x: T) => x;
}
const ten = (a: (b: number) => string, { c, d }: { c: 1; d: 2 } = { c: 1, d: 2 }) => a(c) + d;
const eleven = one ? (x: number) => x : (y: string): string => y;
const twelve = async (): Promise<void> => { await six(); };
const thirteen = (this_: any) => function (this: Window, a: string) { return this; };
const fourteen = function <T extends { a: [infer: string] }>(this: T) {};
export { one, two, three, four, five, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen };
