// Bicep as data: what each file declares, read from its syntax tree by tree-sitter-bicep. Nothing here knows a rule.

import { createRequire } from "node:module";
import { Language, Parser } from "web-tree-sitter";

const require = createRequire(import.meta.url);

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve("tree-sitter-bicep/tree-sitter-bicep.wasm")));

/** What is computed when it is deployed: its text, and the names of functions that it calls. */
export class Expression {
  constructor(node) {
    this.text = node.text;
    this.calls = calls(node);
  }
}

/**
 * @param {string} path for messages, and to find modules by.
 * @returns what the file declares; `syntaxErrors` are lines.
 */
export function readBicep(path, source) {
  const root = parser.parse(source).rootNode;
  const file = {
    path, source, syntaxErrors: syntaxErrors(root), scope: "resourceGroup",
    parameters: [], variables: [], resources: [], modules: [], outputs: [], calls: calls(root), secrets: [],
  };
  let decorators = [];
  for (const node of root.namedChildren) {
    if (node.type === "decorators") {
      decorators = node.namedChildren.map((decorator) => decorator.firstNamedChild);
      continue;
    }
    declare(file, node, decorators);
    decorators = [];
  }
  return file;
}

function declare(file, node, decorators) {
  const decorations = Object.fromEntries(decorators.map(readCall));
  const [name, ...rest] = node.namedChildren;
  switch (node.type) {
    case "target_scope_assignment":
      file.scope = read(name);
      break;
    case "parameter_declaration":
      file.parameters.push({ name: name.text, type: rest[0].text, value: rest[1] && read(rest[1]), hasDefault: rest.length > 1, decorations });
      break;
    case "variable_declaration":
      file.variables.push({ name: name.text, value: read(rest.at(-1)) });
      break;
    case "output_declaration":
      file.outputs.push({ name: name.text, type: rest[0].text, text: rest[1].text, decorations });
      break;
    case "resource_declaration":
      file.resources.push(readResource(node));
      break;
    case "module_declaration":
      file.modules.push({ symbol: name.text, path: read(rest[0]), ...readBody(rest[1]) });
      break;
  }
}

function readResource(node) {
  const [symbol, type, body] = node.namedChildren;
  const [name, apiVersion] = String(read(type)).split("@");
  const isExisting = node.children.some((child) => child.type === "existing");
  return { symbol: symbol.text, type: name, apiVersion, isExisting, ...readBody(body), line: node.startPosition.row + 1 };
}

/** A body may stand behind a condition and in a loop. */
function readBody(node) {
  if (node.type === "for_statement")
    return { ...readBody(node.childForFieldName("body") ?? node.namedChildren.at(-1)), loop: true };
  if (node.type === "if_statement")
    return { ...readBody(node.namedChildren.at(-1)), condition: node.firstNamedChild.text };
  return { body: read(node) };
}

function read(node) {
  switch (node.type) {
    case "string":
      return node.namedChildren.some((child) => child.type === "interpolation") ? new Expression(node) : unescape(node);
    case "number":
      return Number(node.text);
    case "boolean":
      return node.text === "true";
    case "null":
      return null;
    case "array":
      return node.namedChildren.filter(isCode).map(read);
    case "object":
      return Object.fromEntries(node.namedChildren.filter((child) => child.type === "object_property").map(readProperty));
    case "for_statement":
      return [{ each: read(node.childForFieldName("body") ?? node.namedChildren.at(-1)) }];
    default:
      return new Expression(node);
  }
}

function readProperty(node) {
  const [key, value] = node.namedChildren.filter(isCode);
  return [key.type === "string" ? key.text.slice(1, -1) : key.text, read(value)];
}

function readCall(node) {
  return [node.firstNamedChild.text, node.namedChildren.at(-1).namedChildren.filter(isCode).map(read)];
}

const unescape = (node) => node.text.slice(1, -1).replaceAll(/\\(['\\$])/g, "$1");

const isCode = (node) => node.type !== "comment" && node.type !== "diagnostic_comment";

function calls(node) {
  return node.descendantsOfType("call_expression").map((call) => {
    const called = call.firstNamedChild;
    return called.type === "member_expression" ? called.lastNamedChild.text : called.text;
  });
}

function syntaxErrors(node) {
  if (!node.hasError)
    return [];
  const own = node.isError || node.isMissing ? [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`] : [];
  return [...own, ...node.children.flatMap(syntaxErrors)];
}

/** Every object anywhere below a value, with the names that lead to it. */
export function* objectsIn(value, path = []) {
  if (value === null || typeof value !== "object" || value instanceof Expression)
    return;
  if (!Array.isArray(value))
    yield { path, object: value };
  for (const [name, child] of Object.entries(value))
    yield* objectsIn(child, [...path, name]);
}

/** The text of a value as it stands in the file, quotes and all. */
export const textOf = (value) => value instanceof Expression ? value.text : JSON.stringify(value) ?? "";
