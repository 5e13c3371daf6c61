// Queries of Application Insights, read and bound by Microsoft's own parser of KQL.

import "@kusto/language-service-next/bridge.min.js";
import "@kusto/language-service-next/Kusto.Language.Bridge.min.js";

const { GlobalState, KustoCode, Symbols } = globalThis.Kusto.Language;

// The columns of the classic names of AppTraces and AppExceptions, as far as a query here may need them. The exporter for Azure Monitor
// puts category, event id and what was filled into a message under these names into customDimensions.
const tables = {
  traces: "(timestamp:datetime, message:string, severityLevel:int, itemType:string, customDimensions:dynamic, operation_Id:string, cloud_RoleInstance:string)",
  exceptions:
    "(timestamp:datetime, problemId:string, type:string, outerType:string, outerMessage:string, innermostType:string, innermostMessage:string, severityLevel:int, itemType:string, customDimensions:dynamic, operation_Id:string, cloud_RoleInstance:string)",
};

const database = new Symbols.DatabaseSymbol("component", Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name)));
const globals = GlobalState.Default.WithDatabase(database);

/** @returns sentences, also for what is only a warning. */
export function mistakesIn(query) {
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, i) => found.getItem(i)).map(({ Message, Start }) => `${Message} (at ${Start}: ${query.slice(Start, Start + 20)})`);
}
