import type { OnlyType } from "./a";
import { type AlsoType, value, Unused } from "./b";
import Default, { named as renamed, NeverUsed as AlsoNever } from "./c";
import * as all from "./d";
import * as unusedAll from "./e";
import "./side-effect";
import UnusedDefault from "./f";
import type Whole from "./g";
import typeOnly, { type T } from "./h";
export type { OnlyType } from "./a";
export type * from "./i";
export * from "./j";
export * as k from "./k";
export { value, type AlsoType, renamed as other };
export type Local = Unused & UnusedDefault & AlsoNever & Whole & T & typeof unusedAll;
export interface Shape { a: string }
export declare const ambient: string;
export declare function ambientFunction(): void;
declare global { interface Window { a: 1 } }
declare module "x" { export const y: 1 }
export default class<T> extends Default<T> implements Shape { a = all.b }
export abstract class Abstract<T> { abstract a: string; abstract b(): void; abstract get c(): string; d(): void {} }
export function overload(a: string): void;
export function overload(a: number): void;
export function overload(a: any) {}
export async function* generator<T>(this: any, x: T): AsyncGenerator<T> { yield x as T; }
export const data = await import("./l");
void typeOnly;
