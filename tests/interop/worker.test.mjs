// All that openid-client does in openid-client.test.mjs, with what ships: the published app in its own process.

import { test } from "node:test";
import { useWorker } from "./harness/server.mjs";

if (process.env.FUNCTIONSAUTH_TEST_STORAGE) {
  useWorker();
  await import("./openid-client.test.mjs");
} else {
  test("openid-client against the real worker", { skip: "A worker needs a storage account, and FUNCTIONSAUTH_TEST_STORAGE is not set." }, () => {});
}
