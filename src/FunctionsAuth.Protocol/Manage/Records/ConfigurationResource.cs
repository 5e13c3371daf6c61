using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Clients;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>Configuration as code: the import file, as a whole.</summary>
public sealed class ConfigurationResource(
    ConfigurationText text, ConfigurationPruner pruner, IScopeStore scopes, IClientStore clients, ScopeRegistry registry, ClientRegistry known, FeatureSet features, Importer importer, SecurityEvents events) : ManageResource
{
    private const string Path = "configuration";
    private const int Largest = 8 * 1024 * 1024;

    private static readonly QueryParameter Prune = new("prune", "true: what the file does not name is deleted, in those sections that it has.");

    public override string Tag => "configuration";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("export_configuration", HttpMethods.Get, Path, ManageScopes.ConfigurationRead, "Writes scopes, APIs, types of authorization details, groups and clients as an import file. Two exports of one configuration are equal byte by byte.", ExportAsync)
        {
            Result = typeof(JsonObject), Cost = 4,
        },
        new("plan_configuration", HttpMethods.Post, Path + "/plan", ManageScopes.ConfigurationRead, "Says what a file would change, and changes nothing.", PlanAsync)
        {
            Body = typeof(JsonObject), MostBytes = Largest, Result = typeof(ConfigurationPlan), Query = [Prune], Cost = 8,
        },
        new("apply_configuration", HttpMethods.Put, Path, ManageScopes.ConfigurationWrite, "Makes the configuration what a file says. If it stops in the middle, a second run mends all.", ApplyAsync)
        {
            Body = typeof(JsonObject), MostBytes = Largest, Result = typeof(ConfigurationResult), Query = [Prune], Precondition = Precondition.Match, Cost = 20,
        },
    ];

    private async Task<ApiAnswer> ExportAsync(ApiCall call, CancellationToken cancellation)
    {
        var current = await text.ReadAsync(cancellation);
        return ApiAnswer.Of(current, ConfigurationText.VersionOf(current));
    }

    private async Task<ApiAnswer> PlanAsync(ApiCall call, CancellationToken cancellation)
    {
        var (current, texts) = await text.ReadWithSecretsAsync(cancellation);
        return ApiAnswer.Of((await ReadAsync(call, current, texts, cancellation)).Plan);
    }

    private async Task<ApiAnswer> ApplyAsync(ApiCall call, CancellationToken cancellation)
    {
        var (current, texts) = await text.ReadWithSecretsAsync(cancellation);
        call.RequireMatch(ConfigurationText.VersionOf(current));
        var (file, plan) = await ReadAsync(call, current, texts, cancellation);
        await DemandAsync(call.Caller, file, plan, cancellation);
        await pruner.CheckAsync(plan, cancellation);
        try
        {
            await importer.ApplyAsync(file, cancellation);
        }
        catch (ImportException e)
        {
            throw Wrong(e);
        }
        await pruner.DeleteAsync(plan, cancellation);
        registry.Forget();
        foreach (var change in plan.Changes.Where(change => change.Section == "clients"))
            known.Forget(change.Name);
        if (plan.Changes.Count > 0)
            await events.ConfigurationChangedAsync($"configuration: {string.Join(", ", plan.Changes.Select(change => $"{change.Action} {change.Section} {change.Name}"))}");
        var result = await text.ReadAsync(cancellation);
        var tag = ConfigurationText.VersionOf(result);
        return ApiAnswer.Of(
            new ConfigurationResult(plan.Changes.Count(change => change.Action == "create"), plan.Changes.Count(change => change.Action == "change"), plan.Changes.Count(change => change.Action == "delete"), EntityTag.Of(tag)), tag);
    }

    private async Task<(ImportFile File, ConfigurationPlan Plan)> ReadAsync(ApiCall call, JsonObject current, IReadOnlyList<ClientSecret> texts, CancellationToken cancellation)
    {
        var prune = call.Query.GetValueOrDefault("prune", "false") switch
        {
            "true" => true,
            "false" => false,
            _ => throw ApiProblem.Invalid("The query is wrong", new ApiFault("prune", "must be true or false")),
        };
        var body = call.Json();
        if (body.TryGetProperty("users", out _))
            throw ApiProblem.Invalid("The file has people", new ApiFault("users", "are no configuration: import them by users/import"));
        try
        {
            var file = ImportFile.Parse(WithTexts(Encoding.UTF8.GetString(call.Body.Span), texts), await scopes.LoadAsync(cancellation), features);
            await importer.CheckAsync(file, cancellation);
            var sections = body.EnumerateObject().Select(member => member.Name).ToHashSet();
            return (file, ConfigurationPlan.Of(current, ConfigurationText.Write(file), sections, prune, EntityTag.Of(ConfigurationText.VersionOf(current))));
        }
        catch (ImportException e)
        {
            throw Wrong(e);
        }
    }

    /// <summary>A file has hashes of secrets. Where the server needs the text and has it, it is put there, on the same line.</summary>
    private static string WithTexts(string json, IReadOnlyList<ClientSecret> texts) => texts.Aggregate(
        json, (file, secret) => Regex.Replace(file, $"\"sha256\"\\s*:\\s*\"{Regex.Escape(secret.Sha256)}\"", $"\"client_secret\": {JsonSerializer.Serialize(secret.Text).Replace("$", "$$", StringComparison.Ordinal)}", RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>Whoever may change the configuration can't get more rights by a client in it.</summary>
    private async Task DemandAsync(Caller caller, ImportFile file, ConfigurationPlan plan, CancellationToken cancellation)
    {
        foreach (var change in plan.Changes.Where(change => change.Section == "clients"))
            ManagedClients.Demand(caller, await clients.FindAsync(change.Name, cancellation), file.Clients.FirstOrDefault(client => client.ClientId == change.Name));
    }

    private static ApiProblem Wrong(ImportException e) => ApiProblem.Invalid("The configuration can't be that", e.Problems.Select(problem => new ApiFault(problem.Path, $"{problem.Problem} (line {problem.Line})")));
}
