using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>The OpenAPI 3.1 document of the management API, generated from its operations.</summary>
public sealed class OpenApiDocument(ManageApi api, ServerUrls urls)
{
    private const string Scheme = "oauth2";

    private readonly Lazy<JsonObject> document = new(() => new Writer(api, urls).Write());

    /// <summary>Where the API is.</summary>
    public string Address => urls.Of(Routes.ManageApi);

    public JsonObject Write() => document.Value;

    private sealed class Writer(ManageApi api, ServerUrls urls)
    {
        private readonly SchemaBook schemas = new();

        public JsonObject Write()
        {
            var paths = new JsonObject();
            foreach (var resource in api.Resources)
            {
                foreach (var operation in resource.Operations)
                {
                    var path = "/" + operation.Path;
                    var item = paths[path] as JsonObject ?? [];
                    paths[path] = item;
                    item[operation.Method.ToLowerInvariant()] = Describe(operation, resource.Tag);
                }
            }
            schemas.Schemas["Problem"] = ProblemSchema();
            return new JsonObject
            {
                ["openapi"] = "3.1.0",
                ["info"] = new JsonObject
                {
                    ["title"] = "FunctionsAuth management API",
                    ["version"] = "1",
                    ["description"] = $"Access tokens are for the resource {urls.ManageResource}. A change of an existing record requires If-Match, and a new record requires If-None-Match: *. Errors are problem details (RFC 9457). A list has at most limit entries. If it has next, there are more.",
                },
                ["servers"] = new JsonArray(new JsonObject { ["url"] = urls.Of(Routes.ManageApi) }),
                ["tags"] = new JsonArray([.. api.Resources.Select(resource => resource.Tag).Distinct().Select(tag => (JsonNode)new JsonObject { ["name"] = tag })]),
                ["paths"] = paths,
                ["components"] = new JsonObject
                {
                    ["securitySchemes"] = new JsonObject { [Scheme] = SecurityScheme() },
                    ["schemas"] = new JsonObject(schemas.Schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value))),
                },
            };
        }

        private JsonObject Describe(Operation operation, string tag)
        {
            var described = new JsonObject
            {
                ["operationId"] = operation.Id,
                ["tags"] = new JsonArray(tag),
                ["summary"] = operation.Summary,
                ["parameters"] = Parameters(operation),
                ["security"] = new JsonArray(new JsonObject { [Scheme] = new JsonArray(operation.Scope) }),
                ["responses"] = Responses(operation),
                // What it costs at most: see Operation.Cost.
                ["x-storage-operations"] = operation.Cost,
            };
            if (operation.Body is not null)
                described["requestBody"] = new JsonObject { ["required"] = !operation.IsBodyOptional, ["content"] = Content(operation) };
            return described;
        }

        private static JsonArray Parameters(Operation operation)
        {
            JsonArray parameters = [];
            foreach (var name in operation.Segments.Where(segment => segment.StartsWith('{')).Select(segment => segment[1..^1]))
                parameters.Add(Parameter(name, "path", true, "The name, in the spelling of key if the record has one."));
            foreach (var query in operation.Query)
                parameters.Add(Parameter(query.Name, "query", false, query.Description));
            if (operation.Precondition != Precondition.None)
                parameters.Add(Parameter("If-Match", "header", operation.Precondition == Precondition.Match, "The entity tag of the record that is changed."));
            if (operation.Precondition == Precondition.MatchOrNew)
                parameters.Add(Parameter("If-None-Match", "header", false, "* for a record that is new."));
            if (operation.TakesIdempotencyKey)
                parameters.Add(Parameter("Idempotency-Key", "header", false, "A repeated request with the same key within a day gets the same answer."));
            return parameters;
        }

        private static JsonObject Parameter(string name, string place, bool required, string description) => new()
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = required,
            ["description"] = description,
            ["schema"] = new JsonObject { ["type"] = name == "limit" ? "integer" : "string" },
        };

        private JsonObject Content(Operation operation)
        {
            var schema = operation.BodyType == "application/json" ? schemas.RefTo(operation.Body!) : new JsonObject { ["type"] = "string" };
            if (operation.Method != HttpMethods.Patch)
                return new JsonObject { [operation.BodyType] = new JsonObject { ["schema"] = schema } };
            // A patch may have any of the members, and null for each.
            return new JsonObject { ["application/merge-patch+json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } };
        }

        private JsonObject Responses(Operation operation)
        {
            var success = new JsonObject { ["description"] = "Done." };
            if (operation.Result is { } result)
                success["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schemas.RefTo(result) } };
            var responses = new JsonObject { [Text(operation.Status)] = success };
            if (operation.Precondition == Precondition.MatchOrNew)
                responses[Text(StatusCodes.Status201Created)] = success.DeepClone();
            responses["default"] = new JsonObject
            {
                ["description"] = "The request failed. The problem says why.",
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } } },
            };
            return responses;
        }

        private JsonObject SecurityScheme()
        {
            var scopes = new JsonObject(ManageScopes.All.Select(scope => KeyValuePair.Create<string, JsonNode?>(scope.Name, scope.DisplayName)));
            return new JsonObject
            {
                ["type"] = "oauth2",
                ["flows"] = new JsonObject
                {
                    ["authorizationCode"] = new JsonObject
                    {
                        ["authorizationUrl"] = urls.Of(Routes.Authorize),
                        ["tokenUrl"] = urls.Of(Routes.Token),
                        ["refreshUrl"] = urls.Of(Routes.Token),
                        ["scopes"] = scopes,
                    },
                    ["clientCredentials"] = new JsonObject { ["tokenUrl"] = urls.Of(Routes.Token), ["scopes"] = scopes.DeepClone() },
                },
            };
        }

        private static JsonObject ProblemSchema()
        {
            static JsonObject Text() => new() { ["type"] = "string" };
            return new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["type"] = Text(),
                    ["title"] = Text(),
                    ["status"] = new JsonObject { ["type"] = "integer" },
                    ["detail"] = Text(),
                    ["errors"] = new JsonObject
                    {
                        ["type"] = "array",
                        ["items"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["path"] = Text(), ["detail"] = Text() } },
                    },
                },
            };
        }

        private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
