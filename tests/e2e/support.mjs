// What the tests of JavaScript clients share: an AWS that runs beside one test, and folders that go with it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const athanor = process.env.ATHANOR ?? new URL("../../build/athanor", import.meta.url).pathname;

/** A new folder, gone when the test `t` has ended. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "athanor-e2e-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts `athanor local` with further options; it is stopped when the test `t` has ended. Resolves to its URL. */
export async function startAws(t, ...options) {
  const server = spawn(athanor, ["local", "--port", "0", "--no-streams", "--data", join(folder(t), "aws"), ...options], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  t.after(async () => {
    server.kill();
    await ended;
  });
  for await (const line of createInterface(server.stdout)) {
    const url = line.match(/http:\/\/[\d.]+:\d+/);
    if (url) return url[0];
  }
  throw new Error("athanor local did not say its URL");
}

/** What `GET /_athanor/health` says. */
export const health = async (url) => (await fetch(`${url}/_athanor/health`)).json();
