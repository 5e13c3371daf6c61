using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Plans;

/// <summary>Configuration as code: the import file, as a whole.</summary>
public sealed class ConfigurationResource(ConfigurationText text, ConfigurationWriter writer, FeatureSet features, Importer importer, ServerOptions options) : ManageResource
{
    private const string Path = "configuration";
    private const int Largest = 8 * 1024 * 1024;

    private static readonly QueryParameter Prune = new("prune", "true: in the sections that the file has, records that the file does not name are deleted.");

    public override string Tag => "configuration";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("export_configuration", HttpMethods.Get, Path, ManageScopes.ConfigurationRead, "Writes scopes, APIs, types of authorization details, groups and clients as an import file. Two exports of one configuration are equal byte by byte.", ExportAsync)
        {
            Result = typeof(JsonObject), Cost = 4,
        },
        new("plan_configuration", HttpMethods.Post, Path + "/plan", ManageScopes.ConfigurationRead, "Shows what a file would change, without changing anything.", PlanAsync)
        {
            Body = typeof(JsonObject), MostBytes = Largest, Result = typeof(ConfigurationPlan), Query = [Prune], Cost = 4,
        },
        new("apply_configuration", HttpMethods.Put, Path, ManageScopes.ConfigurationWrite, "Changes the configuration to the state in a file. If it stops in the middle, run it again to complete it.", ApplyAsync)
        {
            Body = typeof(JsonObject), MostBytes = Largest, Result = typeof(ConfigurationResult), Query = [Prune], Precondition = Precondition.Match, Cost = 20,
        },
    ];

    private async Task<ApiAnswer> ExportAsync(ApiCall call, CancellationToken cancellation)
    {
        var json = (await text.ReadAsync(cancellation)).Json;
        return ApiAnswer.Of(json, ConfigurationText.VersionOf(json));
    }

    private async Task<ApiAnswer> PlanAsync(ApiCall call, CancellationToken cancellation) =>
        ApiAnswer.Of((await ReadAsync(call, await text.ReadAsync(cancellation), cancellation)).Plan);

    private async Task<ApiAnswer> ApplyAsync(ApiCall call, CancellationToken cancellation)
    {
        var state = await text.ReadAsync(cancellation);
        call.RequireMatch(ConfigurationText.VersionOf(state.Json));
        var (file, plan) = await ReadAsync(call, state, cancellation);
        await writer.ApplyAsync(call.Caller, file, plan, state, cancellation);
        var tag = ConfigurationText.VersionOf((await text.ReadAsync(cancellation)).Json);
        return ApiAnswer.Of(new ConfigurationResult(CountOf("create"), CountOf("change"), CountOf("delete"), EntityTag.Of(tag)), tag);

        int CountOf(string action) => plan.Changes.Count(change => change.Action == action);
    }

    private async Task<(ImportFile File, ConfigurationPlan Plan)> ReadAsync(ApiCall call, ConfigurationState state, CancellationToken cancellation)
    {
        var prune = call.Query.GetValueOrDefault("prune", "false") switch
        {
            "true" => true,
            "false" => false,
            _ => throw ApiProblem.Invalid("The query is not valid", new ApiFault("prune", "must be true or false")),
        };
        var body = call.Json();
        if (body.TryGetProperty("users", out _))
            throw ApiProblem.Invalid("The file has users", new ApiFault("users", "are not part of the configuration: import them with users/import"));
        var sections = body.EnumerateObject().Select(member => member.Name).ToHashSet();
        try
        {
            // Records that are to be deleted cannot be referred to. The records of the file itself are known anyway.
            var file = ImportFile.Parse(Encoding.UTF8.GetString(call.Body.Span), LeftOf(state.Catalog, section => !(prune && sections.Contains(section))), features, SecretOf);
            await importer.CheckAsync(file, HasGroupAsync, HasClientAsync, cancellation);
            return (file, ConfigurationPlan.Of(state.Json, ConfigurationText.Write(file), sections, prune, EntityTag.Of(ConfigurationText.VersionOf(state.Json))));
        }
        catch (ImportException e)
        {
            throw ApiProblem.Invalid("The configuration is not valid", e.Problems.Select(problem => new ApiFault(problem.Path, $"{problem.Problem} (line {problem.Line})")));
        }

        // A file has hashes of secrets. If the server needs the text of a secret, it is in the stored client.
        string? SecretOf(string clientId, string hash) => state.FindClient(clientId)?.ClientSecrets.FirstOrDefault(secret => secret.Sha256 == hash)?.Text;

        Task<bool> HasGroupAsync(string name, CancellationToken _) =>
            Task.FromResult(options.Manage.Groups.Contains(name) || (!(prune && sections.Contains("groups")) && state.FindGroup(name) is not null));

        Task<bool> HasClientAsync(string id, CancellationToken _) => Task.FromResult(!(prune && sections.Contains("clients")) && state.FindClient(id) is not null);
    }

    private static Catalog LeftOf(Catalog catalog, Func<string, bool> stays) => new(
        stays("scopes") ? catalog.Scopes.Where(scope => !Catalog.IsBuiltIn(scope.Name)) : [],
        stays("resources") ? catalog.Resources : [],
        stays("authorization_details_types") ? catalog.DetailsTypes : []);
}
