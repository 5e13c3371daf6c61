using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>The OpenAPI document of the management API: what it says is what there is.</summary>
public sealed class OpenApiTests(ManageServer manage) : IClassFixture<ManageServer>
{
    [Fact]
    public async Task The_document_is_valid_and_has_every_operation()
    {
        var text = await manage.Server.Http.GetStringAsync("manage/api/v1/openapi.json");
        var result = Microsoft.OpenApi.OpenApiDocument.Parse(text, "json");
        Assert.Empty(result.Diagnostic!.Errors.Concat(result.Diagnostic.Warnings).Select(error => $"{error.Pointer} {error.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, result.Diagnostic.SpecificationVersion);
        var described = result.Document!.Paths.SelectMany(path => path.Value.Operations!.Select(operation => (operation.Value.OperationId!, operation.Key.Method, path.Key[1..]))).Order();
        Assert.Equal(Operations.Select(operation => (operation.Id, operation.Method, operation.Path)).Order(), described);
        Assert.Equal(Operations.Count, Operations.Select(operation => operation.Id).Distinct().Count());
        Assert.NotEmpty(result.Document.Components!.Schemas!["Client"].Properties!);
    }

    [Fact]
    public async Task Answers_have_the_members_that_the_document_says()
    {
        var document = JsonNode.Parse(await manage.Server.Http.GetStringAsync("manage/api/v1/openapi.json"))!;
        var boss = await manage.AsBossAsync();
        foreach (var operation in Operations.Where(operation => operation.Method == "GET" && operation.Result is not null))
        {
            var answer = (await boss.GetAsync(operation.Path.Replace("{subject}", "boss-subject", StringComparison.Ordinal).Replace("{client}", "web", StringComparison.Ordinal)
                .Replace("{group}", "staff", StringComparison.Ordinal).Replace("{scope}", "api.read", StringComparison.Ordinal).Replace("{resource}", ResourceKey.Of("https://api.example"), StringComparison.Ordinal)));
            if (answer.Status == 404)
                continue;
            var schema = document["paths"]!["/" + operation.Path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
            Check(document, schema, answer.ShouldBe(200).Json!, operation.Id);
        }
    }

    private IReadOnlyList<Operation> Operations => [.. manage.Server.Get<ManageApi>().Operations];

    private static void Check(JsonNode document, JsonNode schema, JsonNode? value, string path)
    {
        if (schema["$ref"]?.ToString() is { } reference)
            schema = document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!;
        if (value is JsonArray items)
        {
            Assert.True(schema["type"]?.ToString() == "array", $"{path} is an array");
            foreach (var (index, item) in items.Index())
                Check(document, schema["items"]!, item, $"{path}[{index}]");
        }
        else if (value is JsonObject members && schema["properties"] is JsonObject properties)
        {
            foreach (var (name, member) in members)
            {
                if (properties[name] is { } known)
                    Check(document, known, member, $"{path}.{name}");
                else
                    Assert.True(name.Contains('#', StringComparison.Ordinal), $"{path}.{name} is not in the document");
            }
        }
    }
}
