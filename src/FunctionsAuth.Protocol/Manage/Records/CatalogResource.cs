using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>One kind of record in the catalog: its names, and how it is read, written and stored.</summary>
/// <param name="Kind">One of them, such as <c>scope</c>.</param>
/// <param name="Section">The section of an import file, and of the API's address.</param>
/// <param name="Key">The member with the name of the record.</param>
internal sealed record CatalogKind<T>(
    string Kind,
    string Section,
    string Key,
    Func<Catalog, IEnumerable<T>> All,
    Func<T, string> NameOf,
    Func<T, string> VersionOf,
    Func<T, string, T> WithVersion,
    Func<T, JsonObject> Write,
    Func<ImportFile, IReadOnlyList<T>> In,
    Func<T, CancellationToken, Task<WriteResult<T>>> TrySave,
    Func<T, CancellationToken, Task<WriteResult<T>>> TryDelete)
    where T : class;

/// <summary>Scopes, APIs and types of authorization details.</summary>
public sealed class CatalogResource(IScopeStore store, ScopeRegistry registry, RecordReader reader, SecurityEvents events) : ManageResource
{
    public override string Tag => "catalog";

    public override IReadOnlyList<Operation> Operations =>
    [
        .. OperationsOf(new CatalogKind<Scope>(
            "scope", "scopes", "name", catalog => catalog.Scopes.Where(scope => !Catalog.IsBuiltIn(scope.Name)), scope => scope.Name, scope => scope.Version,
            (scope, version) => scope with { Version = version }, RecordWriter.Write, file => file.Scopes, store.TrySaveAsync, store.TryDeleteAsync)),
        .. OperationsOf(new CatalogKind<Resource>(
            "resource", "resources", "identifier", catalog => catalog.Resources, resource => resource.Identifier, resource => resource.Version,
            (resource, version) => resource with { Version = version }, RecordWriter.Write, file => file.Resources, store.TrySaveAsync, store.TryDeleteAsync)),
        .. OperationsOf(new CatalogKind<AuthorizationDetailsType>(
            "authorization_details_type", "authorization_details_types", "type", catalog => catalog.DetailsTypes, type => type.Type, type => type.Version,
            (type, version) => type with { Version = version }, RecordWriter.Write, file => file.AuthorizationDetailsTypes, store.TrySaveAsync, store.TryDeleteAsync)),
    ];

    private IEnumerable<Operation> OperationsOf<T>(CatalogKind<T> kind)
        where T : class
    {
        var (one, words) = ($"{kind.Section}/{{{kind.Kind}}}", kind.Kind.Replace('_', ' '));
        yield return new($"list_{kind.Section}", HttpMethods.Get, kind.Section, ManageScopes.ScopesRead, $"Lists every {words}.", (_, stop) => ListAsync(kind, stop)) { Result = typeof(ApiList<T>), Cost = 1 };
        yield return new($"get_{kind.Kind}", HttpMethods.Get, one, ManageScopes.ScopesRead, $"Shows a {words}.", async (call, stop) => Show(kind, await FindAsync(kind, call, stop))) { Result = typeof(T), Cost = 1 };
        yield return new($"put_{kind.Kind}", HttpMethods.Put, one, ManageScopes.ScopesWrite, $"Creates a {words}, or replaces one.", (call, stop) => PutAsync(kind, call, stop))
        {
            Body = typeof(T),
            Result = typeof(T),
            Precondition = Precondition.MatchOrNew,
            Cost = 5,
        };
        yield return new($"patch_{kind.Kind}", HttpMethods.Patch, one, ManageScopes.ScopesWrite, $"Changes some members of a {words} by a JSON Merge Patch (RFC 7396).", (call, stop) => PatchAsync(kind, call, stop))
        {
            Body = typeof(T),
            Result = typeof(T),
            Precondition = Precondition.Match,
            Cost = 5,
        };
        yield return new($"delete_{kind.Kind}", HttpMethods.Delete, one, ManageScopes.ScopesWrite, $"Deletes a {words}. Clients that name it no longer get it.", (call, stop) => DeleteAsync(kind, call, stop))
        {
            Status = StatusCodes.Status204NoContent,
            Precondition = Precondition.Match,
            Cost = 4,
        };
    }

    private async Task<ApiAnswer> ListAsync<T>(CatalogKind<T> kind, CancellationToken cancellation)
        where T : class
    {
        var catalog = await store.LoadAsync(cancellation);
        return ApiAnswer.Of(new ApiList<JsonObject>([.. kind.All(catalog).OrderBy(kind.NameOf, StringComparer.Ordinal).Select(record => View(kind, record))], null));
    }

    private async Task<T?> LookAsync<T>(CatalogKind<T> kind, ApiCall call, CancellationToken cancellation)
        where T : class
    {
        var name = call.NameOf(kind.Kind);
        return kind.All(await store.LoadAsync(cancellation)).FirstOrDefault(record => kind.NameOf(record) == name);
    }

    private async Task<T> FindAsync<T>(CatalogKind<T> kind, ApiCall call, CancellationToken cancellation)
        where T : class => await LookAsync(kind, call, cancellation) ?? throw ApiProblem.NotFound(kind.Kind);

    private async Task<ApiAnswer> PutAsync<T>(CatalogKind<T> kind, ApiCall call, CancellationToken cancellation)
        where T : class
    {
        var stored = await LookAsync(kind, call, cancellation);
        if (stored is null)
            call.RequireNew();
        else
            call.RequireMatch(kind.VersionOf(stored));
        return await SaveAsync(kind, call, stored, JsonObject.Create(call.Json())!, cancellation);
    }

    private async Task<ApiAnswer> PatchAsync<T>(CatalogKind<T> kind, ApiCall call, CancellationToken cancellation)
        where T : class
    {
        var stored = await FindAsync(kind, call, cancellation);
        call.RequireMatch(kind.VersionOf(stored));
        return await SaveAsync(kind, call, stored, MergePatch.Apply(kind.Write(stored), JsonObject.Create(call.Json()))!.AsObject(), cancellation);
    }

    private async Task<ApiAnswer> SaveAsync<T>(CatalogKind<T> kind, ApiCall call, T? stored, JsonObject body, CancellationToken cancellation)
        where T : class
    {
        body.Remove("key");
        var file = await reader.ReadAsync(kind.Section, kind.Key, call.NameOf(kind.Kind), body, cancellation);
        var wanted = kind.WithVersion(kind.In(file)[0], stored is null ? "" : kind.VersionOf(stored));
        var write = await kind.TrySave(wanted, cancellation);
        if (!write.Won)
            throw stored is null ? ApiProblem.Exists() : ApiProblem.Stale();
        registry.Forget();
        await events.ConfigurationChangedAsync(RecordChange.Of(kind.Kind, kind.NameOf(wanted), stored, wanted));
        return stored is null
            ? ApiAnswer.Created(View(kind, write.Current!), $"{kind.Section}/{ResourceKey.Of(kind.NameOf(wanted))}", kind.VersionOf(write.Current!))
            : Show(kind, write.Current!);
    }

    private async Task<ApiAnswer> DeleteAsync<T>(CatalogKind<T> kind, ApiCall call, CancellationToken cancellation)
        where T : class
    {
        var stored = await FindAsync(kind, call, cancellation);
        call.RequireMatch(kind.VersionOf(stored));
        if (!(await kind.TryDelete(stored, cancellation)).Won)
            throw ApiProblem.Stale();
        registry.Forget();
        await events.ConfigurationChangedAsync(RecordChange.Of(kind.Kind, kind.NameOf(stored), stored, null));
        return ApiAnswer.Nothing;
    }

    private static ApiAnswer Show<T>(CatalogKind<T> kind, T record)
        where T : class => ApiAnswer.Of(View(kind, record), kind.VersionOf(record));

    /// <summary>As in an import file, and the name as it stands in paths.</summary>
    private static JsonObject View<T>(CatalogKind<T> kind, T record)
        where T : class
    {
        var view = new JsonObject { ["key"] = ResourceKey.Of(kind.NameOf(record)) };
        foreach (var (name, value) in kind.Write(record))
            view[name] = value?.DeepClone();
        return view;
    }
}
