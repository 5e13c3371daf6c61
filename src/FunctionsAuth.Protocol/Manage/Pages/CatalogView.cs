using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The scopes, and the APIs that accept them.</summary>
public sealed class CatalogView : ManageView
{
    public const string Name = "scopes";
    public const string Apis = "apis";

    private const string CreateScope = "create_scope";
    private const string CreateApi = "create_api";

    public override string Route => Name;

    public override string Scope => ManageScopes.ScopesRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var scopes = visit.GetAsync<ApiList<JsonObject>>("list_scopes", cancellation);
        var apis = await visit.GetAsync<ApiList<JsonObject>>("list_resources", cancellation);
        var mayWrite = visit.May(ManageScopes.ScopesWrite);
        return ManageContent.Of(
            Phrase.Of($"Scopes and APIs"),
            new ManageRows([.. (await scopes).Items.Select(scope => RowOf(scope, Name, "name"))], Phrase.Of($"Scopes")) { Empty = Phrase.Of($"There are only those of OpenID Connect.") },
            mayWrite ? visit.Filled(new ManageForm(CreateScope, Phrase.Of($"Create"), [new("name", Phrase.Of($"What it is called")) { IsRequired = true }, .. CatalogFields.OfScope([])], Phrase.Of($"Create a scope")) { IsFolded = true }) : null,
            new ManageRows([.. apis.Items.Select(api => RowOf(api, Apis, "identifier"))], Phrase.Of($"APIs")) { Empty = Phrase.Of($"There is no API yet.") },
            mayWrite ? visit.Filled(new ManageForm(CreateApi, Phrase.Of($"Create"), [CatalogFields.Identifier, .. CatalogFields.OfApi([])], Phrase.Of($"Create an API")) { IsFolded = true }) : null);
    }

    private static ManageRow RowOf(JsonObject record, string section, string key) => new(ManageValue.Of(record[key]!.ToString()) with { Page = $"{section}/{record["key"]}" })
    {
        Facts =
        [
            .. record["display_name"] is { } name ? [Forms.Fact(Phrase.Of($"What it is called"), name.ToString())] : Array.Empty<ManageFact>(),
            .. record["scopes"] is JsonArray scopes ? [Forms.Fact(Phrase.Of($"Scopes"), ManageValue.Code(string.Join(' ', scopes.Select(scope => scope!.ToString()))))] : Array.Empty<ManageFact>(),
        ],
    };

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case CreateScope:
                var name = (form["name"] ?? "").Trim();
                await visit.CallAsync("put_scope", cancellation, Forms.New(CatalogFields.Scope(form)), isNew: true, values: [("scope", ResourceKey.Of(name))]);
                return new ManageResult(null, Phrase.Of($"{name} is created."));
            case CreateApi:
                var identifier = (form["identifier"] ?? "").Trim();
                await visit.CallAsync("put_resource", cancellation, Forms.New(CatalogFields.Api(form)), isNew: true, values: [("resource", ResourceKey.Of(identifier))]);
                return new ManageResult(null, Phrase.Of($"{identifier} is created."));
            default:
                return new ManageResult(null);
        }
    }
}

/// <summary>The fields of the forms of the catalog, and the members that are made from them.</summary>
internal static class CatalogFields
{
    public static ManageField Identifier { get; } = new("identifier", Phrase.Of($"Identifier")) { IsRequired = true, Hint = Phrase.Of($"An address such as https://api.example.com. Access tokens name it as their audience.") };

    public static IReadOnlyList<ManageField> OfScope(JsonObject scope) =>
    [
        new("display_name", Phrase.Of($"Text on the consent page")) { Value = scope["display_name"]?.ToString() },
        new("description", Phrase.Of($"Description")) { Value = scope["description"]?.ToString() },
        new("claims", Phrase.Of($"Claims in this scope"), ManageFieldKind.Lines) { Value = Forms.LinesOf(scope["claims"]) },
        new("required", Phrase.Of($"People cannot uncheck it on the consent page"), ManageFieldKind.Check) { Value = Forms.FlagOf(scope["required"] is not null) },
        new("advertised", Phrase.Of($"The public metadata lists it"), ManageFieldKind.Check) { Value = Forms.FlagOf(scope["advertised"] is not null) },
    ];

    public static IReadOnlyList<ManageField> OfApi(JsonObject api) =>
    [
        new("display_name", Phrase.Of($"What it is called")) { Value = api["display_name"]?.ToString() },
        new("scopes", Phrase.Of($"Scopes"), ManageFieldKind.Lines) { Value = Forms.LinesOf(api["scopes"]), Hint = Phrase.Of($"One per line. An app that asks for one of them gets a token for this API.") },
        new("introspected_by", Phrase.Of($"Apps that may introspect its tokens"), ManageFieldKind.Lines) { Value = Forms.LinesOf(api["introspected_by"]), Hint = Phrase.Of($"Client ids, one per line: usually the API itself.") },
    ];

    public static JsonObject Scope(Parameters form) => new()
    {
        ["display_name"] = form.Text("display_name"),
        ["description"] = form.Text("description"),
        ["claims"] = form.Lines("claims"),
        ["required"] = form.Flag("required"),
        ["advertised"] = form.Flag("advertised"),
    };

    public static JsonObject Api(Parameters form) => new()
    {
        ["display_name"] = form.Text("display_name"),
        ["scopes"] = form.Lines("scopes"),
        ["introspected_by"] = form.Lines("introspected_by"),
    };
}
