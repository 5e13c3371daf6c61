// Whether the app starts with the settings that infra/ gives it: the app itself is asked, by LocalHost's `check`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { files, readAll, root, sources } from "./harness/infra.mjs";
import { main, settingNames } from "./harness/rules.mjs";

const localHost = process.env.FUNCTIONSAUTH_LOCALHOST ?? join(root, "src/FunctionsAuth.LocalHost/bin/Debug/net10.0/FunctionsAuth.LocalHost.dll");
const dotnet = process.env.DOTNET_HOST_PATH ?? "dotnet";

// What stands there in Azure, in the form that Azure gives it.
const examples = {
  FunctionsAuth__Issuer: "https://func-abc.azurewebsites.net",
  FunctionsAuth__Storage__AccountUri: "https://stdataabc.table.core.windows.net/",
  FunctionsAuth__Vault__Uri: "https://kv-abc-0.vault.azure.net/",
  FunctionsAuth__Vault__ManagedIdentityClientId: "7b1c8a1e-0f5c-4c52-9d8a-2b9f0c6f7d11",
  FunctionsAuth__Keys__Mode: "vault",
  FunctionsAuth__ClientAddress__Source: "front-door",
  FunctionsAuth__ClientAddress__FrontDoorId: "3f1e2d4c-5b6a-4798-8123-456789abcdef",
  FunctionsAuth__Mail__Host: "smtp.azurecomm.net",
  FunctionsAuth__Mail__From: "no-reply@example.com",
  FunctionsAuth__Mail__Username: "mailer",
  FunctionsAuth__Mail__Password: "@Microsoft.KeyVault(SecretUri=https://kv-abc-0.vault.azure.net/secrets/mail-password)",
  "FunctionsAuth__Vault__MoreUris__*": ["FunctionsAuth__Vault__MoreUris__0", "https://kv-abc-1.vault.azure.net/"],
  "FunctionsAuth__*": ["FunctionsAuth__Lifetimes__AccessToken", "00:10:00"],
};

const serverNames = (all) => settingNames(all).filter((name) => name.startsWith("FunctionsAuth__"));

function settingsOf(names) {
  return Object.fromEntries(names.map((name) => Array.isArray(examples[name]) ? examples[name] : [name, examples[name] ?? "unknown"]));
}

/** @returns whether it would start, and what it says. */
async function check(settings) {
  const options = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name.replace(/^FunctionsAuth__/, "")}=${value}`]);
  try {
    return { starts: true, says: (await promisify(execFile)(dotnet, [localHost, "check", ...options])).stdout };
  } catch (failure) {
    return { starts: false, says: failure.stderr };
  }
}

describe("The app's settings", () => {
  const names = serverNames(files);

  test("are those that the examples know", () => assert.deepEqual(names.toSorted(), Object.keys(examples).toSorted()));

  test("start the app", async () => assert.deepEqual(await check(settingsOf(names)), { starts: true, says: "The settings are valid.\n" }));

  for (const required of ["FunctionsAuth__Issuer", "FunctionsAuth__Storage__AccountUri", "FunctionsAuth__Vault__Uri"])
    test(`don't start it without ${required}`, async () => {
      const { starts, says } = await check(settingsOf(names.filter((name) => name !== required && name !== "FunctionsAuth__Vault__MoreUris__*")));
      assert.equal(starts, false);
      assert.ok(says.includes(required.replace("FunctionsAuth__", "").replace("__", ":")), says);
    });

  test("name the identity, or the app would look for a developer's", () => assert.ok(names.includes("FunctionsAuth__Vault__ManagedIdentityClientId")));

  test("are read by the app, each of them: a wrong name stops it", async () => {
    const path = "app/function-app.bicep";
    const changed = readAll({ ...sources, [path]: sources[path].replace("FunctionsAuth__Keys__Mode:", "FunctionsAuth__Keys__Modus:") });
    const { starts, says } = await check(settingsOf(serverNames(changed)));
    assert.equal(starts, false);
    assert.match(says, /There is no setting|Modus/);
  });

  for (const mode of main(files).parameters.find(({ name }) => name === "keyMode").decorations.allowed[0])
    test(`may have the key mode ${mode}`, async () => {
      const settings = { ...settingsOf(names), FunctionsAuth__Keys__Mode: mode };
      if (mode === "wrapped") delete settings.FunctionsAuth__Vault__MoreUris__0; // as function-app.bicep does
      assert.equal((await check(settings)).starts, true);
    });
});

describe("What the app expects of its keys", () => {
  const options = readFileSync(join(root, "src/FunctionsAuth.Protocol/Configuration/KeyOptions.cs"), "utf8");
  const keys = files.flatMap(({ resources }) => resources).filter(({ type }) => type === "Microsoft.KeyVault/vaults/keys").map(({ body }) => body.name);
  const days = (parameter) => Number(/^P(\d+)D$/.exec(main(files).parameters.find(({ name }) => name === parameter).value)[1]);

  test("are the names that the vaults give them", () => {
    const expected = [...options.matchAll(/KeyName \{ get; init; \} = "([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(keys.toSorted(), expected.toSorted());
  });

  test("is that the vaults replace them before the app would, and long before they expire", () => {
    const rotateEvery = Number(/RotateEvery .*FromDays\((\d+)\)/.exec(options)[1]);
    assert.ok(days("rotateKeysAfter") >= 7 && days("rotateKeysAfter") < rotateEvery);
    assert.ok(days("expireKeysAfter") >= days("rotateKeysAfter") + 28);
  });
});
