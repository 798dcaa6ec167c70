// The same resources as bench/run writes for Athanor, declared with npm's `alchemy`.
// COUNT: how many recording configurations; TOGETHER=1: with Promise.all instead of one after the other.
import alchemy from "alchemy";
import AWS from "alchemy/aws/control";

const app = await alchemy("bench", { stage: "bench", phase: process.env.PHASE ?? "up", quiet: true });
const declare = (n) =>
  AWS.IVS.RecordingConfiguration(`recording${n}`, {
    Name: `recording${n}`,
    DestinationConfiguration: { S3: { BucketName: "recordings" } },
    RecordingReconnectWindowSeconds: 30,
  });
const count = Number(process.env.COUNT ?? 1);
if (process.env.TOGETHER) await Promise.all(Array.from({ length: count }, (_, n) => declare(n)));
else for (let n = 0; n < count; n++) await declare(n);
await app.finalize();
